/** The unit for systemd starts what npm start and the image start, as a log is to be read by programs. */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const textOf = (name: string) => readFile(new URL(`../../${name}`, import.meta.url), 'utf8')

test('npm start, the image and the unit give Node the same flags', async () => {
  const { scripts } = JSON.parse(await textOf('package.json'))
  const command = String(scripts.start).split(' -- ')[1]
  const unit = await textOf('ops/systemd/slipstream@.service')
  expect(/^ExecStart=\/srv\/slipstream\/node_modules\/\.bin\/node (.*)$/m.exec(unit)?.[1]).toBe(command)
  const image: string[] = JSON.parse(/^CMD (\[.*\])$/m.exec(await textOf('Dockerfile'))?.[1] ?? '[]')
  expect(image.join(' ')).toBe(`node ${command}`)
  expect(unit).toMatch(/^Environment=NODE_ENV=production$/m)
})

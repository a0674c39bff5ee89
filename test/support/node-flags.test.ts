import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { nodeFlags } from './node-flags.ts'

test('the image starts Node as npm start does', () => {
  const dockerfile = readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8')
  const command = /^CMD (\[.*\])$/m.exec(dockerfile)?.[1]
  expect(nodeFlags).not.toEqual([])
  expect(JSON.parse(command ?? '[]')).toEqual(['node', ...nodeFlags, 'src/main.ts'])
})

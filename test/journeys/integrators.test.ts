/** docs/integrators.md, done as it says, block by block, on a product of its own. */
import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { buildSchema, isEnumType } from 'graphql'
import { expect, test } from 'vitest'
import { freshDatabase, needsPostgres } from '../support/database.ts'
import { freePort } from '../support/free-port.ts'
import { startProduct, withSignIn } from '../support/product.ts'
import { follow } from './integrators/clean-shell.ts'
import { faultOf, readGuide } from './integrators/guide.ts'

const text = await readFile('docs/integrators.md', 'utf8')
const steps = readGuide(text)

test('whoever follows the guide for integrators sees what it says', async (context) => {
  const missing = ['bash', 'curl', 'python3'].filter((name) => spawnSync(name, ['--version']).status !== 0)
  if (missing.length > 0) context.skip(`needs ${missing.join(' and ')}`)
  // What the guide is about is the same there, and takes three times as long.
  needsPostgres(context)
  await using database = await freshDatabase()
  const env = { DATABASE_URL: database.url, ...withSignIn, WEBHOOKS_ALLOW_PRIVATE: 'on' }
  await using product = await startProduct({ env })
  const receiver = String(await freePort())
  const ran = await follow(steps, {
    env: { DATABASE_URL: database.url },
    edit: (script) => script.replaceAll('http://127.0.0.1:4000', product.url).replaceAll('8787', receiver),
  })
  const faults = ran.flatMap(({ step, printed, exitCode }) => {
    const fault =
      exitCode === 0
        ? faultOf(step, printed)
        : `It ended with ${exitCode ?? 'nothing'}, having printed:\n${printed}`
    return fault === undefined ? [] : [`Line ${step.line}: ${fault}`]
  })
  expect(faults).toEqual([])
  expect(ran).toHaveLength(steps.length)
}, 120_000)

test('what a block prints otherwise than the guide says is noticed', () => {
  const [json, text, silent] = readGuide(
    [
      '```sh\none\n```\nprints\n```json\n{ "id": "a…", "items": [1, "…"], "rest": "…" }\n```',
      '```sh\ntwo\n```\n\n```text\nid …, 1.5 km\n…\nend\n```',
      '```sh\nthree\n```',
    ].join('\n\n'),
  )
  if (json === undefined || text === undefined || silent === undefined) throw new Error('Three steps')
  expect(faultOf(json, '{"rest":{},"items":[1,2],"id":"ab"}')).toBeUndefined()
  for (const other of ['', '{"id":"b","items":[1],"rest":0}', '{"id":"a","items":[],"rest":0}']) {
    expect(faultOf(json, other)).toContain('Expected')
  }
  expect(faultOf(json, '{"id":"a","items":[1],"rest":0,"more":0}')).toContain('Expected')
  expect(faultOf(json, '{"id":"a","items":[1],"rest":null}')).toContain('Expected')
  expect(faultOf(text, 'id 7, 1.5 km\nmore\nend')).toBeUndefined()
  for (const other of ['id 7, 1x5 km\nend', 'id 7, 1.5 km', 'id 7, 1.5 km\nend\nmore']) {
    expect(faultOf(text, other)).toContain('Expected')
  }
  expect(faultOf(silent, '')).toBeUndefined()
  expect(faultOf(silent, 'oh')).toContain('nothing')
  expect(() => readGuide('```ts\nlet x\n```\n')).toThrow('Line 2')
})

test('the guide says of each code of an error what to do', async () => {
  const codes = buildSchema(await readFile('schema.graphql', 'utf8')).getType('ErrorCode')
  if (!isEnumType(codes)) throw new Error('The schema has no ErrorCode')
  const [, table = ''] = /^## \d+\. Errors$(.*?)^## /ms.exec(text) ?? []
  const told = [...table.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code)
  // The last one is of files alone.
  expect(told.toSorted()).toEqual(
    [...codes.getValues().map(({ name }) => name), 'TOO_SLOW', 'RIDE_AT_SAME_TIME'].toSorted(),
  )
})

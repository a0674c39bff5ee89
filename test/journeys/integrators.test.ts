/** docs/integrators.md, done as it says, block by block, on a product of its own. */
import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { buildSchema, isEnumType, parse, validate } from 'graphql'
import { beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from '../support/database.ts'
import { freePort, startProduct, withSignIn } from '../support/product.ts'
import { follow, type Ran } from './integrators/clean-shell.ts'
import { faultOf, readGuide } from './integrators/guide.ts'

const text = await readFile('docs/integrators.md', 'utf8')
const guide = readGuide(text)
const schema = buildSchema(await readFile('schema.graphql', 'utf8'))

const missing = ['bash', 'curl', 'python3'].filter((name) => spawnSync(name, ['--version']).status !== 0)

describe.skipIf(missing.length > 0)('whoever follows the guide for integrators', () => {
  let ran: readonly Ran[] = []

  beforeAll(async () => {
    await using database = await freshDatabase()
    const env = { DATABASE_URL: database.url, ...withSignIn, WEBHOOKS_ALLOW_PRIVATE: 'on' }
    await using product = await startProduct({ env })
    const receiver = String(await freePort())
    const edit = (script: string) =>
      script.replaceAll('http://127.0.0.1:4000', product.url).replaceAll('8787', receiver)
    ran = await follow(guide.steps, { env: { DATABASE_URL: database.url }, edit })
  }, 120_000)

  test.each(guide.steps.map(({ line }, index) => ({ line, index })))(
    'sees what it says at line $line',
    ({ index }) => {
      const { step, printed, exitCode } = ran[index] ?? {}
      if (step === undefined || printed === undefined) throw new Error('Nothing was run')
      expect(exitCode, `how this ended, having printed:\n${printed}`).toBe(0)
      expect(faultOf(step, printed)).toBeUndefined()
    },
  )
})

test("the guide's documents fit the schema", () => {
  const faults = guide.documents.flatMap((document) =>
    validate(schema, parse(document)).map(({ message }) => message),
  )
  expect(faults).toEqual([])
})

test('the guide says of each code of an error what to do', () => {
  const codes = schema.getType('ErrorCode')
  if (!isEnumType(codes)) throw new Error('The schema has no ErrorCode')
  const [, table = ''] = /^## \d+\. Errors$(.*?)^## /ms.exec(text) ?? []
  const told = [...table.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code)
  // The last one is of files alone.
  expect(told.toSorted()).toEqual([...codes.getValues().map(({ name }) => name), 'TOO_SLOW'].toSorted())
})

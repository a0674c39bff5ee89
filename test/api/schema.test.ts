import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { buildSchema, isEnumType } from 'graphql'
import { expect, test } from 'vitest'

test('schema.graphql is what the server serves; `npm run schema` prints it', async () => {
  const kept = await readFile('schema.graphql', 'utf8')
  const { stdout } = await promisify(execFile)(process.execPath, ['src/cli/schema.ts'])
  expect(stdout).toBe(kept)
})

test('the schema says of everything that can be asked, and of each value of an enumeration, what it is', async () => {
  const schema = buildSchema(await readFile('schema.graphql', 'utf8'))
  const enums = Object.values(schema.getTypeMap()).filter(isEnumType)
  const described = [
    ...[schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((root) =>
      Object.values(root?.getFields() ?? {}),
    ),
    ...enums.filter(({ name }) => !name.startsWith('__')).flatMap((each) => each.getValues()),
  ]
  expect(described.length).toBeGreaterThan(50)
  expect(described.filter(({ description }) => !description).map(({ name }) => name)).toEqual([])
})

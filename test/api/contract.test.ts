/**
 * What clients rely on stays: of the last release all that it had, and of the public contract all that it promises. At a release
 * its `schema.graphql` is kept as docs/releases/schema-VERSION.graphql, and what breaks a client waits for the date that a
 * deprecation told.
 */
import { readdir, readFile } from 'node:fs/promises'
import { buildSchema, findBreakingChanges, type GraphQLSchema, isEnumType } from 'graphql'
import { expect, test } from 'vitest'

const releases = 'docs/releases'

async function read(path: string): Promise<GraphQLSchema> {
  return buildSchema(await readFile(path, 'utf8'))
}

async function lastRelease(): Promise<string> {
  const versions = (await readdir(releases))
    .map((name) => /^schema-(\d+)\.(\d+)\.(\d+)\.graphql$/.exec(name))
    .filter((found) => found !== null)
    .map(([name, ...numbers]) => ({ name, numbers: numbers.map(Number) }))
    .sort((one, other) => {
      const [index] = [0, 1, 2].filter((each) => one.numbers[each] !== other.numbers[each])
      return index === undefined ? 0 : (one.numbers[index] ?? 0) - (other.numbers[index] ?? 0)
    })
  const last = versions.at(-1)
  if (last === undefined) throw new Error(`There is no schema of a release in ${releases}`)
  return `${releases}/${last.name}`
}

function brokenBetween(before: GraphQLSchema, after: GraphQLSchema): string[] {
  return findBreakingChanges(before, after).map(({ description }) => description)
}

test('nothing that the last release had is taken away or changed', async () => {
  expect(brokenBetween(await read(await lastRelease()), await read('schema.graphql'))).toEqual([])
})

test('all that the public contract promises is there', async () => {
  expect(brokenBetween(await read('test/api/contract.graphql'), await read('schema.graphql'))).toEqual([])
})

test('what would break a client is found', () => {
  const before = buildSchema('type Query { ride(id: ID!): String! rides: String }')
  const after = buildSchema('type Query { ride(id: ID!, at: Int!): String }')
  expect(brokenBetween(before, after)).toHaveLength(3)
})

test('every deprecation says until when what it is of stays, as a date', async () => {
  expect(undated(await read('schema.graphql'))).toEqual([])
  const deprecated = 'type Query { one: Int @deprecated(reason: "Gone soon.") two(a: Int @deprecated): Int }'
  expect(undated(buildSchema(deprecated))).toEqual(['Query.one', 'Query.two(a)'])
  const dated = 'type Query { one: Int @deprecated(reason: "Ask for `two`. Stays until 2027-06-30.") }'
  expect(undated(buildSchema(dated))).toEqual([])
})

/** The coordinates of what is deprecated without a date. */
function undated(schema: GraphQLSchema): string[] {
  return deprecationsOf(schema)
    .filter(({ reason }) => !/\b\d{4}-\d{2}-\d{2}\b/.test(reason))
    .map(({ coordinate }) => coordinate)
}

interface Deprecation {
  readonly coordinate: string
  readonly reason: string
}

function deprecationsOf(schema: GraphQLSchema): Deprecation[] {
  const found: Deprecation[] = []
  const look = (coordinate: string, reason: string | null | undefined) => {
    if (reason != null) found.push({ coordinate, reason })
  }
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue
    if (isEnumType(type)) {
      for (const { name, deprecationReason } of type.getValues())
        look(`${type.name}.${name}`, deprecationReason)
    }
    if (!('getFields' in type)) continue
    for (const field of Object.values(type.getFields())) {
      look(`${type.name}.${field.name}`, field.deprecationReason)
      if (!('args' in field)) continue
      for (const { name, deprecationReason } of field.args) {
        look(`${type.name}.${field.name}(${name})`, deprecationReason)
      }
    }
  }
  return found
}

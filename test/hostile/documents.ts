/** GraphQL documents that are none, or just so: valid ones of this schema, made at random and then spoilt. */
import {
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
  isUnionType,
} from 'graphql'
import type { Random } from '#recordings/simulate/simulate-random.ts'

/** Documents without end, each from the seed alone. */
export function* malformedDocuments(schema: GraphQLSchema, random: Random): Generator<string, never> {
  while (true) {
    let text = validDocument(schema, random)
    const times = Math.floor(random() * 4)
    for (let time = 0; time <= times; time++) text = pick(spoilers, random)(text, random)
    yield text
  }
}

export function validDocument(schema: GraphQLSchema, random: Random): string {
  const [operation, root] = pick(
    [
      ['query', schema.getQueryType()],
      ['mutation', schema.getMutationType()],
      ['subscription', schema.getSubscriptionType()],
    ] as const,
    random,
  )
  if (root == null) return '{ __typename }'
  return `${operation} ${selectionOf(root, 4, random)}`
}

function selectionOf(type: GraphQLOutputType, depth: number, random: Random): string {
  const named = getNamedType(type)
  if (isUnionType(named)) {
    const member = pick(named.getTypes(), random)
    return `{ __typename ... on ${member.name} ${selectionOf(member, depth, random)} }`
  }
  if (!isObjectType(named)) return ''
  const fields = Object.values(named.getFields()).filter(
    (field) => depth > 1 || !isObjectType(getNamedType(field.type)),
  )
  const some = Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(fields, random))
  const parts = some.map((field) => {
    if (field === undefined) return '__typename'
    const given = field.args
      .filter(() => random() < 0.7)
      .map((argument) => `${argument.name}: ${literalOf(argument.type, random)}`)
    const alias = random() < 0.3 ? `${pick(names, random)}: ` : ''
    const directive = random() < 0.1 ? ` @include(if: ${random() < 0.5})` : ''
    const args = given.length === 0 ? '' : `(${given.join(' ')})`
    return `${alias}${field.name}${args}${directive} ${selectionOf(field.type, depth - 1, random)}`
  })
  return `{ ${parts.join(' ')} }`
}

function literalOf(type: GraphQLInputType, random: Random): string {
  const nullable = getNullableType(type)
  if (isListType(nullable)) return `[${literalOf(nullable.ofType, random)}]`
  if (isEnumType(nullable)) return pick(nullable.getValues(), random).name
  if (isInputObjectType(nullable)) {
    const given = Object.values(nullable.getFields()).filter(() => random() < 0.6)
    return `{ ${given.map((field) => `${field.name}: ${literalOf(field.type, random)}`).join(' ')} }`
  }
  return pick(literals, random)
}

const names = ['a', 'constructor', '__proto__', 'toString', '__typename', 'id', 'é']
const literals = [
  '1',
  '-0',
  '1e999',
  '99999999999',
  '"x"',
  '""',
  '"\\u0000"',
  '"\\uD800"',
  '"""\n"""',
  'null',
  'true',
  'A',
  '$v',
  '[]',
  '{}',
  '"6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506"',
  '"2026-05-31T08:00:00Z"',
  '0.5',
]
const tokens = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ':',
  '!',
  '=',
  '|',
  '&',
  '@',
  '$',
  '...',
  '"',
  '"""',
  '#',
  ',',
  '\\',
  '\u0000',
  '\ufeff',
  '\ud800',
  '\u202e',
  '💥',
  'on',
  'fragment F on Ride { ...F }',
  'query',
  'subscription',
  '@skip(if: true)',
  '@defer',
  '@stream',
  '{__schema{types{name}}}',
  '0x1',
  '1.',
  '.5',
  '\r',
  'null',
  '$__proto__',
  'extend type Query { a: Int }',
  'scalar A',
]

const spoilers: readonly ((text: string, random: Random) => string)[] = [
  (text) => text,
  (text, random) => text.slice(0, at(text, random)),
  (text, random) => text.slice(at(text, random)),
  insert,
  insert,
  (text, random) => {
    const from = at(text, random)
    return text.slice(0, from) + text.slice(from + 1 + Math.floor(random() * 6))
  },
  (text, random) => {
    const [from, to] = [at(text, random), at(text, random)].sort((a, b) => a - b) as [number, number]
    return text.slice(0, to) + text.slice(from, to).repeat(1 + Math.floor(random() * 5)) + text.slice(to)
  },
  (text, random) => text.replace(/[a-zA-Z_]+/g, (word) => (random() < 0.1 ? pick(names, random) : word)),
  (text, random) => `${text} ${text.slice(at(text, random))}`,
]

function insert(text: string, random: Random): string {
  const here = at(text, random)
  return `${text.slice(0, here)}${pick(tokens, random)}${text.slice(here)}`
}

const at = (text: string, random: Random) => Math.floor(random() * (text.length + 1))

function pick<T>(all: readonly T[], random: Random): T {
  return all[Math.floor(random() * all.length)]!
}

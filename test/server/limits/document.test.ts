import { readFile } from 'node:fs/promises'
import {
  type DocumentNode,
  GraphQLError,
  getIntrospectionQuery,
  getOperationAST,
  parse,
  print,
  separateOperations,
  validate,
} from 'graphql'
import { describe, expect, test } from 'vitest'
import { costOf } from '#api/cost.ts'
import { schema } from '#api/schema.ts'
import { examplesOf } from '#server/graphiql/examples.ts'
import { parseBounded } from '#server/limits/bounded-documents.ts'
import { documentLimits, tooMuchIn } from '#server/limits/document.ts'
import { usualLimits } from '#server/limits/settings.ts'
import * as live from '../../../web/live/documents.ts'
import * as ride from '../../../web/ride/documents.ts'
import * as rides from '../../../web/rides/documents.ts'
import * as account from '../../../web/settings/keys/documents.ts'

const repeated = (times: number, text: (index: number) => string) =>
  Array.from({ length: times }, (_, index) => text(index)).join(' ')

const { aliases, depth, directives, rootFields } = documentLimits

describe('a document is judged by', () => {
  const cases: Record<string, readonly [good: string, bad: string]> = {
    aliases: [
      `{ viewer { ${repeated(aliases, (index) => `a${index}: id`)} } }`,
      `{ viewer { ${repeated(aliases + 1, (index) => `a${index}: id`)} } }`,
    ],
    directives: [
      `{ viewer { ${repeated(directives, () => 'id @skip(if: false)')} } }`,
      `{ viewer { ${repeated(directives + 1, () => 'id @skip(if: false)')} } }`,
    ],
    'fields within fields': [
      `{ ${'a { '.repeat(depth - 1)} id ${'}'.repeat(depth - 1)} }`,
      `{ ${'a { '.repeat(depth)} id ${'}'.repeat(depth)} }`,
    ],
    'fields of query': [
      `{ ${repeated(rootFields, () => 'viewer { id }')} }`,
      `{ ${repeated(rootFields + 1, () => 'viewer { id }')} }`,
    ],
    'fields of mutation': [
      `mutation { ${repeated(rootFields, () => 'a')} }`,
      `mutation { ...A ...A ...A } fragment A on Mutation { ${repeated(rootFields / 2, () => 'a')} }`,
    ],
  }

  test.each(Object.entries(cases))('its %s', (what, [good, bad]) => {
    expect(tooMuchIn(parse(good))).toBeUndefined()
    expect(tooMuchIn(parse(bad))).toContain(what)
  })

  test('its depth through fragments', () => {
    const half = 'a { '.repeat(depth / 2)
    const close = '}'.repeat(depth / 2)
    const document = `{ ${half} ...Deep ${close} } fragment Deep on A { ${half} id ${close} }`
    expect(tooMuchIn(parse(document))).toContain('fields within fields')
  })

  test('a document that is not valid comes to an end too', () => {
    const round =
      'query { a { ...A ...Missing } } fragment A on A { b { ...B } } fragment B on B { c { ...A } }'
    expect(tooMuchIn(parse(round))).toBeUndefined()
    const bomb = repeated(
      90,
      (level) => `fragment F${level} on Query { ...F${level + 1} b ...F${level + 1} }`,
    )
    expect(tooMuchIn(parse(`{ ...F0 } ${bomb}`))).toContain('fields of query')
  })
})

describe('a document is read no further than', () => {
  const refusalOf = (source: string): GraphQLError => {
    try {
      parseBounded(source)
    } catch (error) {
      if (error instanceof GraphQLError) return error
      throw error
    }
    throw new Error('It was taken')
  }

  test('so many characters', () => {
    const most = documentLimits.characters
    const { message, extensions } = refusalOf(`{ id } #${'x'.repeat(most)}`)
    expect(message).toContain(`at most ${most}`)
    expect(extensions['code']).toBe('TOO_COMPLEX')
    expect(parseBounded(`{ id } #${'x'.repeat(most - 8)}`).definitions).toHaveLength(1)
  })

  test('so many tokens', () => {
    const { message, extensions } = refusalOf(`{ ${'a '.repeat(documentLimits.tokens)} }`)
    expect(message).toContain('over 2000 tokens')
    expect(extensions['code']).toBe('TOO_COMPLEX')
  })

  test.each(['[', '{ a: ', 'x('])('the stack reaches: %s', (bracket) => {
    const tokens = bracket.split(' ').length
    const nested = bracket.repeat(Math.floor((documentLimits.tokens - 10) / tokens))
    expect(refusalOf(`{ a(b: ${nested}`).extensions['code'] ?? 'a syntax error').toMatch(
      /TOO_COMPLEX|a syntax error/,
    )
  })

  test('what is wrong with it', () => {
    expect(refusalOf('{ ride(').message).toContain('Syntax Error')
  })
})

const readme = await readFile('README.md', 'utf8')

describe('what clients of ours ask for passes', () => {
  const common = readme.matchAll(/"query": "([^"]+)"/g)
  const written: [string, DocumentNode][] = [...common].map(([, source = '']) => [source, parse(source)])
  const shown: [string, DocumentNode][] = [account, live, ride, rides].flatMap((file) =>
    Object.values(file).map((document): [string, DocumentNode] => [print(document), document]),
  )
  const examples = examplesOf({ now: Date.now, newId: () => 'an id' }).flatMap((document) =>
    Object.entries(separateOperations(parse(document))).map(([name, operation]): [string, DocumentNode] => [
      `GraphiQL's ${name}`,
      operation,
    ]),
  )
  const introspection = getIntrospectionQuery({
    ...{ descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true },
    ...{ schemaDescription: true, inputValueDeprecation: true, oneOf: true },
  })
  const documents = [...written, ...shown, ['introspection', parse(introspection)], ...examples] satisfies [
    string,
    DocumentNode,
  ][]

  test('there are some', () => {
    expect([written.length, shown.length].every((length) => length > 3)).toBe(true)
  })

  test.each(documents)('%s', (_, document) => {
    expect(tooMuchIn(parseBounded(print(document)))).toBeUndefined()
    const operation = getOperationAST(document)
    if (operation == null) return
    expect(validate(schema, document)).toEqual([])
    const cost = costOf(schema, document, operation)
    const most = typeof cost === 'number' ? cost : cost({ first: 100 })
    expect(most).toBeLessThan(usualLimits.cost / 2)
  })
})

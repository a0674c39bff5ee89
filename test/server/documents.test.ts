import { createHash } from 'node:crypto'
import { GraphQLError } from 'graphql'
import { expect, test } from 'vitest'
import { openDocuments } from '#server/documents.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const naming = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } })
const text = '{ viewer { name } }'
const notFound = { message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }

test('a request that names no hash has its own text, whatever else it extends', () => {
  const documents = openDocuments()
  expect(documents.textOf({ query: text })).toBe(text)
  expect(documents.textOf({ query: text, extensions: { trace: true } })).toBe(text)
  expect(documents.textOf({ query: text, extensions: { persistedQuery: null } })).toBe(text)
  expect(documents.textOf({ query: 12 })).toBe(12)
  expect(documents.textOf({ query: undefined })).toBeUndefined()
})

test('a hash is not found until it came with its text, and then is', () => {
  const documents = openDocuments()
  const extensions = naming(sha256(text))
  expect(documents.textOf({ extensions })).toMatchObject(notFound)
  expect(documents.textOf({ query: text, extensions })).toBe(text)
  for (const query of [undefined, null, '']) expect(documents.textOf({ query, extensions })).toBe(text)
  expect(documents.textOf({ query: text, extensions })).toBe(text)
})

test('a text is not kept under the hash of another', () => {
  const documents = openDocuments()
  const extensions = naming(sha256('{ rides { totalCount } }'))
  expect(documents.textOf({ query: text, extensions })).toMatchObject({
    message: expect.stringContaining('is not the SHA-256'),
    extensions: { code: 'INVALID_INPUT' },
  })
  expect(documents.textOf({ extensions })).toMatchObject(notFound)
})

test.each([
  ['no object', 'abc'],
  ['no version', { sha256Hash: sha256(text) }],
  ['another version', { version: 2, sha256Hash: sha256(text) }],
  ['no hash', { version: 1 }],
  ['no SHA-256', { version: 1, sha256Hash: 'abc' }],
])('what names a document in another way is refused: %s', (_, persistedQuery) => {
  expect(openDocuments().textOf({ query: text, extensions: { persistedQuery } })).toMatchObject({
    message: expect.stringContaining('`extensions.persistedQuery` is'),
    extensions: { code: 'INVALID_INPUT' },
  })
})

test('what strangers send is bounded, and what is in use stays', () => {
  const documents = openDocuments()
  const keep = (query: string) => documents.textOf({ query, extensions: naming(sha256(query)) })
  const isKept = (query: string) =>
    !(documents.textOf({ extensions: naming(sha256(query)) }) instanceof GraphQLError)
  const big = (seed: number) => `${seed}${' '.repeat(30_000)}`
  keep(text)
  for (let seed = 0; seed < 1_000; seed++) {
    keep(big(seed))
    expect(isKept(text)).toBe(true)
  }
  const bytes = Array.from({ length: 1_000 }, (_, seed) => big(seed)).filter(isKept).length * 60_000
  expect(bytes).toBeGreaterThan(4 * 1024 * 1024)
  expect(bytes).toBeLessThan(8 * 1024 * 1024)
  const huge = ' '.repeat(40_000)
  expect(keep(huge)).toBe(huge)
  expect(isKept(huge)).toBe(false)
})

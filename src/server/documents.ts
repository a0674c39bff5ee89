/**
 * Documents that clients name by their hash instead of sending their text again. It is the protocol of Apollo's "automatic
 * persisted queries", so that the clients that speak it work as they are: of a hash that is not known here they send the text
 * too, and it is kept.
 */
import { createHash } from 'node:crypto'
import { GraphQLError } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { ErrorCode } from '#api/enums.ts'

export interface Documents {
  /**
   * The text of the document that a request asks for: its own `query`, or where that is left out (or is empty, as the
   * WebSocket protocol wants it) the one that `extensions.persistedQuery` names. An error where it is to be refused, made for
   * the client. What is no text is given back as it came, for whoever judges the rest of the request.
   */
  textOf<Query>(params: Asked<Query>): Query | string | GraphQLError
}

export interface Asked<Query> {
  readonly query?: Query
  readonly extensions?: unknown
}

/** A client has some tens; what does not fit is sent with its text each time, and does no harm. */
const mostDocuments = 1_000
/** Two a character at most. */
const mostBytes = 8 * 1024 * 1024
const mostBytesOfOne = 64 * 1024

export function openDocuments(): Documents {
  const texts = new LRUCache<string, string>({
    max: mostDocuments,
    maxSize: mostBytes,
    maxEntrySize: mostBytesOfOne,
    sizeCalculation: (text, hash) => 2 * (text.length + hash.length),
  })

  function named(hash: string): string | GraphQLError {
    // This sentence and code are what clients look for.
    return texts.get(hash) ?? refusal('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND', 404)
  }

  function kept(hash: string, text: string): string | GraphQLError {
    if (texts.get(hash) === text) return text
    if (createHash('sha256').update(text).digest('hex') !== hash) {
      return refusal(
        '`extensions.persistedQuery.sha256Hash` is not the SHA-256 of `query`. Send the hash of this very text, in lower-case hexadecimal digits, or none.',
        'INVALID_INPUT' satisfies ErrorCode,
        400,
      )
    }
    texts.set(hash, text)
    return text
  }

  return {
    textOf({ query, extensions }) {
      const persisted = isObject(extensions) ? extensions['persistedQuery'] : undefined
      if (persisted == null) return query as typeof query & {}
      const hash = hashOf(persisted)
      if (hash === undefined) {
        return refusal(
          '`extensions.persistedQuery` is {"version": 1, "sha256Hash": "…"} with the SHA-256 of the document in lower-case hexadecimal digits. Send it so, or leave it out.',
          'INVALID_INPUT' satisfies ErrorCode,
          400,
        )
      }
      if (query == null || query === '') return named(hash)
      return typeof query === 'string' ? kept(hash, query) : query
    },
  }
}

function hashOf(persisted: unknown): string | undefined {
  if (!isObject(persisted) || persisted['version'] !== 1) return undefined
  const hash = persisted['sha256Hash']
  return typeof hash === 'string' && /^[\da-f]{64}$/.test(hash) ? hash : undefined
}

/**
 * `http` says which status the answer has over HTTP, and does not reach the client: with `spec`, the status is 200 for who
 * takes application/json alone (GraphQL over HTTP, 6.4.1).
 */
function refusal(message: string, code: string, status: number): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status, spec: true } } })
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

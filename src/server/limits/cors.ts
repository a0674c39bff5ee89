/**
 * Which pages of other sites may ask, and read the answer (the Fetch standard's CORS protocol). Those that are listed may bring
 * credentials; where all may (`*`), none does.
 */
import type { IncomingMessage } from 'node:http'

export interface Cors {
  /** Of the answer to a request from this origin. */
  headersFor(origin: string | undefined): Readonly<Record<string, string>>
  /** Of the answer to a browser that asks first whether it may; undefined: this request is something else. */
  preflight(request: IncomingMessage): Readonly<Record<string, string>> | undefined
  /** Whether pages of this origin may act in the name of whoever looks at them. */
  isListed(origin: string): boolean
  /** Whether all may ask, without credentials. */
  readonly isOpen: boolean
}

const exposed = [
  'etag',
  'location',
  'content-disposition',
  'retry-after',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'ratelimit-policy',
].join(', ')

const asking = {
  'access-control-allow-methods': 'GET, HEAD, POST',
  'access-control-allow-headers':
    'accept, authorization, content-type, if-none-match, ride-share, traceparent',
  // Chromium takes two hours at most; a list that changes is to be seen sooner.
  'access-control-max-age': '600',
} as const

/** Answers differ by who asks, and caches have to know. */
const differing = { vary: 'origin' } as const

export function openCors(origins: readonly string[]): Cors {
  const listed = new Set(origins.filter((origin) => origin !== '*'))
  const isOpen = origins.includes('*')
  const isAsked = origins.length > 0

  function headersFor(origin: string | undefined): Readonly<Record<string, string>> {
    if (!isAsked) return nothing
    if (origin !== undefined && listed.has(origin)) {
      return {
        ...differing,
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': exposed,
      }
    }
    if (!isOpen) return differing
    return { ...differing, 'access-control-allow-origin': '*', 'access-control-expose-headers': exposed }
  }

  return {
    headersFor,
    preflight({ method, headers }) {
      const { origin, 'access-control-request-method': intended } = headers
      if (method !== 'OPTIONS' || origin === undefined || intended === undefined) return undefined
      const granted = headersFor(origin)
      return 'access-control-allow-origin' in granted ? { ...granted, ...asking } : granted
    },
    isListed: (origin) => listed.has(origin),
    isOpen,
  }
}

/** Where nobody is told anything. */
export const nothing: Readonly<Record<string, string>> = {}

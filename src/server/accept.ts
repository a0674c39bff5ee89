/** In which form an answer that is one piece may be sent. */
import { LRUCache } from 'lru-cache'

export type RegularType = 'application/json' | 'application/graphql-response+json'

/** Where both are taken the last is sent: it is what old clients know, and they take anything. */
const regularTypes: readonly RegularType[] = ['application/graphql-response+json', 'application/json']

const mostHeaders = 100
const longestHeader = 1_000
const seen = new LRUCache<string, { readonly type: RegularType | undefined }>({ max: mostHeaders })

/**
 * By the header Accept, as yoga reads it: what stands first is preferred, weights (`q=`) are passed over. Undefined where none
 * of them is asked for, or the header is none of those that clients send.
 */
export function regularTypeFor(header: string | undefined): RegularType | undefined {
  if (header === undefined || header === '' || header === '*/*') return 'application/json'
  if (header.length > longestHeader) return undefined
  let found = seen.get(header)
  if (found === undefined) {
    found = { type: read(header) }
    seen.set(header, found)
  }
  return found.type
}

function read(header: string): RegularType | undefined {
  for (const range of header.replaceAll(/\s/g, '').toLowerCase().split(',')) {
    const [type, ...parameters] = range.split(';')
    const charset = parameters.find((parameter) => parameter.includes('charset='))
    if (charset !== undefined && charset !== 'charset=utf-8') continue
    const matching = regularTypes.findLast((regular) => matches(regular, type ?? ''))
    if (matching !== undefined) return matching
  }
  return undefined
}

function matches(type: string, range: string): boolean {
  const [main, sub] = type.split('/')
  const [askedMain, askedSub] = range.split('/')
  return (askedMain === '*' || askedMain === main) && (askedSub === '*' || askedSub === sub)
}

/** What the addresses of the log's pages say beside their paths. What cannot be read is left out, never an error. */
export interface EventTypeSearch {
  /** Events of this type alone. */
  type?: string
}

export interface StreamSearch {
  search?: string
}

export interface VersionSearch {
  /** The event that is looked at. */
  version?: number
}

export function readEventType(raw: Record<string, unknown>): EventTypeSearch {
  const type = textIn(raw['type'])
  return type === undefined ? {} : { type }
}

export function readStreamSearch(raw: Record<string, unknown>): StreamSearch {
  const search = textIn(raw['search'])
  return search === undefined ? {} : { search }
}

export function readVersion(raw: Record<string, unknown>): VersionSearch {
  const version = Number(raw['version'])
  return Number.isInteger(version) && version > 0 && version < 2 ** 31 ? { version } : {}
}

/** The router reads a search of digits alone as a number. */
function textIn(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && text !== '' && text.length <= 100 ? text : undefined
}

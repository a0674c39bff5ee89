/** What the address of `/` says beside where the map looks: what is looked for, and which ride is chosen. What cannot be read is left out. */
import type { Search } from '../app/search.ts'
import { type Order, orders, type StatusFilter, statusFilters, type Wanted } from './live-filter.ts'

export interface LiveSearch {
  /** The id of the ride that is chosen. */
  ride?: string
  /** What is searched for. */
  q?: string
  status?: StatusFilter
  sort?: Order
  /** The chosen ride is kept in view; left out: all are. */
  keep?: 'ride'
}

export function validateLiveSearch(raw: Record<string, unknown>): LiveSearch {
  const ride = typeof raw['ride'] === 'string' && uuid.test(raw['ride']) ? raw['ride'].toLowerCase() : null
  // `?q=2026` is read as a number on its way here.
  const q = textOf(raw['q']).slice(0, longestSearch)
  const status = statusFilters.find((name) => name === raw['status'])
  const sort = orders.find((name) => name === raw['sort'] && name !== 'newest')
  return {
    ...(ride === null ? {} : { ride }),
    ...(q === '' ? {} : { q }),
    ...(status === undefined ? {} : { status }),
    ...(sort === undefined ? {} : { sort }),
    ...(raw['keep'] === 'ride' && ride !== null ? { keep: 'ride' } : {}),
  }
}

export function wantedOf({ q, status, sort }: LiveSearch): Wanted {
  return { text: q ?? '', status: status ?? null, order: sort ?? 'newest' }
}

/** All that the address says of this page. */
export type LiveView = LiveSearch & Search

/** The map shows again what the page is about. */
export function unmoved({ map: _, follow: __, ...rest }: LiveView): LiveView {
  return rest
}

/** The chosen ride is kept in view, wherever somebody had moved the map. */
export function keeping(view: LiveView): LiveView {
  return { ...unmoved(view), keep: 'ride' }
}

/** All rides are. */
export function keepingAll(view: LiveView): LiveView {
  const { keep: _, ...rest } = unmoved(view)
  return rest
}

/** No ride is chosen. */
export function withoutChoice({ ride: _, keep: __, ...rest }: LiveView): LiveView {
  return rest
}

/** All rides in progress are listed. */
export function withoutFilter({ q: _, status: __, ...rest }: LiveView): LiveView {
  return rest
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
export const longestSearch = 80

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

/**
 * The rides that have been loaded so far, newest first: pages by cursor, single rides refreshed as they change.
 *
 * Pure: what was asked and what came back is decided by rides-model.ts. A ride is replaced only by a version that
 * is not older, so answers may come in any order.
 */
import type { RideSummary } from './documents.ts'

export interface RideList {
  rides: readonly RideSummary[]
  /** Where the next page begins; null before the first page. */
  endCursor: string | null
  hasMore: boolean
  total: { count: number; isExact: boolean } | null
}

export interface RidePage {
  edges: { node: RideSummary }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
  totalCount: number
  totalCountIsExact: boolean
}

export const emptyRideList: RideList = { rides: [], endCursor: null, hasMore: false, total: null }

/** Takes the page behind `endCursor`. */
export function addPage(list: RideList, page: RidePage): RideList {
  return {
    rides: merge(list.rides, nodes(page)),
    endCursor: page.pageInfo.endCursor ?? list.endCursor,
    hasMore: page.pageInfo.hasNextPage,
    total: { count: page.totalCount, isExact: page.totalCountIsExact },
  }
}

/**
 * Takes the first pages again, one behind the other, after which further pages continue where they did.
 *
 * What they ought to hold and do not any more was deleted or is hidden now, and goes. A finished ride is what they say of it,
 * whatever was known: to others it may have become less.
 */
export function refresh(list: RideList, pages: readonly RidePage[]): RideList {
  const last = pages.at(-1)
  if (last === undefined) return list
  const fresh = pages.flatMap(nodes)
  const oldest = fresh.at(-1)
  const byId = new Map(fresh.map((ride) => [ride.id, ride]))
  const isBeyond = (ride: RideSummary) =>
    last.pageInfo.hasNextPage && oldest !== undefined && newestFirst(oldest, ride) < 0
  const kept = list.rides.flatMap((ride) => {
    const now = byId.get(ride.id)
    if (now === undefined) return isBeyond(ride) ? [ride] : []
    return now.status === 'FINISHED' && ride.status === 'FINISHED' ? [now] : [ride]
  })
  const whole = { ...last, edges: fresh.map((node) => ({ node })) }
  if (kept.length <= fresh.length) return addPage({ ...list, rides: kept }, whole)
  return { ...addPage({ ...list, rides: kept }, whole), endCursor: list.endCursor, hasMore: list.hasMore }
}

export function putRide(list: RideList, ride: RideSummary): RideList {
  return { ...list, rides: merge(list.rides, [ride]) }
}

export function dropRide(list: RideList, rideId: string): RideList {
  return { ...list, rides: list.rides.filter(({ id }) => id !== rideId) }
}

function nodes(page: RidePage): RideSummary[] {
  return page.edges.map(({ node }) => node)
}

function merge(known: readonly RideSummary[], news: readonly RideSummary[]): RideSummary[] {
  const byId = new Map(known.map((ride) => [ride.id, ride]))
  for (const ride of news) {
    const before = byId.get(ride.id)
    if (before === undefined || before.version <= ride.version) byId.set(ride.id, ride)
  }
  return [...byId.values()].sort(newestFirst)
}

function newestFirst(a: RideSummary, b: RideSummary): number {
  return Date.parse(b.startedAt) - Date.parse(a.startedAt) || b.id.localeCompare(a.id)
}

/**
 * Which rides the list and the map show, in which order, and how many there are of each status.
 *
 * Pure. The order is by what does not change while a ride is ridden, so that no row moves because its rider did.
 */
import type { RideSummary } from '../rides/documents.ts'
import { finder, foldText } from './fold-text.ts'
import type { LiveBoard, LiveEntry } from './live-board.ts'
import type { LiveStatus } from './staleness.ts'

export const statusFilters = ['active', 'paused', 'stale', 'ended'] as const
export type StatusFilter = (typeof statusFilters)[number]
export const orders = ['newest', 'rider', 'title'] as const
export type Order = (typeof orders)[number]

export interface Wanted {
  /** Words of a title or of a rider's name; empty: all. */
  text: string
  /** Null: whatever is in progress. */
  status: StatusFilter | null
  order: Order
}

export type Counts = Readonly<Record<StatusFilter | 'all', number>>

/** Of those that the search finds; `all` are in progress, the active, paused and stale ones together. The ended ones are not among them. */
export function countByStatus(board: LiveBoard, ended: readonly RideSummary[], text: string): Counts {
  const counts: Record<LiveStatus | 'ended' | 'all', number> = {
    all: 0,
    active: 0,
    paused: 0,
    stale: 0,
    ended: 0,
  }
  const isFound = finder(text)
  for (const entry of board.values()) {
    if (!isFound(entry.folded)) continue
    counts.all += 1
    counts[entry.status] += 1
  }
  counts.ended = findEnded(ended, text).length
  return counts
}

export function listLive(board: LiveBoard, { text, status, order }: Wanted): LiveEntry[] {
  if (status === 'ended') return []
  const isFound = finder(text)
  const found = [...board.values()].filter(
    (entry) => (status === null || entry.status === status) && isFound(entry.folded),
  )
  return found.sort(by[order])
}

export function findEnded(ended: readonly RideSummary[], text: string): RideSummary[] {
  const isFound = finder(text)
  return ended.filter(({ title, rider }) => isFound(foldText(`${title} ${rider.name}`)))
}

/** In the order of the list. */
export function listEnded(ended: readonly RideSummary[], { text, order }: Wanted): RideSummary[] {
  const newest = (a: RideSummary, b: RideSummary) => Date.parse(b.startedAt) - Date.parse(a.startedAt)
  const orders: Record<Order, (a: RideSummary, b: RideSummary) => number> = {
    newest,
    rider: (a, b) => compare(a.rider.name, b.rider.name) || newest(a, b),
    title: (a, b) => compare(a.title, b.title) || newest(a, b),
  }
  return findEnded(ended, text).sort(orders[order])
}

const compare = new Intl.Collator('en', { sensitivity: 'base', numeric: true }).compare

function newest(a: LiveEntry, b: LiveEntry): number {
  return b.startedMs - a.startedMs || (a.ride.rideId < b.ride.rideId ? -1 : 1)
}

/** Of two that are alike in it, the one that began later is first. */
const by: Record<Order, (a: LiveEntry, b: LiveEntry) => number> = {
  newest,
  rider: (a, b) => compare(a.ride.rider.name, b.ride.rider.name) || newest(a, b),
  title: (a, b) => compare(a.ride.title, b.ride.title) || newest(a, b),
}

/** The newest rides and those that ended while the page was open. Pure; a ride is replaced only by a version that is not older. */
import type { RideSummary } from '../rides/documents.ts'
import type { LiveBoard } from './live-board.ts'

export interface Latest {
  status: 'loading' | 'ready' | 'failed'
  /** By their start. */
  newest: readonly RideSummary[]
  /** What was last heard to have ended is first. */
  ended: readonly RideSummary[]
}

export const emptyLatest: Latest = { status: 'loading', newest: [], ended: [] }

/** An open page does not grow for ever. */
export const mostEnded = 100
export const mostShown = 8

/**
 * What was read just now; it says of those that ended what they have become since, and those that it does not have are let go of:
 * they may not be shown any more.
 */
export function putNewest(latest: Latest, newest: readonly RideSummary[]): Latest {
  const read = new Map(newest.map((ride) => [ride.id, ride]))
  const known = latest.ended.filter(({ id }) => read.has(id))
  return {
    status: 'ready',
    newest: newest.map((ride) => newer(ride, find(latest.newest, ride.id))),
    ended: known.map((ride) => newer(read.get(ride.id) ?? ride, ride)),
  }
}

/** A ride that was asked for because it left the board; it may have come back since. */
export function putEnded(latest: Latest, ride: RideSummary): Latest {
  const newest = latest.newest.map((known) => (known.id === ride.id ? newer(ride, known) : known))
  if (!isOver(ride)) return { ...latest, newest }
  const known = find(latest.ended, ride.id)
  const ended =
    known === undefined
      ? [ride, ...latest.ended].slice(0, mostEnded)
      : latest.ended.map((other) => (other === known ? newer(ride, known) : other))
  return { ...latest, newest, ended }
}

/** Deleted, or no longer the viewer's to see. */
export function dropLatest(latest: Latest, rideId: string): Latest {
  const others = (rides: readonly RideSummary[]) => rides.filter(({ id }) => id !== rideId)
  return { ...latest, newest: others(latest.newest), ended: others(latest.ended) }
}

/** A handful: the newest that are over, by their start, as rides of long ago may be written just now. */
export function shownLatest({ newest, ended }: Latest, board: LiveBoard): RideSummary[] {
  const shown = new Map(ended.map((ride) => [ride.id, ride]))
  for (const ride of newest) if (!shown.has(ride.id)) shown.set(ride.id, ride)
  return [...shown.values()]
    .filter((ride) => isOver(ride) && !board.has(ride.id))
    .sort((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt))
    .slice(0, mostShown)
}

export function findOver({ newest, ended }: Latest, rideId: string): RideSummary | undefined {
  const ride = find(ended, rideId) ?? find(newest, rideId)
  return ride !== undefined && isOver(ride) ? ride : undefined
}

function isOver({ status }: RideSummary): boolean {
  return status === 'ENDED' || status === 'FINISHED'
}

function find(rides: readonly RideSummary[], rideId: string): RideSummary | undefined {
  return rides.find(({ id }) => id === rideId)
}

/** To others a finished ride may have become less: then what was read last is so, whatever its version. */
function newer(ride: RideSummary, known: RideSummary | undefined): RideSummary {
  if (known === undefined || ride.version >= known.version) return ride
  return ride.status === 'FINISHED' && known.status === 'FINISHED' ? ride : known
}

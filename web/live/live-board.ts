/**
 * The rides in progress, as `liveRides` tells them: a snapshot that replaces all, then what changed and what left.
 *
 * Pure. The newest version of a ride wins, so that an answer that comes late changes nothing.
 */
import type { LiveRide, LiveRidesChange } from './documents.ts'

export type LiveBoard = ReadonlyMap<string, LiveRide>

/** @returns the board after `change`, and the ids of rides that are no longer on it. */
export function applyLiveRides(
  board: LiveBoard,
  change: LiveRidesChange,
): { board: LiveBoard; left: string[] } {
  const next = new Map(change.snapshot ? [] : board)
  for (const ride of change.rides) {
    const known = board.get(ride.rideId)
    next.set(ride.rideId, known !== undefined && known.version > ride.version ? known : ride)
  }
  for (const rideId of change.removed) next.delete(rideId)
  const left = [...board.keys()].filter((rideId) => !next.has(rideId))
  return { board: next, left }
}

/** Newest start first; of two that started together the order is that of their ids, so that rows never swap. */
export function byStart(board: LiveBoard): LiveRide[] {
  return [...board.values()].sort(
    (a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt) || a.rideId.localeCompare(b.rideId),
  )
}

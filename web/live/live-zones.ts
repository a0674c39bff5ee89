/**
 * The time zones of rides in progress, so that a row says when a ride began by the same clock as the ride's page. The live board
 * does not tell them; the list does, of the rides that it has.
 *
 * Pure: rides-model.ts asks.
 */
import type { RideSummary } from '../rides/documents.ts'
import type { LiveRide } from './documents.ts'
import type { LiveBoard } from './live-board.ts'

/** One question a ride: of a board with more than these the others are shown by the viewer's clock. */
const mostOnBoard = 30

/** Rides that have a place, and so a zone, which the list does not know yet. */
export function withoutZone(board: LiveBoard, rides: readonly RideSummary[]): LiveRide[] {
  if (board.size > mostOnBoard) return []
  const known = zonesOf(rides)
  return [...board.values()].filter(
    ({ rideId, position }) => position !== null && (known.get(rideId) ?? null) === null,
  )
}

/** By ride. */
export function zonesOf(rides: readonly RideSummary[]): ReadonlyMap<string, string | null> {
  return new Map(rides.map(({ id, timeZone }) => [id, timeZone]))
}

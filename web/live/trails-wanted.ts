/**
 * Of which rides the whole trail is shown: of all while they are few, else of the chosen one. Each costs a feed from the ride's
 * start and a line on the map. Pure.
 */
import type { LiveBoard } from './live-board.ts'

/** Lines of more rides than these hide each other. */
const mostWithTrails = 20
/** A ride more or less than that is not to make all trails come and go. */
const leeway = 5

/** @param areAllShown whether those of all were shown until now. */
export function areAllTrailsWanted(rideCount: number, areAllShown: boolean): boolean {
  return rideCount <= (areAllShown ? mostWithTrails + leeway : mostWithTrails)
}

export function trailsWanted(board: LiveBoard, chosen: string | null, areAll: boolean): ReadonlySet<string> {
  if (areAll) return new Set(board.keys())
  return new Set(chosen !== null && board.has(chosen) ? [chosen] : [])
}

const mostPointsAtAll = 60_000
/** A trail of more is none that is drawn quickly. */
export const mostPointsOfOne = 12_000

/** What each of them may have: all together are drawn anew whenever one has grown. */
export function mostPointsEach(trailCount: number): number {
  return Math.min(mostPointsOfOne, Math.floor(mostPointsAtAll / Math.max(1, trailCount)))
}

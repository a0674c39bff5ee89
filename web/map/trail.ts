/**
 * The line behind a rider who is being watched. The map library draws what is settled; the newest stretch, up to
 * where the marker has glided, is returned as a tail for the overlay, so that the line never runs ahead of the
 * marker and the library does not tile thousands of points again with every frame.
 */
import type { Engine } from './engine.ts'
import type { Place } from './glide.ts'

/** The library is given the line again at most this often. */
const settleEveryMs = 500

export interface Trail {
  /** Shows these lines; they may grow in place afterwards. */
  set(rideId: string | null, lines: readonly (readonly Place[])[]): void
  /**
   * The stretch that the overlay draws for this ride, empty where the ride has no trail.
   *
   * @param pending how many of the last line's points the marker has not reached.
   */
  tail(rideId: string, place: Place, pending: number, nowMs: number): readonly Place[]
  pointCount(): number
}

export function createTrail(engine: Pick<Engine, 'setLine'>): Trail {
  let shownId: string | null = null
  let lines: readonly (readonly Place[])[] = []
  let settledLines = 0
  let settledPoints = 0
  let settledMs = Number.NEGATIVE_INFINITY

  function settle(pending: number, nowMs: number): void {
    const last = lines.at(-1) ?? []
    settledLines = lines.length
    settledPoints = Math.max(0, last.length - pending)
    settledMs = nowMs
    engine.setLine('trail', [...lines.slice(0, -1), last.slice(0, settledPoints)])
  }

  return {
    set(rideId, next) {
      if (rideId === null && shownId === null) return
      if (rideId !== shownId) settledMs = Number.NEGATIVE_INFINITY
      shownId = rideId
      lines = next
      if (rideId === null) settle(0, Number.NEGATIVE_INFINITY)
    },
    tail(rideId, place, pending, nowMs) {
      if (rideId !== shownId) return []
      const last = lines.at(-1) ?? []
      const reached = Math.max(0, last.length - pending)
      const isBehind = lines.length !== settledLines || reached > settledPoints
      if (isBehind && nowMs - settledMs >= settleEveryMs) settle(pending, nowMs)
      // A pause just ended: the settled line is the one before, and this one is still all tail.
      const from = lines.length === settledLines ? Math.max(0, settledPoints - 1) : 0
      return [...last.slice(from, reached), place]
    },
    pointCount: () => lines.reduce((sum, line) => sum + line.length, 0),
  }
}

/**
 * The lines behind riders who are being watched. The map library draws what is settled; the newest stretch, up to
 * where the marker has glided, is returned as a tail for the overlay, so that a line never runs ahead of its
 * marker and the library does not tile thousands of points again with every frame.
 */
import type { DrawnLine, Engine } from './engine.ts'
import type { Place } from './glide.ts'

/** The library is given the lines again at most this often, and less often the more there are. */
const settleEveryMs = 500
const settlePointsPerMs = 20

type Lines = readonly (readonly Place[])[]

export interface Trails {
  /** Shows these lines, by ride; they may grow in place afterwards. */
  set(lines: ReadonlyMap<string, Lines>): void
  rideIds(): Iterable<string>
  /**
   * The stretch that the overlay draws for this ride, empty where the ride has no trail.
   *
   * @param pending how many of the last line's points the marker has not reached.
   */
  tail(rideId: string, place: Place, pending: number): readonly Place[]
  /** Once a frame, when every marker has moved. */
  settle(nowMs: number): void
  pointCount(): number
}

interface Trail {
  lines: Lines
  /** How many points of the last line its marker has reached; null: it has no marker, and all is shown. */
  reached: number | null
  settled: End
  /** The library draws what it was given some frames later: until it is given more the tail begins where it began before. */
  tailFrom: End
}

/** So many lines, and so many points of the last of them. */
interface End {
  lines: number
  points: number
}

export function createTrails(engine: Pick<Engine, 'setLines'>): Trails {
  let trails = new Map<string, Trail>()
  let settledMs = Number.NEGATIVE_INFINITY
  let isChanged = false

  function settleAll(nowMs: number): void {
    settledMs = nowMs
    isChanged = false
    const drawn: DrawnLine[] = []
    for (const trail of trails.values()) {
      const end = endOf(trail)
      trail.tailFrom = trail.settled
      trail.settled = end
      trail.lines.forEach((places, index) => {
        const isLast = index === end.lines - 1
        drawn.push({ places: isLast ? places.slice(0, end.points) : places })
      })
    }
    engine.setLines('trail', drawn)
  }

  return {
    set(next) {
      const before = trails
      trails = new Map()
      for (const [rideId, lines] of next) {
        const known = before.get(rideId)
        isChanged ||= known === undefined
        const none: End = { lines: 0, points: 0 }
        trails.set(
          rideId,
          known ? { ...known, lines } : { lines, reached: null, settled: none, tailFrom: none },
        )
      }
      const isFewer = [...before.keys()].some((rideId) => !trails.has(rideId))
      // What is hidden goes at once, and what comes is not waited for.
      if (isFewer) settleAll(settledMs)
      else if (isChanged) settledMs = Number.NEGATIVE_INFINITY
    },
    rideIds: () => trails.keys(),
    tail(rideId, place, pending) {
      const trail = trails.get(rideId)
      if (trail === undefined) return []
      const last = trail.lines.at(-1) ?? []
      trail.reached = Math.max(0, last.length - pending)
      // A pause just ended: what is settled is the line before, and this one is still all tail.
      const from = trail.tailFrom.lines === trail.lines.length ? Math.max(0, trail.tailFrom.points - 1) : 0
      return [...last.slice(from, trail.reached), place]
    },
    settle(nowMs) {
      const waitMs = Math.max(settleEveryMs, pointCount() / settlePointsPerMs)
      if (nowMs - settledMs < waitMs) return
      if (isChanged || [...trails.values()].some(isBehind)) settleAll(nowMs)
    },
    pointCount,
  }

  function pointCount(): number {
    let count = 0
    for (const { lines } of trails.values()) for (const line of lines) count += line.length
    return count
  }
}

function endOf({ lines, reached }: Trail): End {
  return { lines: lines.length, points: reached ?? lines.at(-1)?.length ?? 0 }
}

function isBehind(trail: Trail): boolean {
  const end = endOf(trail)
  return end.lines !== trail.settled.lines || end.points !== trail.settled.points
}

/** Splits: the ride cut at every kilometre, or mile. */
import type { Milestone } from './along.ts'
import type { Track } from './segment.ts'
import { averageSpeedOf } from './statistics.ts'

export const splitMetres = { KILOMETRE: 1000, MILE: 1609.344 } as const
export type DistanceUnit = keyof typeof splitMetres

export interface Split {
  /** 0 for the first. */
  readonly index: number
  /** Metres: a whole unit, but for the last. */
  readonly distance: number
  /** Seconds from boundary to boundary, pauses included: all splits together are the ride from start to end. */
  readonly elapsedTime: number
  /** Seconds in motion. */
  readonly movingTime: number
  /** Metres per second in motion. */
  readonly averageSpeed: number
  /** Metres from boundary to boundary; null where no altitude was measured. */
  readonly elevationChange: number | null
}

/** No ride has more; what a receiver makes of years without a place may. */
const mostSplits = 10_000

/** Where a split begins or ends. */
interface Boundary {
  readonly distance: number
  readonly at: number
  readonly movingMs: number
  readonly movingDistance: number
  readonly altitude: number | null
}

/**
 * Boundaries between two samples are found by interpolation along the leg. Together they are the track; none where it has no
 * length, or more than any ride has.
 */
export function splitsOf(track: Track, milestones: readonly Milestone[], unit: DistanceUnit): Split[] {
  const boundaries = boundariesOf(track, milestones, splitMetres[unit])
  return boundaries.slice(1).map((end, index) => splitBetween(boundaries[index]!, end, index))
}

function boundariesOf(track: Track, milestones: readonly Milestone[], length: number): Boundary[] {
  const last = milestones.at(-1)
  if (last === undefined || last.distance === 0 || last.distance > mostSplits * length) return []
  const reached = withAltitudes(milestones)
  const boundaries: Boundary[] = [
    { ...reached[0]!, at: track.startedAt, distance: 0, movingMs: 0, movingDistance: 0 },
  ]
  for (const [index, milestone] of reached.entries()) {
    while (boundaries.length * length <= milestone.distance) {
      boundaries.push(interpolated(reached[index - 1] ?? milestone, milestone, boundaries.length * length))
    }
  }
  const end = { ...reached.at(-1)!, at: track.endedAt }
  // What was stood still behind the last whole unit belongs to it.
  if (boundaries.at(-1)!.distance === end.distance) boundaries.pop()
  boundaries.push(end)
  return boundaries
}

/** Each sample as a boundary; without an altitude it has the last one before it, the first ones the first there is. */
function withAltitudes(milestones: readonly Milestone[]): Boundary[] {
  let altitude = milestones.find(({ sample }) => sample.altitude !== undefined)?.sample.altitude ?? null
  return milestones.map(({ sample, distance, movingMs, movingDistance }) => {
    altitude = sample.altitude ?? altitude
    return { distance, movingMs, movingDistance, at: sample.at, altitude }
  })
}

function interpolated(from: Boundary, to: Boundary, distance: number): Boundary {
  const share = to.distance === from.distance ? 1 : (distance - from.distance) / (to.distance - from.distance)
  const part = (a: number, b: number): number => a + share * (b - a)
  return {
    distance,
    at: part(from.at, to.at),
    movingMs: part(from.movingMs, to.movingMs),
    movingDistance: part(from.movingDistance, to.movingDistance),
    altitude: from.altitude === null || to.altitude === null ? to.altitude : part(from.altitude, to.altitude),
  }
}

function splitBetween(begin: Boundary, end: Boundary, index: number): Split {
  const movingMs = end.movingMs - begin.movingMs
  return {
    index,
    distance: end.distance - begin.distance,
    elapsedTime: (end.at - begin.at) / 1000,
    movingTime: movingMs / 1000,
    averageSpeed: averageSpeedOf(end.movingDistance - begin.movingDistance, movingMs),
    elevationChange: begin.altitude === null || end.altitude === null ? null : end.altitude - begin.altitude,
  }
}

/** How far, and for how long in motion, the rider had come at each sample of a track. */

import type { Position } from '#ride/position.ts'
import type { Place } from './geodesy.ts'
import { distanceBetween } from './geodesy.ts'
import type { Fix, Segment, Track } from './segment.ts'

/** Slower than this, in metres per second, is standing still. */
export const movingSpeed = 0.5
/** Between two fixes further apart than this nobody knows whether the rider moved. */
export const movingGapMs = 120_000

/** One sample of a track, all stretches in a row. */
export interface Milestone {
  readonly sample: Position
  /** Of the track: 0 for the first. */
  readonly segment: number
  /** Metres ridden until then, geodesics of WGS 84 from fix to fix; interpolated in time where the sample has no fix. */
  readonly distance: number
  /** Milliseconds in motion until then, and the metres that were ridden in them. */
  readonly movingMs: number
  readonly movingDistance: number
  /** Metres per second since the fix before in the same stretch; null where this is the first, or no fix. */
  readonly speed: number | null
}

export function along(track: Track): Milestone[] {
  const milestones: Milestone[] = []
  let travelled: Travelled = { distance: 0, movingMs: 0, movingDistance: 0 }
  for (const [index, segment] of track.segments.entries()) {
    travelled = alongSegment(segment, index, travelled, milestones)
  }
  return milestones
}

interface Leg {
  readonly distance: number
  readonly movingMs: number
  /** Metres per second. */
  readonly speed: number
}

/** What two fixes in a row add; across a pause, or a leap of the receiver, there is no leg. */
export function legBetween(from: Place & { readonly at: number }, to: Place & { readonly at: number }): Leg {
  const distance = distanceBetween(from, to)
  const elapsedMs = to.at - from.at
  const speed = (distance * 1000) / elapsedMs
  return { distance, speed, movingMs: speed >= movingSpeed && elapsedMs <= movingGapMs ? elapsedMs : 0 }
}

type Travelled = Pick<Milestone, 'distance' | 'movingMs' | 'movingDistance'>

function plus(travelled: Travelled, leg: Leg, share: number): Travelled {
  return {
    distance: travelled.distance + share * leg.distance,
    movingMs: travelled.movingMs + share * leg.movingMs,
    movingDistance: travelled.movingDistance + (leg.movingMs > 0 ? share * leg.distance : 0),
  }
}

function alongSegment(
  { samples, fixes }: Segment,
  segment: number,
  before: Travelled,
  into: Milestone[],
): Travelled {
  let travelled = before
  let next = 0
  for (const sample of samples) {
    const fix = fixes[next]
    const last = fixes[next - 1]
    if (sample !== fix) {
      into.push({ sample, segment, ...between(travelled, last, fix, sample.at), speed: null })
      continue
    }
    const leg = last && legBetween(last, fix)
    if (leg !== undefined) travelled = plus(travelled, leg, 1)
    into.push({ sample, segment, ...travelled, speed: leg?.speed ?? null })
    next++
  }
  return travelled
}

/** A sample without a fix on the leg between two. */
function between(travelled: Travelled, last: Fix | undefined, next: Fix | undefined, at: number): Travelled {
  if (last === undefined || next === undefined) return travelled
  return plus(travelled, legBetween(last, next), (at - last.at) / (next.at - last.at))
}

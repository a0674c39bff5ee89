/** A track summed up. Metres, seconds, metres per second; null where nothing was measured. */

import type { Position } from '#ride/position.ts'
import { along, type Milestone } from './along.ts'
import { type Climb, climbOf } from './climb.ts'
import type { Track } from './segment.ts'
import { topSpeed } from './top-speed.ts'

export interface TrackStatistics extends Climb {
  /** Of the geodesics from fix to fix, stretch by stretch: nothing is added across a pause. */
  readonly distance: number
  /** From start to end. */
  readonly elapsedTime: number
  /** Without pauses. */
  readonly timerTime: number
  /** Without pauses and stops. */
  readonly movingTime: number
  /** While in motion: where nobody knows whether the rider moved, neither the time nor the way counts. */
  readonly averageSpeed: number
  readonly maxSpeed: number
  readonly averageHeartRate: number | null
  readonly maxHeartRate: number | null
  /** While pedalling, as bicycle computers have it. */
  readonly averageCadence: number | null
  /** Coasting included. */
  readonly averagePower: number | null
}

export function statisticsOf(track: Track, milestones: readonly Milestone[] = along(track)): TrackStatistics {
  const end = milestones.at(-1)
  const averageSpeed = averageSpeedOf(end?.movingDistance ?? 0, end?.movingMs ?? 0)
  const timerMs = track.segments.reduce((sum, { from, to }) => sum + to - from, 0)
  return {
    distance: end?.distance ?? 0,
    elapsedTime: (track.endedAt - track.startedAt) / 1000,
    timerTime: timerMs / 1000,
    movingTime: (end?.movingMs ?? 0) / 1000,
    averageSpeed,
    // Of some few legs the middle one may be slower than all together.
    maxSpeed: Math.max(topSpeed(track), averageSpeed),
    ...climbOf(track),
    // No heart rate is 0: the strap has lost contact.
    averageHeartRate: average(track, ({ heartRate }) => heartRate || undefined),
    maxHeartRate: highest(milestones, ({ heartRate }) => heartRate || undefined),
    averageCadence: average(track, ({ cadence }) => cadence || undefined),
    averagePower: average(track, ({ power }) => power),
  }
}

/** Metres per second; 0 where nothing moved. */
export function averageSpeedOf(movingDistance: number, movingMs: number): number {
  return movingMs > 0 ? (movingDistance * 1000) / movingMs : 0
}

/** A sample stands for the time since the one before it, up to this: behind a gap nobody knows what the sensor would have said. */
const longestMs = 10_000

/**
 * The average over time, for devices that sample when something changes: each value weighs as long as it stood, the first of a
 * stretch a second.
 */
function average(track: Track, read: (sample: Position) => number | undefined): number | null {
  let sum = 0
  let weight = 0
  for (const { samples } of track.segments) {
    let before: number | undefined
    for (const sample of samples) {
      const value = read(sample)
      const sinceMs = before === undefined ? 1_000 : Math.min(longestMs, sample.at - before)
      before = sample.at
      if (value === undefined) continue
      sum += value * sinceMs
      weight += sinceMs
    }
  }
  return weight === 0 ? null : sum / weight
}

function highest(
  milestones: readonly Milestone[],
  read: (sample: Position) => number | undefined,
): number | null {
  let most: number | null = null
  for (const { sample } of milestones) {
    const value = read(sample)
    if (value !== undefined && (most === null || value > most)) most = value
  }
  return most
}

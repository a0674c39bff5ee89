/** A track summed up. Metres, seconds, metres per second; null where nothing was measured. */
import { distanceBetween } from './geodesy.ts'
import type { Position } from './position.ts'
import { movingGapMs, movingSpeed, possibleSpeed } from './progress.ts'
import type { Track } from './segment.ts'

export interface TrackStatistics {
  /** From start to end. */
  readonly elapsedTime: number
  /** Without pauses. */
  readonly timerTime: number
  /** Without pauses and stops. */
  readonly movingTime: number
  readonly maxSpeed: number
  readonly elevationGain: number | null
  readonly elevationLoss: number | null
  readonly averageHeartRate: number | null
  readonly maxHeartRate: number | null
  readonly averageCadence: number | null
  readonly averagePower: number | null
}

/** The distance is not among them: PostGIS measures it, on the geodesic. */
export function statisticsOf(track: Track): TrackStatistics {
  let timerMs = 0
  let movingMs = 0
  let maxSpeed = 0
  for (const { from, to, fixes } of track.segments) {
    timerMs += to - from
    for (let index = 1; index < fixes.length; index++) {
      const before = fixes[index - 1]!
      const fix = fixes[index]!
      const elapsedMs = fix.at - before.at
      const speed = (distanceBetween(before, fix) * 1000) / elapsedMs
      if (speed >= movingSpeed && elapsedMs <= movingGapMs) movingMs += elapsedMs
      const shown = fix.speed ?? speed
      if (shown <= possibleSpeed && shown > maxSpeed) maxSpeed = shown
    }
  }
  const samples = track.segments.flatMap((segment) => segment.samples)
  const heartRates = measured(samples, 'heartRate')
  return {
    elapsedTime: (track.endedAt - track.startedAt) / 1000,
    timerTime: timerMs / 1000,
    movingTime: movingMs / 1000,
    maxSpeed,
    ...climbOf(track),
    averageHeartRate: mean(heartRates),
    maxHeartRate: heartRates.length === 0 ? null : heartRates.reduce((a, b) => Math.max(a, b)),
    averageCadence: mean(measured(samples, 'cadence')),
    averagePower: mean(measured(samples, 'power')),
  }
}

/** A rise or fall counts once it is this many metres, so that a trembling barometer climbs no mountains. */
const climbHysteresis = 2

function climbOf(track: Track): { elevationGain: number | null; elevationLoss: number | null } {
  let gain = 0
  let loss = 0
  let level: number | undefined
  for (const { fixes } of track.segments) {
    for (const { altitude } of fixes) {
      if (altitude === undefined) continue
      level ??= altitude
      const change = altitude - level
      if (Math.abs(change) < climbHysteresis) continue
      if (change > 0) gain += change
      else loss -= change
      level = altitude
    }
  }
  return level === undefined
    ? { elevationGain: null, elevationLoss: null }
    : { elevationGain: gain, elevationLoss: loss }
}

function measured(samples: readonly Position[], field: 'heartRate' | 'cadence' | 'power'): number[] {
  return samples.flatMap((sample) => sample[field] ?? [])
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}

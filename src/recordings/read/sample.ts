/**
 * What a sensor says is kept only where it can be true. A device writes a filler (0xFF, 0, 180°) where a
 * sensor was silent, and exporters hand it on: left in, one such value would have the whole upload refused.
 */

import { counted, type LeftOut } from '#recordings/left-out.ts'
import type { Position } from '#ride/position.ts'

/** What a sample holds beside its time and its place. */
export const measurements = [
  'altitude',
  'speed',
  'heading',
  'accuracy',
  'heartRate',
  'cadence',
  'power',
  'battery',
] as const satisfies readonly (keyof Position)[]

/** A sample as read from a file, each value unjudged: undefined or NaN where the file has none. */
export type Readings = { readonly [Sensor in Exclude<keyof Position, 'at'>]?: number | undefined }

/** The sample without the values that no bicycle, rider or place on Earth could have had. */
export function sampleOf(at: number, readings: Readings): Position {
  const latitude = within(readings.latitude, -90, 90)
  const longitude = within(readings.longitude, -180, 180)
  const fix = latitude === undefined || longitude === undefined ? {} : { latitude, longitude }
  return withoutAbsent({
    at,
    ...fix,
    // Below the Dead Sea's shore and above the highest summit.
    altitude: within(readings.altitude, -500, 9_000),
    // Twice the speed of the fastest descent.
    speed: within(readings.speed, 0, 120),
    heading: within(readings.heading, 0, 360),
    accuracy: within(readings.accuracy, 0, 100_000),
    // 0 is a strap that lost contact.
    heartRate: whole(within(readings.heartRate, 1, 254)),
    cadence: whole(within(readings.cadence, 0, 254)),
    power: whole(within(readings.power, 0, 4_000)),
    battery: within(readings.battery, 0, 1),
  })
}

/** A place as a file gives it, in degrees, unjudged. */
export interface Place {
  readonly latitude: number
  readonly longitude: number
}

/**
 * What a file gives for a place and is none: a coordinate beyond its range. A device's filler (180° twice) is not
 * meant as a place, nor is half of one.
 */
export function placeOutOfRange({ latitude, longitude }: Readings): Place | undefined {
  if (latitude === undefined || longitude === undefined) return undefined
  if (isFiller(latitude) && isFiller(longitude)) return undefined
  const isPlace = within(latitude, -90, 90) !== undefined && within(longitude, -180, 180) !== undefined
  return isPlace ? undefined : { latitude, longitude }
}

/** 0x7FFFFFFF semicircles are 180° but for the last digit. */
function isFiller(degrees: number): boolean {
  return Math.abs(Math.abs(degrees) - 180) < 1e-6
}

/** What was read of a point of a track, in place of its elements. */
export interface RecordedPoint {
  /** Undefined where the point has no time. */
  readonly sample: Position | undefined
  readonly outOfRange: Place | undefined
}

export function pointOf(at: number | undefined, readings: Readings): RecordedPoint {
  return {
    sample: at === undefined ? undefined : sampleOf(at, readings),
    outOfRange: placeOutOfRange(readings),
  }
}

/** Why points of a file are not in its recording, or not with their place. */
export function leftOutOf(points: readonly RecordedPoint[]): readonly LeftOut[] {
  return counted(
    points.flatMap(({ sample, outOfRange }) => {
      if (sample === undefined) return ['NO_TIME']
      if (sample.at < gpsBeganAt) return ['CLOCK_NOT_SET']
      return outOfRange === undefined ? [] : ['OUT_OF_RANGE']
    }),
  )
}

/** What is older was recorded before the device had learned the time; mostly it has, some samples later. */
export const gpsBeganAt = Date.UTC(1980, 0, 6)

function within(value: number | undefined, least: number, most: number): number | undefined {
  return value !== undefined && value >= least && value <= most ? value : undefined
}

function whole(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value)
}

function withoutAbsent(position: Position): Position {
  const present: { -readonly [field in keyof Position]: Position[field] } = { at: position.at }
  for (const field of ['latitude', 'longitude', ...measurements] as const)
    if (position[field] !== undefined) present[field] = position[field]
  return present
}

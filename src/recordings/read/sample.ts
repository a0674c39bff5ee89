/**
 * What a sensor says is kept only where it can be true. A device writes a filler (0xFF, 0, 180°) where a
 * sensor was silent, and exporters hand it on: left in, one such value would have the whole upload refused.
 */

import type { Position } from '#ride/position.ts'
import { ranges } from '#ride/ranges.ts'

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

/** The field's least and most. */
type Ranges = ReadonlyMap<keyof Position, readonly [number, number]>

/** What the service takes: in a file of its own stands what it took once. */
const taken: Ranges = new Map(ranges.map(([field, least, most]) => [field, [least, most]]))

/** What no bicycle, rider or place on Earth could have had is a fault of the device. */
const believed: Ranges = new Map<keyof Position, readonly [number, number]>([
  ...taken,
  // Below the Dead Sea's shore and above the highest summit.
  ['altitude', [-500, 9_000]],
  // Twice the speed of the fastest descent.
  ['speed', [0, 120]],
  ['accuracy', [0, 100_000]],
  // 0 is a strap that lost contact.
  ['heartRate', [1, 254]],
  ['cadence', [0, 254]],
  ['power', [0, 4_000]],
])

/** The sample without the values that cannot be true. */
export function sampleOf(at: number, readings: Readings): Position {
  return sampleWithin(believed, at, readings)
}

/** The sample as it stood in the log when the service wrote the file. */
export function ownSampleOf(at: number, readings: Readings): Position {
  return sampleWithin(taken, at, readings)
}

function sampleWithin(allowed: Ranges, at: number, readings: Readings): Position {
  const sample: { -readonly [field in keyof Position]: Position[field] } = { at }
  for (const field of ['latitude', 'longitude', ...measurements] as const) {
    const value = readings[field]
    if (value === undefined || within(value, allowed.get(field)!) === undefined) continue
    sample[field] = wholes.has(field) ? Math.round(value) : value
  }
  if (sample.latitude !== undefined && sample.longitude !== undefined) return sample
  const { latitude: _, longitude: __, ...withoutFix } = sample
  return withoutFix
}

const wholes: ReadonlySet<keyof Position> = new Set(['heartRate', 'cadence', 'power'])

/** Whether a file of the service's own has more of this sample than another's. */
export function isMoreInOwn(readings: Readings): boolean {
  return measurements.some((field) => {
    const value = readings[field]
    return within(value, believed.get(field)!) === undefined && within(value, taken.get(field)!) !== undefined
  })
}

function within(value: number | undefined, [least, most]: readonly [number, number]): number | undefined {
  return value !== undefined && value >= least && value <= most ? value : undefined
}

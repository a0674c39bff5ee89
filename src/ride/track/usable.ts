/** Whether a sample's place can be believed, by itself. */
import type { Position } from '#ride/position.ts'
import { type ExclusionReason, type Fix, isFix } from './segment.ts'

/** Metres: a phone that knows its place no better than this has it from masts, not from satellites. */
export const poorAccuracy = 50

/** Why the sample's place cannot be used; undefined where it can, or where there is none. */
export function faultOf({ latitude, longitude, accuracy }: Position): ExclusionReason | undefined {
  if (latitude === undefined || longitude === undefined) return undefined
  // Receivers without a fix report the null island, where nobody cycles.
  if (latitude === 0 && longitude === 0) return 'OUT_OF_RANGE'
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return 'OUT_OF_RANGE'
  return accuracy !== undefined && accuracy > poorAccuracy ? 'POOR_ACCURACY' : undefined
}

export function isUsable(sample: Position): sample is Fix {
  return isFix(sample) && faultOf(sample) === undefined
}

/** The sample without what its receiver said: place, altitude, speed and heading. */
export function sensorsOf({ at, heartRate, cadence, power, battery }: Position): Position {
  return { at, heartRate, cadence, power, battery }
}

import { isUsable } from './track/usable.ts'

/**
 * One sample of a device. Absent fields were not measured; `latitude` and `longitude` come together, or
 * neither where there was no fix.
 */
export interface Position {
  /** When the device took the sample, in milliseconds since 1970-01-01 UTC. */
  readonly at: number
  /** Degrees north, WGS 84. */
  readonly latitude?: number | undefined
  /** Degrees east, WGS 84. */
  readonly longitude?: number | undefined
  /** Metres above sea level. */
  readonly altitude?: number | undefined
  /** Metres per second. */
  readonly speed?: number | undefined
  /** Degrees clockwise from north, 0 to 360. */
  readonly heading?: number | undefined
  /** Metres: radius of 68 % confidence. */
  readonly accuracy?: number | undefined
  /** Beats per minute. */
  readonly heartRate?: number | undefined
  /** Revolutions of the crank per minute. */
  readonly cadence?: number | undefined
  /** Watts. */
  readonly power?: number | undefined
  /** Charge of the device, 0 to 1. */
  readonly battery?: number | undefined
}

/** The newest position whose place can be believed among `before` and these, or null. */
export function newestFix(before: Position | undefined, positions: readonly Position[]): Position | null {
  let newest = before
  for (const position of positions) {
    if (!isUsable(position)) continue
    if (newest === undefined || position.at >= newest.at) newest = position
  }
  return newest ?? null
}

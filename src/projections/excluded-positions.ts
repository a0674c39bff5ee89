/**
 * The positions that a ride's route leaves out, each with its reason: found when they are asked for, by what measures the ride. To
 * keep them would be to keep twice what the log has.
 */
import { decodeRideEvent } from '#ride/encoding.ts'
import type { ExclusionReason } from '#ride/track/segment.ts'
import { excludedOf } from '#ride/track/track.ts'

/** In the order of time, at most `mostExcludedPositions`. */
export type ExcludedPositions = readonly ExcludedPosition[]

export interface ExcludedPosition {
  /** Milliseconds since 1970. */
  readonly at: number
  /** Degrees; null where it came without a place. */
  readonly latitude: number | null
  readonly longitude: number | null
  readonly reason: ExclusionReason
}

/** More than a map shows apart. A device that went on through a long pause makes many thousands. */
export const mostExcludedPositions = 1_000

/**
 * `events`: as `measureRide` takes them. Undefined where one of them was redacted: the ride is being deleted.
 */
export function excludedPositionsIn(events: string): ExcludedPositions | undefined {
  const written: readonly [type: string, schemaVersion: number, data: unknown][] = JSON.parse(events)
  if (written.some(([, , data]) => data === null)) return undefined
  const ride = written.map(([type, schemaVersion, data]) => decodeRideEvent({ type, schemaVersion, data }))
  return excludedOf(ride)
    .slice(0, mostExcludedPositions)
    .map(({ position: { at, latitude = null, longitude = null }, reason }) => ({
      ...{ at, latitude, longitude, reason },
    }))
}

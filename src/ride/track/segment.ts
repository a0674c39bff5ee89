/** The parts of a track. */
import type { Position } from '#ride/position.ts'

export type ExclusionReason =
  | 'DUPLICATE_TIME'
  | 'OUT_OF_RANGE'
  | 'IMPOSSIBLE_SPEED'
  | 'POOR_ACCURACY'
  | 'OUTSIDE_ACTIVE_TIME'

/** A sample with a place: units as in `Position`. */
export type Fix = Position & { readonly latitude: number; readonly longitude: number }

export function isFix(sample: Position): sample is Fix {
  return sample.latitude !== undefined && sample.longitude !== undefined
}

/**
 * What was recorded between two pauses, in strictly increasing time. A stretch in which the receiver jumped further than
 * anybody rides is cut in two there, at one instant: the timer ran on, but no line joins the two places.
 */
export interface Segment {
  /** Milliseconds since 1970. */
  readonly from: number
  readonly to: number
  /** All samples, those without a fix included; of a sample whose place was left out only what the sensors said. */
  readonly samples: readonly Position[]
  /** Those of the samples that have a place. */
  readonly fixes: readonly Fix[]
}

export interface Track {
  readonly startedAt: number
  readonly endedAt: number
  readonly segments: readonly Segment[]
  /** Positions left out, by reason. */
  readonly excluded: readonly { readonly reason: ExclusionReason; readonly count: number }[]
}

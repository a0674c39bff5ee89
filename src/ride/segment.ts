/** The parts of a track. */
import type { Position } from './position.ts'

export type ExclusionReason =
  | 'DUPLICATE_TIME'
  | 'OUT_OF_RANGE'
  | 'IMPOSSIBLE_SPEED'
  | 'POOR_ACCURACY'
  | 'OUTSIDE_ACTIVE_TIME'

/** A sample with a place: units as in `Position`. */
export interface Fix {
  readonly at: number
  readonly latitude: number
  readonly longitude: number
  readonly altitude: number | undefined
  readonly speed: number | undefined
}

/** What was recorded between two pauses, in strictly increasing time. */
export interface Segment {
  readonly from: number
  readonly to: number
  /** All samples, those without a fix included. */
  readonly samples: readonly Position[]
  readonly fixes: readonly Fix[]
}

export interface Track {
  readonly startedAt: number
  readonly endedAt: number
  readonly segments: readonly Segment[]
  /** Positions left out, by reason. */
  readonly excluded: readonly { readonly reason: ExclusionReason; readonly count: number }[]
}

/** A finished ride as the writers take it: what a file of it is made from. */

import type { Position } from '#ride/position.ts'
import type { Track } from '#ride/track/segment.ts'
import type { TrackStatistics } from '#ride/track/statistics.ts'

export interface ExportedRide {
  readonly id: string
  readonly title: string
  readonly description: string | null
  /** As it is kept, in the units of the log: with as many decimals as these have. */
  readonly track: Track
  /** As queries give them. */
  readonly statistics: TrackStatistics
}

/** When the timer ran, in milliseconds since 1970-01-01 UTC. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/**
 * The stretches of a track, from start or resume to pause or end. Segments that were cut apart because the receiver leapt
 * are one stretch: the second begins at the instant at which the first ends, which none does behind a pause.
 */
export function stretchesOf({ segments }: Track): Stretch[] {
  const stretches: Stretch[] = []
  for (const { from, to } of segments) {
    const before = stretches.at(-1)
    if (before?.to === from) stretches[stretches.length - 1] = { ...before, to }
    else stretches.push({ from, to })
  }
  return stretches
}

export function samplesOf({ segments }: Track): readonly Position[] {
  return segments.flatMap(({ samples }) => samples)
}

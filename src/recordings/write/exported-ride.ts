/** A finished ride as the writers take it: what a file of it is made from. */

import type { Position } from '#ride/position.ts'
import type { Track } from '#ride/track/segment.ts'
import type { TrackStatistics } from '#ride/track/statistics.ts'

export interface ExportedRide {
  readonly id: string
  readonly title: string
  readonly description: string | null
  readonly track: Track
  readonly statistics: TrackStatistics
}

/** When the timer ran, in milliseconds since 1970-01-01 UTC. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/**
 * The stretches of a track, from start or resume to pause or end. Segments that were cut apart because the receiver leapt
 * are one stretch: the second begins with a sample at the very instant. Behind a pause that took no time it does not,
 * because a sample of that instant belongs to the segment before.
 */
export function stretchesOf({ segments }: Track): Stretch[] {
  const stretches: Stretch[] = []
  for (const { from, to, samples } of segments) {
    const before = stretches.at(-1)
    if (before?.to === from && samples[0]?.at === from) stretches[stretches.length - 1] = { ...before, to }
    else stretches.push({ from, to })
  }
  return stretches
}

/**
 * Metres and averages to two decimals, seconds and metres per second to three: what is behind that was never measured.
 * Places and samples come in the units of the log, with as many decimals as it has.
 */
export function readable(statistics: TrackStatistics): TrackStatistics {
  const [hundredths, thousandths] = [nearest(100), nearest(1_000)]
  return {
    distance: hundredths(statistics.distance),
    elapsedTime: thousandths(statistics.elapsedTime),
    timerTime: thousandths(statistics.timerTime),
    movingTime: thousandths(statistics.movingTime),
    maxSpeed: thousandths(statistics.maxSpeed),
    elevationGain: ifThere(statistics.elevationGain, hundredths),
    elevationLoss: ifThere(statistics.elevationLoss, hundredths),
    averageHeartRate: ifThere(statistics.averageHeartRate, hundredths),
    maxHeartRate: statistics.maxHeartRate,
    averageCadence: ifThere(statistics.averageCadence, hundredths),
    averagePower: ifThere(statistics.averagePower, hundredths),
  }
}

function nearest(unitsInOne: number): (value: number) => number {
  return (value) => Math.round(value * unitsInOne) / unitsInOne
}

function ifThere(value: number | null, round: (value: number) => number): number | null {
  return value === null ? null : round(value)
}

export function samplesOf({ segments }: Track): readonly Position[] {
  return segments.flatMap(({ samples }) => samples)
}

/**
 * What was ridden between two samples of a ride. Distance, times and climbing are exact: the streams count them up to each sample.
 * Averages are over time along the curves through the samples. Where these are thinned, ten hours to 2,000, a twentieth of the ride
 * comes out within a hundredth for the heart rate and mostly a fiftieth for power and a thirtieth for cadence (a twentieth and
 * more at worst): whoever shows them shows that they are nearly so.
 *
 * Pure.
 */
import { type Channel, type Samples, shortSilence } from './samples.ts'

/** Indexes of samples, the first no greater than the last. */
export interface Stretch {
  readonly from: number
  readonly to: number
  /** What the server has reckoned of it, where it is a split: the same is said everywhere. */
  readonly reckoned?: Pick<StretchStatistics, 'distance' | 'elapsedTime' | 'movingTime' | 'averageSpeed'>
}

/** Metres, seconds, metres per second, beats and revolutions per minute, watts; null where nothing was measured. */
export interface StretchStatistics {
  readonly distance: number
  readonly elapsedTime: number
  readonly movingTime: number
  readonly averageSpeed: number | null
  readonly elevationGain: number | null
  /** From its beginning to its end. */
  readonly elevationChange: number | null
  readonly averageHeartRate: number | null
  readonly averagePower: number | null
  /** While pedalling. */
  readonly averageCadence: number | null
}

export function stretchBetween(one: number, other: number): Stretch {
  return { from: Math.min(one, other), to: Math.max(one, other) }
}

export function statisticsOf(samples: Samples, { from, to, reckoned }: Stretch): StretchStatistics {
  const grown = (channel: readonly number[]) => (channel[to] ?? 0) - (channel[from] ?? 0)
  const distance = grown(samples.distance)
  const movingTime = grown(samples.movingTime)
  const average = (channel: Channel, counts: (value: number) => boolean) =>
    averageOver(samples, channel, { from, to }, counts)
  const climbed = samples.elevationGain[to] ?? null
  const [first, last] = [knownFrom(samples.altitude, from, to, 1), knownFrom(samples.altitude, to, from, -1)]
  return {
    distance,
    elapsedTime: grown(samples.time),
    movingTime,
    // As the server has it for the whole ride: across a silence neither the time nor the way counts.
    averageSpeed: movingTime > 0 ? grown(samples.movingDistance) / movingTime : null,
    elevationGain: climbed === null ? null : climbed - (samples.elevationGain[from] ?? 0),
    elevationChange: first === null || last === null ? null : last - first,
    // No heart rate is 0: the strap has lost contact.
    averageHeartRate: average(samples.heartRate, (value) => value > 0),
    averagePower: average(samples.power, () => true),
    averageCadence: average(samples.cadence, (value) => value > 0),
    ...reckoned,
  }
}

function knownFrom(channel: Channel, from: number, to: number, step: 1 | -1): number | null {
  for (let index = from; step * (to - index) >= 0; index += step) {
    const value = channel[index]
    if (value != null) return value
  }
  return null
}

/**
 * By trapezoids from one value to the next; across a pause, a silence that is not short, or where either end does not count, there
 * is none.
 */
function averageOver(
  { time, segment }: Samples,
  channel: Channel,
  { from, to }: Stretch,
  counts: (value: number) => boolean,
): number | null {
  let [sum, weight] = [0, 0]
  let last = Number.NEGATIVE_INFINITY
  for (let index = from; index <= to; index++) {
    const [before, here] = [channel[last], channel[index]]
    if (here == null) continue
    const seconds = (time[index] ?? 0) - (time[last] ?? 0)
    const isNext = last === index - 1 || seconds <= shortSilence
    const isRidden = isNext && segment[last] === segment[index]
    last = index
    if (before == null || !isRidden || !counts(before) || !counts(here)) continue
    sum += ((before + here) / 2) * seconds
    weight += seconds
  }
  return weight > 0 ? sum / weight : null
}

/**
 * The samples as the charts draw them: what they run along, and each channel with its holes.
 *
 * Pure.
 */
import { metresPerFoot, metresPerMile, type Units } from '../rides/format.ts'
import { type Channel, type Measured, type Samples, shortSilence } from './samples.ts'

export type Axis = 'distance' | 'time'

/** Kilometres or miles, or seconds. */
export function axisOf(samples: Samples, axis: Axis, units: Units): number[] {
  if (axis === 'time') return [...samples.time]
  const unit = units === 'metric' ? 1_000 : metresPerMile
  return samples.distance.map((metres) => metres / unit)
}

/** So many units that people read are one of the streams': axes are ticked in those. */
export function unitsIn(name: Measured, units: Units): number {
  if (name === 'altitude') return units === 'metric' ? 1 : 1 / metresPerFoot
  return name === 'speed' ? 3_600 / (units === 'metric' ? 1_000 : metresPerMile) : 1
}

/** Undefined, through which a line goes on, where a silence is short; null, where it breaks off, where it is not. */
export function withoutShortSilences(
  channel: Channel,
  { time, segment }: Pick<Samples, 'time' | 'segment'>,
): (number | null | undefined)[] {
  const bridged: (number | null | undefined)[] = [...channel]
  let last = -1
  for (const [index, value] of channel.entries()) {
    if (value === null) continue
    const isShort = last >= 0 && (time[index] ?? 0) - (time[last] ?? 0) <= shortSilence
    if (isShort && segment[index] === segment[last]) bridged.fill(undefined, last + 1, index)
    last = index
  }
  return bridged
}

/** Indexes of the first samples behind a pause. */
export function breaksIn({ segment }: Pick<Samples, 'segment'>): number[] {
  return segment.flatMap((each, index) => (index > 0 && each !== segment[index - 1] ? [index] : []))
}

/** Seconds between two ticks of an axis of time. */
export const timeSteps = [
  5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400,
]

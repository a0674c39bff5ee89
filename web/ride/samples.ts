/**
 * The samples of a finished ride as its streams have them: arrays of one length, by index. What moves along a ride (the pointer of
 * the charts, the playback) is at a moment: seconds since the start.
 *
 * Pure.
 */
import type { Place } from '../map/glide.ts'
import type { Samples } from './documents.ts'

export type { Samples }

/** Null where a sensor or the fix was missing. */
export type Channel = readonly (number | null)[]

/** Seconds: sensors that speak every few seconds have no holes between two words. */
export const shortSilence = 15

export const measured = ['altitude', 'speed', 'heartRate', 'power', 'cadence'] as const
export type Measured = (typeof measured)[number]

/** What was measured at all. */
export function measuredIn(samples: Samples): readonly Measured[] {
  return measured.filter((name) => samples[name].some((value) => value !== null))
}

/** Where the rider was: of a sample without a fix where he was last seen, or first. Null where nowhere. */
export function placeAt({ latitude, longitude }: Samples, index: number): Place | null {
  for (let at = index; at >= 0; at--) {
    const place = fixAt(at)
    if (place !== null) return place
  }
  for (let at = index + 1; at < latitude.length; at++) {
    const place = fixAt(at)
    if (place !== null) return place
  }
  return null

  function fixAt(at: number): Place | null {
    const [north, east] = [latitude[at], longitude[at]]
    return north == null || east == null ? null : [east, north]
  }
}

/** The index of the value that is nearest; of ascending values, of which there are some. */
export function nearestIndex(ascending: readonly number[], value: number): number {
  const next = firstFrom(ascending, value)
  const [before, after] = [ascending[next - 1], ascending[next]]
  if (before === undefined) return 0
  if (after === undefined) return next - 1
  return value - before <= after - value ? next - 1 : next
}

/** The index of the first value that is no less; their number where there is none. */
export function firstFrom(ascending: readonly number[], value: number): number {
  let [low, high] = [0, ascending.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}

/** Of an ascending channel `of`, what another one has where `of` is `value`; between two samples on the line between them. */
export function valueWhere(of: readonly number[], value: number, other: readonly number[]): number {
  const next = firstFrom(of, value)
  const [from, to] = [of[next - 1], of[next]]
  if (from === undefined) return other[0] ?? 0
  if (to === undefined) return other.at(-1) ?? 0
  const share = to === from ? 1 : (value - from) / (to - from)
  const [a, b] = [other[next - 1] ?? 0, other[next] ?? 0]
  return a + share * (b - a)
}

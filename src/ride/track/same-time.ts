/** Samples of one time: a device that repeats itself, a clock that was set back, or two devices on one ride. */

import type { Position } from '#ride/position.ts'
import { distanceBetween } from './geodesy.ts'
import type { Fix } from './segment.ts'
import { isUsable } from './usable.ts'

/**
 * One sample a time, of samples in the order of time: of those at one time the one whose place is nearest to the place
 * before it, so that where a clock was set back the way that was begun is gone on with; and what only another one's sensors
 * measured. Which of them was uploaded first makes no difference.
 */
export function oneATime(samples: readonly Position[]): Position[] {
  const result: Position[] = []
  let place: Fix | undefined
  for (let index = 0; index < samples.length; ) {
    const first = samples[index]!
    let end = index + 1
    while (end < samples.length && samples[end]!.at === first.at) end++
    const sample = end === index + 1 ? first : best(samples.slice(index, end), place)
    if (isUsable(sample)) place = sample
    result.push(sample)
    index = end
  }
  return result
}

function best(candidates: readonly Position[], before: Fix | undefined): Position {
  const [chosen, ...others] = [...candidates].sort((a, b) => preference(a, b, before))
  const sample: { -readonly [field in keyof Position]: Position[field] } = { ...chosen! }
  for (const { heartRate, cadence, power, battery } of others) {
    sample.heartRate ??= heartRate
    sample.cadence ??= cadence
    sample.power ??= power
    sample.battery ??= battery
  }
  return sample
}

function preference(a: Position, b: Position, before: Fix | undefined): number {
  if (isUsable(a) !== isUsable(b)) return isUsable(a) ? -1 : 1
  if (before !== undefined && isUsable(a) && isUsable(b)) {
    const nearer = distanceBetween(before, a) - distanceBetween(before, b)
    if (nearer !== 0) return nearer
  }
  // Any order will do that does not depend on who came first.
  return JSON.stringify(sorted(a)) < JSON.stringify(sorted(b)) ? -1 : 1
}

function sorted(sample: Position) {
  return Object.entries(sample).sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Samples of one time: a device that repeats itself, a clock that was set back, or two devices on one ride. */

import type { Position } from '#ride/position.ts'
import { distanceBetween } from './geodesy.ts'
import type { Fix } from './segment.ts'
import { isUsable } from './usable.ts'

/**
 * One sample a time, of samples in the order of time: of those at one time the one whose place is nearest to the place
 * before it, so that where a clock was set back the way that was begun is gone on with; and what only another one's sensors
 * measured. Which of them was uploaded first makes no difference. `leftOut` is told of the others.
 */
export function oneATime(
  samples: readonly Position[],
  leftOut: (other: Position) => void = () => undefined,
): Position[] {
  const result: Position[] = []
  let place: Fix | undefined
  for (let index = 0; index < samples.length; ) {
    const first = samples[index]!
    let end = index + 1
    while (end < samples.length && samples[end]!.at === first.at) end++
    const sample = end === index + 1 ? first : best(samples.slice(index, end), place, leftOut)
    if (isUsable(sample)) place = sample
    result.push(sample)
    index = end
  }
  return result
}

function best(
  candidates: readonly Position[],
  before: Fix | undefined,
  leftOut: (other: Position) => void,
): Position {
  const [chosen, ...others] = candidates.map((sample) => ranked(sample, before)).sort(byRank)
  const sample: { -readonly [field in keyof Position]: Position[field] } = { ...chosen!.sample }
  for (const other of others) {
    const { heartRate, cadence, power, battery } = other.sample
    leftOut(other.sample)
    sample.heartRate ??= heartRate
    sample.cadence ??= cadence
    sample.power ??= power
    sample.battery ??= battery
  }
  return sample
}

interface Ranked {
  readonly sample: Position
  /** Metres from the place before; those without a place come last. */
  readonly away: number
  /** What it holds: any order will do that does not depend on who came first. */
  readonly content: string
}

function ranked(sample: Position, before: Fix | undefined): Ranked {
  const content = JSON.stringify(Object.entries(sample).sort(([a], [b]) => (a < b ? -1 : 1)))
  if (!isUsable(sample)) return { sample, content, away: Number.POSITIVE_INFINITY }
  return { sample, content, away: before === undefined ? 0 : distanceBetween(before, sample) }
}

function byRank(a: Ranked, b: Ranked): number {
  if (a.away !== b.away) return a.away < b.away ? -1 : 1
  if (a.content === b.content) return 0
  return a.content < b.content ? -1 : 1
}

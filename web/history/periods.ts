/** Totals one beside the other: also of the periods without a ride, which the server leaves out. */

import { beginOf, type Day, later, type Period, type Span } from './days.ts'
import type { Total } from './documents.ts'

/**
 * So many periods up to the one that `until` lies in, the oldest first, and none before that of the first ride unless `count`
 * is not reached otherwise.
 */
export function filledPeriods(
  totals: readonly Total[],
  { period, until, count }: { period: Period; until: Day; count: number },
): Total[] {
  const byBegin = new Map(totals.map((total) => [total.from, total]))
  const last = beginOf(period, until)
  return Array.from({ length: count }, (_, index) => {
    const from = later(period, last, index + 1 - count)
    return byBegin.get(from) ?? nothing(from)
  })
}

/** How many periods there are from the first ride to `until`, at least `least` and at most `most`. */
export function periodsSince(
  first: Day | undefined,
  { period, until, least, most }: { period: Period; until: Day; least: number; most: number },
): number {
  if (first === undefined) return least
  const begin = beginOf(period, first)
  let count = 1
  for (let from = beginOf(period, until); from > begin && count < most; count++)
    from = later(period, from, -1)
  return Math.max(least, count)
}

/** Everything in these together. */
export function sumOf(totals: readonly Total[]): Omit<Total, 'from'> {
  const sum = { rides: 0, distance: 0, movingTime: 0, elevationGain: 0 }
  for (const { rides, distance, movingTime, elevationGain } of totals) {
    sum.rides += rides
    sum.distance += distance
    sum.movingTime += movingTime
    sum.elevationGain += elevationGain
  }
  return sum
}

export function within(totals: readonly Total[], { from, to }: Span): Total[] {
  return totals.filter((total) => total.from >= from && total.from <= to)
}

function nothing(from: Day): Total {
  return { from, rides: 0, distance: 0, movingTime: 0, elevationGain: 0 }
}

/**
 * Where lines of a scale are drawn: from 0 to what is at least `most`, two to four of them above 0, at 1, 2 or 5 times a power of ten, or
 * by `steps` where others are round (seconds: quarters of an hour).
 */
export function ticksOf(most: number, steps?: readonly number[]): number[] {
  if (!(most > 0)) return [0, steps?.[0] ?? 1]
  const power = 10 ** Math.floor(Math.log10(most))
  const usual = [0.1, 0.2, 0.5, 1, 2, 5].map((factor) => factor * power)
  const candidates = [
    ...(steps ?? []),
    ...(steps === undefined || most > 4 * (steps.at(-1) ?? 0) ? usual : []),
  ]
  const step = candidates.find((each) => Math.ceil(most / each - 1e-9) <= 4) ?? most
  const count = Math.ceil(most / step - 1e-9)
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)))
}

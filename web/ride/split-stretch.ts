/**
 * Where a split lies among the samples.
 *
 * Pure.
 */

import type { Split } from './documents.ts'
import { nearestIndex, type Samples } from './samples.ts'
import { type Stretch, stretchBetween } from './stretch.ts'

/** Metres until its beginning and its end. */
export function boundsOfSplits(
  splits: readonly { readonly distance: number }[],
): [from: number, to: number][] {
  let from = 0
  return splits.map(({ distance }) => {
    const to = from + distance
    const bounds: [number, number] = [from, to]
    from = to
    return bounds
  })
}

export function stretchOfSplit(
  { distance }: Pick<Samples, 'distance'>,
  [from, to]: readonly [number, number],
  { distance: metres, elapsedTime, movingTime, averageSpeed }: Omit<Split, 'index' | 'elevationChange'>,
): Stretch {
  return {
    ...stretchBetween(nearestIndex(distance, from), nearestIndex(distance, to)),
    reckoned: { distance: metres, elapsedTime, movingTime, averageSpeed },
  }
}

/** Of 0 to 1: how long the bar is of a split of this speed, of splits of which the fastest is so fast. */
export function barOf(speed: number, fastest: number): number {
  return fastest > 0 ? Math.min(1, Math.max(0, speed / fastest)) : 0
}

/**
 * The route in the colours of what was measured along it.
 *
 * Pure.
 */
import { type Scale, scaleOf, shareOf } from './colour-scale.ts'
import { gradientsOf } from './gradient.ts'
import { type Colouring, colourings } from './ride-search.ts'
import { type Channel, nearestIndex, type Samples } from './samples.ts'
import type { Way } from './way.ts'

export interface Painting {
  readonly values: Channel
  readonly scale: Scale
}

/** Null where it was not measured, or is the same all the way. */
export function paintingOf(samples: Samples, by: Colouring): Painting | null {
  if (by === 'plain') return null
  const values = by === 'gradient' ? gradientsOf(samples) : samples[by]
  const scale = scaleOf(values)
  return scale === null ? null : { values, scale }
}

/** Those that the ride can be shown by. */
export function colouringsOf(samples: Samples): readonly Colouring[] {
  return colourings.filter((by) => by === 'plain' || paintingOf(samples, by) !== null)
}

/** Of each leg of the way's lines; where nothing was measured, `unknown`. */
export function coloursOf(
  way: Way,
  { distance }: Pick<Samples, 'distance'>,
  { values, scale }: Painting,
  { ramp, unknown }: { ramp: (share: number) => string; unknown: string },
): string[][] {
  return way.distances.map((along) =>
    along.slice(1).map((to, index) => {
      const middle = ((along[index] ?? to) + to) / 2
      const value = values[nearestIndex(distance, middle)]
      return value == null ? unknown : ramp(shareOf(value, scale))
    }),
  )
}

/**
 * How high a chart reaches, and where it is ticked: there is always more than one tick, and what hardly changes looks flat.
 *
 * Pure. In the units that are shown.
 */

export type Range = readonly [least: number, most: number]

/** A little beyond what was measured, at least `span`, and below 0 only where something was measured there. */
export function rangeOf(least: number | null, most: number | null, span: number): Range {
  if (least === null || most === null) return [0, span]
  const room = Math.max((most - least) * 0.08, (span - (most - least)) / 2)
  const [low, high] = [least - room, most + room]
  return least >= 0 && low < 0 ? [0, Math.max(high, span)] : [low, high]
}

const steps = [8, 6, 5, 4, 3, 2, 1]

/** Two or three, seldom four, at whole numbers that are easily read: the furthest apart that are not one alone. */
export function ticksIn([least, most]: Range): number[] {
  let power = 10 ** Math.ceil(Math.log10(Math.max(1, most - least)))
  for (; power >= 1; power /= 10) {
    for (const step of steps) {
      const ticks = multiplesOf(step * power, least, most)
      if (ticks.length >= 2) return ticks
    }
  }
  return multiplesOf(1, least, most)
}

function multiplesOf(step: number, least: number, most: number): number[] {
  const first = Math.ceil(least / step)
  const count = Math.max(0, Math.floor(most / step) - first + 1)
  // Not -0.
  return Array.from({ length: count }, (_, index) => (first + index) * step + 0)
}

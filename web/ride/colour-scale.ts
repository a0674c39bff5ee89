/**
 * Numbers as colours: a ramp from low to high. The ends of its scale are the 5th and the 95th of a hundred values by order, so that
 * one bad sample does not make all others one colour; what lies beyond has the colour of the end.
 *
 * Pure.
 */
export interface Scale {
  readonly low: number
  readonly high: number
}

export type Rgb = readonly [red: number, green: number, blue: number]

const lowShare = 0.05
const highShare = 0.95

/** Null where there is nothing to tell apart. */
export function scaleOf(values: Iterable<number | null>): Scale | null {
  const known = Float64Array.from(
    [...values].filter((value) => value !== null && Number.isFinite(value)) as number[],
  ).sort()
  if (known.length === 0) return null
  const at = (share: number) => known[Math.round(share * (known.length - 1))] ?? 0
  const [low, high] = [at(lowShare), at(highShare)]
  return high > low ? { low, high } : null
}

/** 0 at the low end and below, 1 at the high end and above. */
export function shareOf(value: number, { low, high }: Scale): number {
  return Math.min(1, Math.max(0, (value - low) / (high - low)))
}

/** As many steps as an eye tells apart on a line: a map draws each run of one colour in one piece. */
const steps = 40

/** CSS colours for shares of a ramp through these stops, which lie evenly. */
export function rampOf(stops: readonly Rgb[]): (share: number) => string {
  const colours = Array.from({ length: steps + 1 }, (_, step) => between(stops, step / steps))
  return (share) => colours[Math.round(Math.min(1, Math.max(0, share)) * steps)] ?? ''
}

function between(stops: readonly Rgb[], share: number): string {
  const at = share * (stops.length - 1)
  const from = Math.min(stops.length - 2, Math.floor(at))
  const part = at - from
  const mixed = [0, 1, 2].map((index) => {
    const [a, b] = [stops[from]?.[index] ?? 0, stops[from + 1]?.[index] ?? stops[from]?.[index] ?? 0]
    return Math.round(a + part * (b - a))
  })
  return `rgb(${mixed.join(', ')})`
}

/** `rgb(1, 2, 3)`, as browsers print colours. */
export function parseRgb(text: string): Rgb {
  const [red = 0, green = 0, blue = 0] = (text.match(/[\d.]+/g) ?? []).map(Number)
  return [red, green, blue]
}

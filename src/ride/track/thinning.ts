/** Thinning of streams for display: fewer samples, the same curves. */

type Channel = readonly (number | null)[]

export interface Thinning {
  /** Channels whose shape matters. */
  readonly shapes: readonly Channel[]
  /** Channels whose shape matters, and whose highest and lowest value stay whatever the resolution, as far as it reaches. */
  readonly extremes: readonly Channel[]
}

/**
 * Indexes of samples, each once, in the order in which they matter: whatever the resolution, so many of the first ones are those
 * to keep. First and last, the extremes, then always the sample that is furthest, in the channel where it is so, from the straight
 * line between its neighbours so far (Douglas and Peucker's order of refinement, over all channels at once, each in parts of its
 * range). There are 2 samples or more, n of them; each is looked at no more than 8 log2(n) times in each channel.
 */
export function* byWeight(time: readonly number[], { shapes, extremes }: Thinning): Generator<number> {
  const begin = new Set([0, time.length - 1, ...extremes.flatMap(extremesOf)])
  yield* begin
  const curves = [...shapes, ...extremes].flatMap(curveOf)
  const spans = new Furthest()
  const add = (from: number, to: number, cut?: Span): void => {
    if (to - from > 1) spans.push(spanBetween(time, curves, from, to, cut))
  }
  const bounds = [...begin].sort((a, b) => a - b)
  for (const [position, from] of bounds.slice(0, -1).entries()) add(from, bounds[position + 1]!)
  while (true) {
    const span = spans.pop()
    if (span === undefined) return
    yield span.index
    add(span.from, span.index, span)
    add(span.index, span.to, span)
  }
}

/**
 * What is left of a span after so many cuts, if it still is more than half of it, is cut in the middle, unseen. Cut only where
 * the furthest sample is, a swing that dies away would be eaten up from its end, one sample at a time, and each time all the
 * rest is looked at: 200,000 samples thinned to 100,000 took 23 s.
 */
const mostLopsided = 8

function extremesOf(channel: Channel): number[] {
  let lowest = -1
  let highest = -1
  for (const [index, value] of channel.entries()) {
    if (value === null) continue
    if (lowest < 0 || value < channel[lowest]!) lowest = index
    if (highest < 0 || value > channel[highest]!) highest = index
  }
  return highest < 0 ? [] : [highest, lowest]
}

/** In parts of its range, what is missing as the value before; none where it says nothing. */
function curveOf(channel: Channel): Float64Array[] {
  const [highest, lowest] = extremesOf(channel)
  if (highest === undefined || lowest === undefined) return []
  const range = channel[highest]! - channel[lowest]!
  if (range === 0) return []
  let value = 0
  return [
    Float64Array.from(channel, (measured) => {
      if (measured !== null) value = measured / range
      return value
    }),
  ]
}

/** What lies between two samples that are kept. */
interface Span {
  readonly from: number
  readonly to: number
  /** Where it is to be cut, and how far that one is from the straight line. */
  readonly index: number
  readonly error: number
  /** How long it was when it last was half as long as before, and how often it was cut since. */
  readonly whole: number
  readonly lopsided: number
}

/** `cut` is the span that it was cut from. */
function spanBetween(
  time: readonly number[],
  curves: readonly Float64Array[],
  from: number,
  to: number,
  cut: Span | undefined,
): Span {
  const length = to - from
  if (cut === undefined || 2 * length <= cut.whole) {
    return { from, to, ...furthestWithin(time, curves, from, to), whole: length, lopsided: 0 }
  }
  const lopsided = cut.lopsided + 1
  // How far off its furthest is remains unknown: it is next, and then its halves are looked at.
  const unseen = { index: middleOf(from, to), error: cut.error }
  const weighed = lopsided === mostLopsided ? unseen : furthestWithin(time, curves, from, to)
  return { from, to, ...weighed, whole: cut.whole, lopsided }
}

/** Where all lies on the line, the middle one. */
function middleOf(from: number, to: number): number {
  return (from + to) >> 1
}

/** The sample between two that the straight line between them is furthest from. */
function furthestWithin(
  time: readonly number[],
  curves: readonly Float64Array[],
  from: number,
  to: number,
): Pick<Span, 'index' | 'error'> {
  let index = middleOf(from, to)
  let error = 0
  const duration = time[to]! - time[from]!
  for (const curve of curves) {
    const start = curve[from]!
    const slope = duration === 0 ? 0 : (curve[to]! - start) / duration
    for (let at = from + 1; at < to; at++) {
      const off = Math.abs(curve[at]! - start - slope * (time[at]! - time[from]!))
      if (off > error) {
        error = off
        index = at
      }
    }
  }
  return { index, error }
}

/** A heap of spans, the one with the largest error on top. */
class Furthest {
  readonly #heap: Span[] = []

  push(span: Span): void {
    const heap = this.#heap
    let at = heap.push(span) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (heap[parent]!.error >= span.error) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = span
  }

  pop(): Span | undefined {
    const heap = this.#heap
    const top = heap[0]
    const span = heap.pop()
    if (span === undefined || heap.length === 0) return top
    let at = 0
    while (true) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && heap[child + 1]!.error > heap[child]!.error) child++
      if (heap[child]!.error <= span.error) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = span
    return top
  }
}

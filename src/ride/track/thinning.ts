/** Thinning of streams for display: fewer samples, the same curves. */

type Channel = readonly (number | null)[]

export interface Thinning {
  /** The most samples to keep, 2 or more. */
  readonly resolution: number
  /** Channels whose shape matters. */
  readonly shapes: readonly Channel[]
  /** Channels whose shape matters, and whose highest and lowest value stay whatever the resolution, as far as it reaches. */
  readonly extremes: readonly Channel[]
}

/**
 * Indexes of the samples to keep, ascending: first and last, the extremes, then always the sample that is furthest, in the
 * channel where it is so, from the straight line between its kept neighbours, until there are enough (Douglas and Peucker's
 * order of refinement, over all channels at once, each in parts of its range).
 */
export function thinned(time: readonly number[], { resolution, shapes, extremes }: Thinning): number[] {
  const last = time.length - 1
  const kept = new Set([0, last])
  for (const index of extremes.flatMap(extremesOf)) if (kept.size < resolution) kept.add(index)
  const curves = [...shapes, ...extremes].flatMap(curveOf)
  const begin = [...kept].sort((a, b) => a - b)
  const spans = new Furthest()
  for (const [position, from] of begin.slice(0, -1).entries()) {
    spans.push(furthestWithin(time, curves, from, begin[position + 1]!))
  }
  while (kept.size < resolution) {
    const span = spans.pop()
    if (span === undefined) break
    kept.add(span.index)
    spans.push(furthestWithin(time, curves, span.from, span.index))
    spans.push(furthestWithin(time, curves, span.index, span.to))
  }
  return [...kept].sort((a, b) => a - b)
}

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

interface Span {
  readonly from: number
  readonly to: number
  readonly index: number
  readonly error: number
}

/** The sample between two that the straight line between them is furthest from; undefined where there is none between. */
function furthestWithin(
  time: readonly number[],
  curves: readonly Float64Array[],
  from: number,
  to: number,
): Span | undefined {
  if (to - from < 2) return undefined
  // Where all lies on the line, the middle one.
  let index = (from + to) >> 1
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
  return { from, to, index, error }
}

/** A heap of spans, the one with the largest error on top. */
class Furthest {
  readonly #heap: Span[] = []

  push(span: Span | undefined): void {
    if (span === undefined) return
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

/**
 * How steep the way is. The rule: at a sample, the altitude 50 m further on less that 50 m before, over the distance between the
 * two. Barometers read steps of a decimetre or two and satellites wander by metres, so over less than 100 m a gradient is mostly
 * noise; over more, short ramps vanish. Altitudes between two samples lie on the line between them; near the ends of a stretch
 * between pauses what there is of it is taken, if it is 40 m at least.
 *
 * Pure.
 */
import type { Channel, Samples } from './samples.ts'

/** Metres. */
export const gradientReach = 50
const shortest = 40

type Heights = Pick<Samples, 'distance' | 'segment' | 'altitude'>

/** Of each sample: 0.1 is 10 m of rise on 100 m of way. Null where it cannot be told. */
export function gradientsOf({ distance, segment, altitude }: Heights): Channel {
  const gradients: (number | null)[] = distance.map(() => null)
  for (let from = 0; from < distance.length; ) {
    let to = from + 1
    while (to < distance.length && segment[to] === segment[from]) to++
    ofSegment(from, to)
    from = to
  }
  return gradients

  function ofSegment(from: number, to: number): void {
    const known: Known[] = []
    for (let index = from; index < to; index++) {
      const height = altitude[index]
      if (height != null) known.push({ distance: distance[index] ?? 0, height })
    }
    const [first, last] = [known[0], known.at(-1)]
    if (first === undefined || last === undefined) return
    const [before, after] = [walker(known), walker(known)]
    for (let index = from; index < to; index++) {
      const here = distance[index] ?? 0
      const low = Math.max(first.distance, here - gradientReach)
      const high = Math.min(last.distance, here + gradientReach)
      if (high - low >= shortest) gradients[index] = (after(high) - before(low)) / (high - low)
    }
  }
}

interface Known {
  readonly distance: number
  readonly height: number
}

/** The height at distances that are asked for in ascending order, within those that are known. */
function walker(known: readonly Known[]): (distance: number) => number {
  let next = 0
  return (distance) => {
    while (next < known.length - 1 && (known[next]?.distance ?? 0) < distance) next++
    const to = known[next]
    const from = known[next - 1] ?? to
    if (from === undefined || to === undefined) return 0
    if (to.distance === from.distance) return to.height
    const share = Math.min(1, (distance - from.distance) / (to.distance - from.distance))
    return from.height + share * (to.height - from.height)
  }
}

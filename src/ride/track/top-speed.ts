/** The highest speed that was held. */

import { legBetween } from './along.ts'
import { possibleSpeed } from './possible.ts'
import type { Segment, Track } from './segment.ts'

/** A speed counts where most of these seconds around it were as fast: a single bad fix makes two fast legs. */
const heldMs = 5_000
/** Where samples are further apart, it takes so many of them. */
const fewest = 3
/** Of devices that sample a hundred times a second the last second or so has to do. */
const most = 128

interface Speed {
  readonly at: number
  /** Metres per second. */
  readonly speed: number
}

/**
 * Metres per second: the highest running median of the recorded speeds; of the legs' where the device recorded none. Of a ride
 * that has too few for that, the median of all.
 */
export function topSpeed(track: Track): number {
  const speeds = track.segments.map(speedsOf)
  const top = speeds.reduce((most, ofSegment) => Math.max(most, topOf(ofSegment)), 0)
  return top > 0 ? top : median(speeds.flat())
}

function speedsOf({ fixes }: Segment): Speed[] {
  return fixes.flatMap((fix, index) => {
    const before = fixes[index - 1]
    const speed = fix.speed ?? (before && legBetween(before, fix).speed)
    return speed === undefined || speed > possibleSpeed ? [] : [{ at: fix.at, speed }]
  })
}

function topOf(speeds: readonly Speed[]): number {
  let top = 0
  let first = 0
  for (const [index, { at }] of speeds.entries()) {
    while (at - speeds[first]!.at >= heldMs && index - first >= fewest) first++
    first = Math.max(first, index + 1 - most)
    const count = index - first + 1
    if (count < fewest) continue
    let faster = 0
    for (let one = first; one <= index; one++) if (speeds[one]!.speed > top) faster++
    // Few windows hold a new record: the others need not be sorted.
    if (2 * faster > count) top = median(speeds.slice(first, index + 1))
  }
  return top
}

/** The lower of the two in the middle, where there are two; 0 of none. */
function median(speeds: readonly Speed[]): number {
  const ascending = speeds.map(({ speed }) => speed).sort((a, b) => a - b)
  return ascending[(ascending.length - 1) >> 1] ?? 0
}

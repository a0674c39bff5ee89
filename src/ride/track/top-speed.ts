/** The highest speed that was held. */

import { legBetween } from './along.ts'
import { possibleSpeed } from './possible.ts'
import type { Segment, Track } from './segment.ts'

/** A speed counts where most of so many milliseconds were as fast, and of so many speeds where they are further apart. */
interface Window {
  readonly heldMs: number
  readonly fewest: number
}
/** A sensor errs once in a while; its speed is of the moment. */
const bySensor: Window = { heldMs: 2_500, fewest: 3 }
/** One bad place makes two fast legs. */
const byPlaces: Window = { heldMs: 5_000, fewest: 5 }
/** Of devices that sample a hundred times a second the last second or so has to do. */
const most = 128

/** Milliseconds: who rode so long at a speed on the average has held it. */
const heldForLong = 60_000

interface Speed {
  readonly at: number
  /** Metres per second. */
  readonly speed: number
}

/**
 * Metres per second: the highest running median of the recorded speeds; of the legs', where the device recorded none at most
 * places. Of a ride that has too few for that, the median of all.
 */
export function topSpeed(track: Track): number {
  const segments = track.segments.map(speedsOf)
  const top = segments.reduce(
    (most, { speeds, window }) => Math.max(most, topOf(speeds, window)),
    longLegOf(track),
  )
  return top > 0 ? top : median(segments.flatMap(({ speeds }) => speeds))
}

function speedsOf({ fixes }: Segment): { readonly speeds: readonly Speed[]; readonly window: Window } {
  const measured = fixes.flatMap(({ at, speed }) => (speed === undefined ? [] : [{ at, speed }]))
  const isMeasured = 2 * measured.length > fixes.length
  const speeds = isMeasured
    ? measured
    : fixes.slice(1).map((fix, index) => ({ at: fix.at, speed: legBetween(fixes[index]!, fix).speed }))
  return {
    speeds: speeds.filter(({ speed }) => speed <= possibleSpeed),
    window: isMeasured ? bySensor : byPlaces,
  }
}

/** The fastest of the long legs, 0 where there is none: sensors may have been silent while it was ridden. */
function longLegOf({ segments }: Track): number {
  let top = 0
  for (const { fixes } of segments) {
    for (const [index, fix] of fixes.entries()) {
      const before = fixes[index - 1]
      if (before !== undefined && fix.at - before.at >= heldForLong) {
        top = Math.max(top, legBetween(before, fix).speed)
      }
    }
  }
  return top
}

function topOf(speeds: readonly Speed[], { heldMs, fewest }: Window): number {
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

/**
 * Gaps between uploads: a client that was offline may send what it kept later than what is new. Where an upload begins long
 * after the one before it ended, the straight leg between them counts for the time being; what comes late takes its place.
 */

import type { Travelled, Waypoint } from './progress.ts'
import { legBetween } from './track/along.ts'
import { possibleSpeed } from './track/possible.ts'

/** Nothing is known yet between two times; either end may be a stretch's own, where no place is known. */
export interface Gap {
  readonly from: number
  readonly to: number
  readonly before: Waypoint | null
  readonly after: Waypoint | null
}

/** In an upload's time its rider does not get far from the straight leg: shorter gaps are not waited for. */
const longestStraightMs = 20_000

/** The gap in front of an upload's first fix; undefined where there is none to speak of. */
export function gapBetween(
  before: Waypoint | null,
  after: Waypoint,
  stretchFrom: number | null,
): Gap | undefined {
  const from = before?.at ?? stretchFrom
  if (from === null || after.at - from <= longestStraightMs) return undefined
  return { from, to: after.at, before, after }
}

interface WithGaps extends Travelled {
  readonly gaps?: readonly Gap[] | undefined
}

/** What has come late, in the order of time, put into the gaps that it falls into; what falls into none is passed over. */
export function fillGaps({ distance, movingMs, gaps = [] }: WithGaps, late: readonly Waypoint[]): WithGaps {
  let travelled: Travelled = { distance, movingMs }
  const left = gaps.flatMap((gap): Gap[] => {
    const inside = late.filter(({ at }) => at > gap.from && at < gap.to)
    const first = inside[0]
    const last = inside.at(-1)
    if (first === undefined || last === undefined) return [gap]
    const { before, after } = gap
    const filled = [...(before === null ? [] : [before]), ...inside, ...(after === null ? [] : [after])]
    travelled = minus(plus(travelled, lengthOf(filled)), lengthOf([before, after].filter(isKnown)))
    return [
      { from: gap.from, to: first.at, before, after: first },
      { from: last.at, to: gap.to, before: last, after },
    ].filter(({ from, to }) => to - from > longestStraightMs)
  })
  return { ...travelled, gaps: left }
}

function isKnown(waypoint: Waypoint | null): waypoint is Waypoint {
  return waypoint !== null
}

/** The possible legs' sum. */
function lengthOf(line: readonly Waypoint[]): Travelled {
  let length: Travelled = { distance: 0, movingMs: 0 }
  for (const [index, waypoint] of line.entries()) {
    const before = line[index - 1]
    const leg = before && legBetween(before, waypoint)
    if (leg !== undefined && leg.speed <= possibleSpeed) length = plus(length, leg)
  }
  return length
}

function plus(a: Travelled, b: Travelled): Travelled {
  return { distance: a.distance + b.distance, movingMs: a.movingMs + b.movingMs }
}

function minus(a: Travelled, b: Travelled): Travelled {
  return { distance: a.distance - b.distance, movingMs: a.movingMs - b.movingMs }
}

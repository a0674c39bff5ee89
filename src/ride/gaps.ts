/**
 * Gaps between uploads: a client that was offline may send what it kept later than what is new, in a later
 * stretch too. Where uploads leave more time open than the device takes between two samples, the straight leg
 * counts for the time being; what comes late takes its place.
 */
import type { Travelled, Waypoint } from './histories.ts'
import { legBetween } from './track/along.ts'
import { possibleRuns } from './track/possible.ts'
import { oneATime } from './track/same-time.ts'
import { isFix } from './track/segment.ts'

/** Nothing is known yet between two times of one stretch. Small, for it is written with every upload. */
export type Gap = readonly [before: End, after: End]

/**
 * Milliseconds since 1970 and, where it is a fix and not
 * the stretch's own end, latitude and longitude in degrees.
 */
export type End = readonly [at: number] | readonly [at: number, latitude: number, longitude: number]

/** As they were written before. */
interface EarlierGap {
  readonly from: number
  readonly to: number
  readonly before: Waypoint | null
  readonly after: Waypoint | null
}
export type WrittenGap = Gap | EarlierGap

/** More than this are not waited for: with all of them a state comes to 2.4 kB. */
export const gapsBound = 16

export function endOf({ at, latitude, longitude }: Waypoint): End {
  return [at, latitude, longitude]
}

export function endsBy(gap: WrittenGap, at: number): boolean {
  return read(gap)[1][0] <= at
}

/** The gaps with one more between two ends, where that is longer than `usualMs`. */
export function withGap(
  gaps: readonly WrittenGap[],
  before: End,
  after: End,
  usualMs: number,
): readonly WrittenGap[] {
  return isOpen([before, after], usualMs) ? bounded([...gaps.map(read), [before, after]]) : gaps
}

/**
 * What came late, put into the gaps that it falls into: what it adds,
 * and the gaps that are left. What falls into none adds nothing.
 */
export function fillGaps(
  written: readonly WrittenGap[],
  late: readonly Waypoint[],
  usualMs: number,
): Travelled & { readonly gaps: readonly Gap[] } {
  let distance = 0
  let movingMs = 0
  const left = written.map(read).flatMap((gap): Gap[] => {
    const [before, after] = gap
    const inside = oneATime(late.filter(({ at }) => isInside(gap, at))).filter(isFix)
    const [first, last] = [inside[0], inside.at(-1)]
    if (first === undefined || last === undefined) return [gap]
    const ends = [before, after].flatMap(placeOf)
    const filled = lengthOf([...placeOf(before), ...inside, ...placeOf(after)])
    const straight = lengthOf(ends)
    distance += filled.distance - straight.distance
    movingMs += filled.movingMs - straight.movingMs
    const parts: Gap[] = [
      [before, endOf(first)],
      [endOf(last), after],
    ]
    return parts.filter((part) => isOpen(part, usualMs))
  })
  return { distance, movingMs, gaps: bounded(left) }
}

/** A stretch's own end belongs to it, a fix that is known already does not. */
function isInside([before, after]: Gap, at: number): boolean {
  return (
    (before.length === 1 ? at >= before[0] : at > before[0]) &&
    (after.length === 1 ? at <= after[0] : at < after[0])
  )
}

function isOpen([before, after]: Gap, usualMs: number): boolean {
  return after[0] - before[0] > usualMs
}

/** Those that matter least go: short ones, whose straight leg is nearly right. */
function bounded(gaps: readonly Gap[]): readonly Gap[] {
  if (gaps.length <= gapsBound) return gaps
  return [...gaps].sort((a, b) => weight(b) - weight(a)).slice(0, gapsBound)
}

/** Where an end has no place there is no leg, and all is missing; where there is one, about a tenth. */
function weight([before, after]: Gap): number {
  const share = before.length === 1 || after.length === 1 ? 1 : 0.1
  return share * (after[0] - before[0])
}

function placeOf(end: End): Waypoint[] {
  const [at, latitude, longitude] = end
  return latitude === undefined || longitude === undefined ? [] : [{ at, latitude, longitude }]
}

/** The legs' sum, as the track will have it. */
function lengthOf(waypoints: readonly Waypoint[]): Travelled {
  let distance = 0
  let movingMs = 0
  for (const run of possibleRuns(waypoints)) {
    for (const [index, waypoint] of run.entries()) {
      const before = run[index - 1]
      if (before === undefined) continue
      const leg = legBetween(before, waypoint)
      distance += leg.distance
      movingMs += leg.movingMs
    }
  }
  return { distance, movingMs }
}

function read(gap: WrittenGap): Gap {
  if (!('from' in gap)) return gap
  const { from, to, before, after } = gap
  return [before === null ? [from] : endOf(before), after === null ? [to] : endOf(after)]
}

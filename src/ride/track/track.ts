/**
 * From what was recorded to what is shown: positions are put in order, cleaned (nothing is deleted: what is left out has
 * a reason), cut into segments at the pauses, and rid of jitter. What follows from a track: `statistics.ts`, `splits.ts`,
 * `streams.ts`.
 */
import type { RideEvent } from '#ride/events.ts'
import type { Position } from '#ride/position.ts'
import { possibleRuns } from './possible.ts'
import { oneATime } from './same-time.ts'
import { type ExclusionReason, type Fix, isFix, type Segment, type Track } from './segment.ts'
import { withoutJitter } from './smoothing.ts'
import { faultOf, sensorsOf } from './usable.ts'

/** When the timer ran: from start or resume to pause or end, in milliseconds since 1970. */
interface Stretch {
  readonly from: number
  readonly to: number
}

/** Builds the track of an ended ride from its events, in the order of the log. */
export function trackOf(events: readonly RideEvent[]): Track {
  const stretches = stretchesOf(events)
  const excluded = new Map<ExclusionReason, number>()
  const segments = cleaned(events, stretches, (_, reason) => {
    excluded.set(reason, (excluded.get(reason) ?? 0) + 1)
  })
  return {
    startedAt: stretches[0]?.from ?? 0,
    endedAt: stretches.at(-1)?.to ?? 0,
    segments: withoutJitter(segments),
    excluded: [...excluded].map(([reason, count]) => ({ reason, count })),
  }
}

/** The positions that `trackOf` leaves out and counts, in the order of time. */
export function excludedOf(events: readonly RideEvent[]): ExcludedPosition[] {
  const excluded: ExcludedPosition[] = []
  cleaned(events, stretchesOf(events), (position, reason) => {
    excluded.push({ position, reason })
  })
  return excluded.sort((a, b) => a.position.at - b.position.at)
}

export interface ExcludedPosition {
  readonly position: Position
  readonly reason: ExclusionReason
}

type Exclude = (position: Position, reason: ExclusionReason) => void

/** What was recorded, without what cannot be; `exclude` is told of that. */
function cleaned(events: readonly RideEvent[], stretches: readonly Stretch[], exclude: Exclude): Segment[] {
  const recorded = events.flatMap((event) => (event.type === 'RidePositionsRecorded' ? event.positions : []))
  const inside = intoStretches(recorded, stretches, exclude)
  return stretches.flatMap((stretch, index) => {
    const samples = oneATime(inside[index]!, (other) => exclude(other, 'DUPLICATE_TIME'))
    return segmentsOf(stretch, samples, exclude)
  })
}

function stretchesOf(events: readonly RideEvent[]): Stretch[] {
  const stretches: Stretch[] = []
  let from: number | undefined
  for (const event of events) {
    if (event.type === 'RideStarted' || event.type === 'RideResumed') {
      from = event.at
    } else if (event.type === 'RidePaused' || event.type === 'RideEnded') {
      // A ride that ends while paused ends with its last stretch empty, so that its end is known.
      const begin = from ?? event.at
      // A pause of no length is none: the way goes on.
      const before = stretches.at(-1)?.to === begin ? stretches.pop() : undefined
      stretches.push({ from: before?.from ?? begin, to: event.at })
      from = undefined
    }
  }
  return stretches
}

/** What was recorded while the timer ran, by stretch, in the order of time, whatever the order of the uploads. */
function intoStretches(
  recorded: readonly Position[],
  stretches: readonly Stretch[],
  exclude: Exclude,
): Position[][] {
  const inside = stretches.map((): Position[] => [])
  let current = 0
  for (const position of [...recorded].sort((a, b) => a.at - b.at)) {
    while (current < stretches.length - 1 && position.at > stretches[current]!.to) current++
    const stretch = stretches[current]
    if (stretch === undefined || position.at < stretch.from || position.at > stretch.to)
      exclude(position, 'OUTSIDE_ACTIVE_TIME')
    else inside[current]!.push(position)
  }
  return inside
}

/** One segment, or more where the receiver leapt. Samples whose place is left out stay, for what their sensors said. */
function segmentsOf({ from, to }: Stretch, samples: readonly Position[], exclude: Exclude): Segment[] {
  const fixes: Fix[] = []
  for (const sample of samples) {
    const fault = faultOf(sample)
    if (fault !== undefined) exclude(sample, fault)
    else if (isFix(sample)) fixes.push(sample)
  }
  const runs = possibleRuns(fixes)
  const kept = new Set<Position>(runs.flat())
  for (const fix of fixes) if (!kept.has(fix)) exclude(fix, 'IMPOSSIBLE_SPEED')
  const usable = samples.map((sample) => (!isFix(sample) || kept.has(sample) ? sample : sensorsOf(sample)))
  if (runs.length <= 1) return [{ from, to, samples: usable, fixes: runs[0] ?? [] }]
  let next = 0
  return runs.map((run, index) => {
    const end = runs[index + 1]?.[0]?.at
    const first = next
    while (next < usable.length && (end === undefined || usable[next]!.at < end)) next++
    const start = index === 0 ? from : run[0]!.at
    return { from: start, to: end ?? to, samples: usable.slice(first, next), fixes: run }
  })
}

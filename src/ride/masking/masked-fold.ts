/**
 * A ride as others are shown it while it is ridden: each of its events as they see it, or nothing.
 *
 *   nothing shown yet ─ a first position outside ─► shown ─ inside ─► hidden ─ outside ─► shown …
 *                                                                       └ end ─► its end is known a while later (RideMasked)
 */
import type { RideEvent, RideStarted } from '#ride/events.ts'
import type { Mask } from '#ride/mask.ts'
import type { Position } from '#ride/position.ts'
import { runningWith } from '#ride/progress.ts'
import { knownNumbers, progressOf, type RunningNumbers, runningFrom } from '#ride/running-numbers.ts'
import { runningEnded, runningResumed, runningStopped } from '#ride/stretches.ts'
import { isUsable } from '#ride/track/usable.ts'
import { type Sifted, sift } from './hidden.ts'

export interface MaskedFold {
  readonly mask: Mask
  readonly started: RideStarted
  /** Whether others may know of an end in a zone. */
  readonly isEndKnown: boolean
  /** How many events others were shown. */
  readonly count: number
  /** The first and the last position shown, in milliseconds since 1970. */
  readonly since: number | null
  readonly until: number | null
  /** The newest place is in a zone; at first nobody knows. */
  readonly isHidden: boolean
  /** When it was there. */
  readonly placedAt: number | null
  /** Of what is shown. */
  readonly running: RunningNumbers
  /** The end and what came behind it, which others do not know of yet. */
  readonly withheld: readonly RideEvent[]
}

export interface MaskedStep {
  readonly fold: MaskedFold
  /** What others are shown of the event; of one that brings the first position its start as well. */
  readonly shown: readonly RideEvent[]
}

export function beginMasked(started: RideStarted, mask: Mask, isEndKnown: boolean): MaskedFold {
  return {
    mask,
    started,
    isEndKnown,
    count: 0,
    since: null,
    until: null,
    isHidden: true,
    placedAt: null,
    running: runningFrom(started.at),
    withheld: [],
  }
}

/** The ride from its start, as it is shown with this mask. */
export function foldMasked(events: readonly RideEvent[], mask: Mask): MaskedFold | undefined {
  const [started, ...rest] = events
  if (started?.type !== 'RideStarted') return undefined
  const isEndKnown = rest.some((event) => event.type === 'RideMasked' && event.isEndKnown)
  return rest.reduce((fold, event) => stepMasked(fold, event).fold, beginMasked(started, mask, isEndKnown))
}

/** The version of the ride that others are told: grows with what they are shown, and with each change of zones. */
export function maskedVersion({ mask, count }: Pick<MaskedFold, 'mask' | 'count'>): number {
  return mask.version * versionsOfAMask + count
}

/** More than a stream of a day has; and so often may zones be changed before an Int is full. */
const versionsOfAMask = 1_000_000
export const mostMaskVersions = 2_000

/** The next event of the ride. A change of the mask itself is none: then it is folded anew. */
export function stepMasked(fold: MaskedFold, event: RideEvent): MaskedStep {
  const { fold: next, shown } = stepped(fold, event)
  return { fold: { ...next, count: fold.count + shown.length }, shown }
}

function stepped(fold: MaskedFold, event: RideEvent): MaskedStep {
  switch (event.type) {
    case 'RideStarted':
      return { fold, shown: [] }
    case 'RidePositionsRecorded':
      return withPositions(fold, event.positions)
    case 'RidePaused': {
      if (isOutOfSight(fold)) return { fold, shown: [] }
      const running = runningStopped(fold.running, event.at)
      return { fold: { ...fold, running }, shown: [{ ...event, progress: progressOf(running) }] }
    }
    case 'RideResumed': {
      if (isOutOfSight(fold)) return { fold, shown: [] }
      const running = runningResumed(fold.running, event.at)
      return { fold: { ...fold, running }, shown: [{ ...event, progress: progressOf(running) }] }
    }
    case 'RideEnded': {
      if (fold.until === null) return { fold, shown: [] }
      const running = runningEnded(fold.running, fold.until)
      return ending({ ...fold, running }, { ...event, at: fold.until, progress: progressOf(running) })
    }
    case 'RideFinished':
      // When that was says when the ride ended; and the numbers are those of the whole way.
      return fold.until === null
        ? { fold, shown: [] }
        : ending(fold, { ...event, at: fold.until, progress: null })
    case 'RideEdited':
      return edited(fold, event)
    case 'RideMasked':
      return event.isEndKnown
        ? { fold: { ...fold, isEndKnown: true, withheld: [] }, shown: fold.withheld }
        : { fold, shown: [] }
    case 'RideDeleted':
      return { fold, shown: fold.since === null ? [] : [event] }
    default:
      return event satisfies never
  }
}

function isOutOfSight({ since, isHidden }: MaskedFold): boolean {
  return since === null || isHidden
}

function ending(fold: MaskedFold, event: RideEvent): MaskedStep {
  const isWithheld = fold.isHidden && !fold.isEndKnown
  return isWithheld
    ? { fold: { ...fold, withheld: [...fold.withheld, event] }, shown: [] }
    : { fold, shown: [event] }
}

/** Share links are the rider's to know of. */
function edited(fold: MaskedFold, event: RideEvent & { readonly type: 'RideEdited' }): MaskedStep {
  const { share: _, unshare: __, ...changes } = event.changes
  if (fold.since === null || Object.keys(changes).length === 0) return { fold, shown: [] }
  const status = fold.withheld.length > 0 ? 'ACTIVE' : event.status
  return { fold, shown: [{ ...event, changes, status }] }
}

function withPositions(fold: MaskedFold, positions: readonly Position[]): MaskedStep {
  const ordered = [...positions].sort((a, b) => a.at - b.at)
  const oldest = ordered[0]
  if (oldest === undefined) return { fold, shown: [] }
  // What comes late is not where the newest place is.
  const isLate = fold.placedAt !== null && oldest.at < fold.placedAt
  const { shown: sifted, isHidden } = sift(fold.mask.zones, ordered, isLate || fold.isHidden)
  const placedAt = ordered.findLast(isUsable)?.at
  const isNewer = placedAt !== undefined && (fold.placedAt === null || placedAt > fold.placedAt)
  const placed = isNewer ? { ...fold, isHidden, placedAt } : fold
  const visible = sifted.filter((sample) => sample !== null)
  const newest = visible.at(-1)
  if (newest === undefined) return { fold: placed, shown: [] }
  const since = fold.since ?? visible[0]!.at
  const running = runningAlong(fold, since, sifted)
  const next: MaskedFold = {
    ...placed,
    since,
    until: Math.max(fold.until ?? newest.at, newest.at),
    running: knownNumbers(running),
  }
  const recorded: RideEvent = {
    type: 'RidePositionsRecorded',
    at: newest.at,
    positions: visible,
    progress: progressOf(running),
  }
  return { fold: next, shown: fold.since === null ? [{ ...fold.started, at: since }, recorded] : [recorded] }
}

/** Nothing is measured across a stretch out of sight: there the timer stands still. */
function runningAlong(fold: MaskedFold, since: number, sifted: Sifted['shown']): RunningNumbers {
  let running = fold.since === null ? runningFrom(since) : fold.running
  let wasHidden = fold.isHidden
  let lastShown = fold.until
  let run: Position[] = []
  for (const sample of sifted) {
    if (sample === null) {
      if (run.length > 0) running = runningWith(running, run)
      run = []
      wasHidden = true
      continue
    }
    // Late ones fill the gap that they belong to, wherever it is.
    if (wasHidden && lastShown !== null && sample.at > lastShown) {
      running = runningResumed(runningStopped(running, lastShown), sample.at)
    }
    wasHidden = false
    lastShown = Math.max(lastShown ?? sample.at, sample.at)
    run.push(sample)
  }
  return run.length > 0 ? runningWith(running, run) : running
}

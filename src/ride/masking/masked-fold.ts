/**
 * A ride as others are shown it while it is ridden: each of its events as they see it, or nothing.
 *
 *   nothing shown yet ─ outside ─► shown ─ inside ─► hidden ─ outside ─► shown …
 *                                                      └ end ─► its end is known a while later (RideMasked)
 *
 * Without zones each event is shown as it is, but for share links and changes of zones, which others are to learn nothing of.
 *
 * Positions are not shown in the uploads that they came in: of one that was begun in a zone so much would be missing as the way
 * out of it took. They are shown by windows of the clock, each once it is over.
 */
import type { RideEvent, RideStarted } from '#ride/events.ts'
import { hidesNothing, type Mask } from '#ride/mask.ts'
import type { Position } from '#ride/position.ts'
import { runningWith } from '#ride/progress.ts'
import { knownNumbers, progressOf, type RunningNumbers, runningFrom } from '#ride/running-numbers.ts'
import { isOfSharesAlone } from '#ride/shares.ts'
import { runningEnded, runningResumed, runningStopped } from '#ride/stretches.ts'
import { isFix } from '#ride/track/segment.ts'
import { sift, unknownWhereabouts, type Whereabouts } from './hidden.ts'

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
  /** At the newest place, and when that was. */
  readonly whereabouts: Whereabouts
  readonly placedAt: number | null
  /** The same behind the last upload, where that was of before: what came first may be of a clock that was ahead. */
  readonly late?: { readonly whereabouts: Whereabouts; readonly placedAt: number } | undefined
  /** Of the newest window, to be shown when it is over. */
  readonly waiting: readonly Waiting[]
  /** Of what is shown. */
  readonly running: RunningNumbers
  /** The end and what came behind it, which others do not know of yet. */
  readonly withheld: readonly RideEvent[]
}

export interface Waiting {
  readonly sample: Position
  /** The first after a stretch out of sight. */
  readonly isReturn: boolean
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
    ...(hidesNothing(mask) ? nothingHidden(started) : nothingShown),
    until: null,
    placedAt: null,
    waiting: [],
    running: runningFrom(started.at),
    withheld: [],
  }
}

const nothingShown = { count: 0, since: null, whereabouts: unknownWhereabouts }

/** Others have seen it begin. */
function nothingHidden({ at }: RideStarted) {
  return { count: 1, since: at, whereabouts: { isHidden: false, outside: 0, last: null } }
}

/**
 * The version of the ride that others are told: grows with what they are shown. What older programs wrote has no base to count from;
 * there it leaps with each change of zones.
 */
export function maskedVersion({ mask, count }: Pick<MaskedFold, 'mask' | 'count'>): number {
  return (mask.base ?? mask.version * versionsOfAMask) + count
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
  if (hidesNothing(fold.mask)) return { fold, shown: isShown(event) ? [event] : [] }
  switch (event.type) {
    case 'RideStarted':
      return { fold, shown: [] }
    case 'RidePositionsRecorded':
      return withPositions(fold, event.positions)
    case 'RidePaused':
      return withTimer(fold, event, runningStopped)
    case 'RideResumed':
      return withTimer(fold, event, runningResumed)
    case 'RideEnded': {
      const { fold: last, shown } = allShown(fold)
      if (last.until === null) return { fold: last, shown }
      const running = runningEnded(last.running, last.until)
      const ended = { ...event, at: last.until, progress: progressOf(running) }
      const ending = endingWith({ ...last, running }, ended)
      return { fold: ending.fold, shown: [...shown, ...ending.shown] }
    }
    case 'RideFinished':
      // When that was says when the ride ended; and the numbers are those of the whole way.
      return fold.until === null
        ? { fold, shown: [] }
        : endingWith(fold, { ...event, at: fold.until, progress: null })
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

/** Where nothing is hidden: all but what is its rider's to know. */
function isShown(event: RideEvent): boolean {
  if (event.type === 'RideStarted' || event.type === 'RideMasked') return false
  return event.type !== 'RideEdited' || !isOfSharesAlone(event.changes)
}

function withTimer(
  fold: MaskedFold,
  event: RideEvent & { readonly type: 'RidePaused' | 'RideResumed' },
  after: (running: RunningNumbers, at: number) => RunningNumbers,
): MaskedStep {
  const { fold: last, shown } = allShown(fold)
  if (last.since === null || isHidden(last)) return { fold: last, shown }
  const running = after(last.running, event.at)
  return { fold: { ...last, running }, shown: [...shown, { ...event, progress: progressOf(running) }] }
}

function endingWith(fold: MaskedFold, event: RideEvent): MaskedStep {
  const isWithheld = isHidden(fold) && !fold.isEndKnown
  return isWithheld
    ? { fold: { ...fold, withheld: [...fold.withheld, event] }, shown: [] }
    : { fold, shown: [event] }
}

/** At the newest place, or behind the last upload, which may be the newer one in truth. */
function isHidden({ whereabouts, late }: MaskedFold): boolean {
  return whereabouts.isHidden || late?.whereabouts.isHidden === true
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
  const [oldest, last] = [ordered[0], ordered.at(-1)]
  if (oldest === undefined || last === undefined) return { fold, shown: [] }
  // What comes late is not where the newest place is, but may go on from what came late before it.
  const isLate = fold.placedAt !== null && oldest.at < fold.placedAt
  const before = isLate ? whereaboutsBefore(oldest, fold) : fold.whereabouts
  const { shown: sifted, whereabouts } = sift(fold.mask.zones, ordered, before)
  const placedAt = ordered.findLast(isFix)?.at
  const isNewest = placedAt !== undefined && (fold.placedAt === null || placedAt >= fold.placedAt)
  const lateAt = placedAt ?? fold.late?.placedAt
  const late = isLate && !isNewest && lateAt !== undefined ? { whereabouts, placedAt: lateAt } : undefined
  const visible = sifted.flatMap((sample, index): Waiting[] => {
    if (sample === null) return []
    const isReturn = index === 0 ? before.isHidden : sifted[index - 1] === null
    return [{ sample, isReturn }]
  })
  const waiting = [...fold.waiting, ...visible].sort((a, b) => a.sample.at - b.sample.at)
  const next = { ...fold, waiting, late, ...(isNewest && { whereabouts, placedAt }) }
  if (waiting.length > mostWaiting) return allShown(next)
  // By its own clock. Whatever is newer waits for its own.
  if (isLate && !isNewest) return shownUntil(next, windowOf(last))
  const newest = visible.at(-1)
  if (next.whereabouts.isHidden) return allShown(next)
  return newest === undefined ? { fold: next, shown: [] } : shownUntil(next, windowOf(newest.sample))
}

function whereaboutsBefore({ at }: Position, { late }: MaskedFold): Whereabouts {
  return late !== undefined && at >= late.placedAt ? late.whereabouts : unknownWhereabouts
}

/**
 * Kept with each step of the ride. Of so many in a window no receiver is the source, and they may all be of one instant: they are
 * not kept back.
 */
const mostWaiting = 1_000

/** Milliseconds. Watchers see the rider by so much later; and who sees where a window ends sees the clock. */
const windowMs = 10_000

function windowOf({ at }: Position): number {
  return Math.floor(at / windowMs)
}

function allShown(fold: MaskedFold): MaskedStep {
  return shownUntil(fold, Number.POSITIVE_INFINITY)
}

/** Shows what waits of the windows before this one, each by itself. */
function shownUntil(fold: MaskedFold, window: number): MaskedStep {
  const over = fold.waiting.filter(({ sample }) => windowOf(sample) < window)
  if (over.length === 0) return { fold, shown: [] }
  const waiting = fold.waiting.slice(over.length)
  let next: MaskedFold = { ...fold, waiting }
  const shown: RideEvent[] = []
  for (const samples of Map.groupBy(over, ({ sample }) => windowOf(sample)).values()) {
    const first = samples[0]!.sample
    const last = samples.at(-1)!.sample
    if (next.since === null) {
      shown.push({ ...next.started, at: first.at })
      next = { ...next, since: first.at, running: runningFrom(first.at) }
    }
    const running = runningAlong(next, samples)
    next = { ...next, until: Math.max(next.until ?? last.at, last.at), running: knownNumbers(running) }
    const positions = samples.map(({ sample }) => sample)
    shown.push({ type: 'RidePositionsRecorded', at: last.at, positions, progress: progressOf(running) })
  }
  return { fold: next, shown }
}

/** Nothing is measured across a stretch out of sight: there the timer stands still. */
function runningAlong({ running, until }: MaskedFold, samples: readonly Waiting[]): RunningNumbers {
  let along = running
  let lastShown = until
  let run: Position[] = []
  for (const { sample, isReturn } of samples) {
    // Late ones fill the gap that they belong to, wherever it is.
    if (isReturn && lastShown !== null && sample.at > lastShown) {
      if (run.length > 0) along = runningWith(along, run)
      run = []
      along = runningResumed(runningStopped(along, lastShown), sample.at)
    }
    lastShown = Math.max(lastShown ?? sample.at, sample.at)
    run.push(sample)
  }
  return run.length > 0 ? runningWith(along, run) : along
}

/**
 * The running numbers of a ride, kept up one upload at a time. They live in the ride's state, so that an upload costs
 * the same at the first kilometre and at the thousandth. When the ride is finished the track's own numbers take their place.
 */

import type { RideProgress } from './events.ts'
import { type End, endOf, endsBy, fillGaps, type WrittenGap, withGap } from './gaps.ts'
import { type History, historiesWith, isOrdinary, type Travelled, type Waypoint } from './histories.ts'
import type { Position } from './position.ts'
import { longestUsualMs, spacingAfter } from './spacing.ts'
import { legBetween } from './track/along.ts'
import { isUsable } from './track/usable.ts'

/** What is carried from upload to upload. Times in milliseconds, `distance` in metres. */
export interface RunningNumbers extends Travelled {
  /** The timer's total of all stretches before the present one. */
  readonly timerMs: number
  /** When the present stretch began; null while paused and after the end. */
  readonly stretchFrom: number | null
  /** The newest sample of the present stretch. */
  readonly lastAt: number | null
  /** The newest fix of the present stretch that a bicycle can have been at. */
  readonly fix: Waypoint | null
  readonly speed: number | null
  /** Other ways to read the fixes of the present stretch; none where nothing is in doubt. */
  readonly others?: readonly History[] | undefined
  /** Where uploads are missing that may still come, of all stretches. */
  readonly gaps?: readonly WrittenGap[] | undefined
  /** Between two samples, usually; unknown at first. */
  readonly spacingMs?: number | undefined
}

export function runningFrom(startedAt: number): RunningNumbers {
  return {
    distance: 0,
    movingMs: 0,
    timerMs: 0,
    stretchFrom: startedAt,
    lastAt: null,
    fix: null,
    speed: null,
  }
}

/**
 * Adds an upload. What is older than what came before fills the gap that it belongs to, in whichever stretch; what belongs to
 * none was measured already, or is from a pause.
 */
export function runningWith(running: RunningNumbers, positions: readonly Position[]): RunningNumbers {
  const ordered = [...positions].sort((a, b) => a.at - b.at)
  const { lastAt, stretchFrom } = running
  const firstNew = ordered.findIndex(
    ({ at }) => (lastAt === null || at > lastAt) && (stretchFrom === null || at >= stretchFrom),
  )
  const late = firstNew < 0 ? ordered : ordered.slice(0, firstNew)
  const filled = late.length === 0 ? running : withLate(running, late)
  return firstNew < 0 ? filled : extended(filled, ordered.slice(firstNew))
}

function withLate(running: RunningNumbers, late: readonly Position[]): RunningNumbers {
  if (running.gaps === undefined) return running
  const { distance, movingMs, gaps } = fillGaps(
    running.gaps,
    late.filter(isUsable),
    longestUsualMs(running.spacingMs),
  )
  return {
    ...running,
    distance: running.distance + distance,
    movingMs: running.movingMs + movingMs,
    gaps,
  }
}

function extended(running: RunningNumbers, positions: readonly Position[]): RunningNumbers {
  const spacingMs = spacingAfter(running.spacingMs, running.lastAt, positions)
  const next: Draft = { ...running, spacingMs }
  // Until a fix of the upload follows on the last one before it: in front of that one uploads may be missing.
  let isJoined = false
  for (const position of positions) {
    if (next.lastAt !== null && position.at <= next.lastAt) continue
    next.lastAt = position.at
    if (!isUsable(position)) continue
    const { at, latitude, longitude } = position
    const fix = { at, latitude, longitude }
    const before = next.fix
    const from = addFix(next, fix, position.speed)
    if (from === undefined) continue
    const isAnotherHistory = from !== before
    if (isAnotherHistory) dropGaps(next, from)
    if (isAnotherHistory || !isJoined) keepGap(next, from, endOf(fix))
    isJoined = true
  }
  return next
}

/** Only within one upload: whoever has the numbers before it keeps them as they were. */
type Draft = { -readonly [field in keyof RunningNumbers]: RunningNumbers[field] }

/** Which fix it follows on, null for the first; undefined where it is not in the history that is shown. */
function addFix(
  numbers: Draft,
  fix: Waypoint,
  measuredSpeed: number | undefined,
): Waypoint | null | undefined {
  const { fix: before, others } = numbers
  const usualMs = longestUsualMs(numbers.spacingMs)
  const leg = before === null ? undefined : legBetween(before, fix)
  let from: Waypoint | null | undefined = before
  if (before !== null && leg !== undefined && !others && isOrdinary(before, fix, leg.speed, usualMs)) {
    numbers.fix = fix
    numbers.distance += leg.distance
    numbers.movingMs += leg.movingMs
  } else {
    const shown: History = { fix: before, distance: 0, movingMs: 0, cost: 0 }
    const after = historiesWith([shown, ...(others ?? [])], fix, usualMs)
    show(numbers, after.histories)
    from = after.from
  }
  if (numbers.fix !== fix) return undefined
  numbers.speed = measuredSpeed ?? leg?.speed ?? null
  return from
}

function show(numbers: Draft, [shown, ...others]: readonly History[]): void {
  if (shown === undefined) return
  const { distance, movingMs, cost } = shown
  numbers.fix = shown.fix
  numbers.distance += distance
  numbers.movingMs += movingMs
  const beyond = others.map((history) => ({
    fix: history.fix,
    // A state is written with every upload: a millimetre is enough.
    distance: Math.round((history.distance - distance) * 1000) / 1000,
    movingMs: history.movingMs - movingMs,
    cost: history.cost - cost,
  }))
  numbers.others = beyond.length === 0 ? undefined : beyond
}

/** Behind `before`, or behind the stretch's beginning. */
function keepGap(numbers: Draft, before: Waypoint | null, after: End): void {
  const { stretchFrom, gaps = [], spacingMs } = numbers
  if (before === null && stretchFrom === null) return
  const from: End = before === null ? [stretchFrom!] : endOf(before)
  const kept = withGap(gaps, from, after, longestUsualMs(spacingMs))
  if (kept.length > 0) numbers.gaps = kept
}

/** Those whose ends were in the history that was shown until now, and are not in the one that parted from it at `from`. */
function dropGaps(numbers: Draft, from: Waypoint | null): void {
  const partedAt = from?.at ?? numbers.stretchFrom
  if (partedAt !== null) numbers.gaps = numbers.gaps?.filter((gap) => endsBy(gap, partedAt))
}

/** Stops the timer at `at`. */
export function runningStopped(running: RunningNumbers, at: number): RunningNumbers {
  if (running.stretchFrom === null) return running
  const timerMs = running.timerMs + Math.max(0, at - running.stretchFrom)
  const stopped: Draft = { ...running }
  keepGap(stopped, running.fix, [at])
  return { ...stopped, ...betweenStretches, timerMs, stretchFrom: null }
}

/** Starts a stretch at `at`; nothing is measured across the pause before it. */
export function runningResumed(running: RunningNumbers, at: number): RunningNumbers {
  return { ...running, ...betweenStretches, stretchFrom: at }
}

const betweenStretches = { lastAt: null, fix: null, speed: null, others: undefined } as const

/** The numbers to show: distance to the centimetre, times to the millisecond. */
export function progressOf(running: RunningNumbers): RideProgress {
  const present =
    running.stretchFrom === null
      ? 0
      : Math.max(0, (running.lastAt ?? running.stretchFrom) - running.stretchFrom)
  return {
    distance: Math.round(running.distance * 100) / 100,
    movingTime: running.movingMs / 1000,
    timerTime: (running.timerMs + present) / 1000,
    speed: running.speed === null ? null : Math.round(running.speed * 100) / 100,
  }
}

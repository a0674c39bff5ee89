/** The running numbers as the state of a ride has them, and as they are shown. */
import type { RideProgress } from './events.ts'
import { type End, endOf, type WrittenGap, withGap } from './gaps.ts'
import type { History, Travelled, Waypoint } from './histories.ts'
import { longestUsualMs } from './spacing.ts'

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
  /** What the last stretch came to, while the ride is paused. */
  readonly paused?: PausedStretch | undefined
  /** Until when the timer ran at least, where the present stretch was paused for no time. */
  readonly resumedAt?: number | undefined
}

/** A pause of no length is none: a resume at the very instant goes on from here. */
export interface PausedStretch extends Pick<RunningNumbers, 'lastAt' | 'fix' | 'others'> {
  readonly at: number
  readonly stretchFrom: number
}

/** Only within one step: whoever has the numbers before it keeps them as they were. */
export type Draft = { -readonly [field in keyof RunningNumbers]: RunningNumbers[field] }

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
 * The fields there are now: a state that an older program
 * wrote may have others, which nobody would ever take out.
 */
export function knownNumbers(written: RunningNumbers): RunningNumbers {
  const { distance, movingMs, timerMs, stretchFrom, lastAt, fix, speed } = written
  const { others, gaps, spacingMs, paused, resumedAt } = written
  const doubts = { others, gaps, spacingMs, paused, resumedAt }
  return { distance, movingMs, timerMs, stretchFrom, lastAt, fix, speed, ...doubts }
}

/** Behind `before`, or behind the stretch's beginning. */
export function keepGap(numbers: Draft, before: Waypoint | null, after: End): void {
  const { stretchFrom, gaps = [], spacingMs } = numbers
  if (before === null && stretchFrom === null) return
  const from: End = before === null ? [stretchFrom!] : endOf(before)
  const kept = withGap(gaps, from, after, longestUsualMs(spacingMs))
  if (kept.length > 0) numbers.gaps = kept
}

/** The numbers to show: distance to the centimetre, times to the millisecond. */
export function progressOf(running: RunningNumbers): RideProgress {
  const { stretchFrom, lastAt, resumedAt } = running
  const present =
    stretchFrom === null
      ? 0
      : Math.max(lastAt ?? stretchFrom, resumedAt ?? stretchFrom, stretchFrom) - stretchFrom
  return {
    distance: Math.round(running.distance * 100) / 100,
    movingTime: running.movingMs / 1000,
    timerTime: (running.timerMs + present) / 1000,
    speed: running.speed === null ? null : Math.round(running.speed * 100) / 100,
  }
}

/** The running numbers from stretch to stretch of a ride: pause, resume, end. */
import { type Draft, keepGap, type RunningNumbers } from './running-numbers.ts'

/** Stops the timer at `at`; it may go on from there. */
export function runningStopped(running: RunningNumbers, at: number): RunningNumbers {
  const { stretchFrom, lastAt, fix, others } = running
  if (stretchFrom === null) return running
  return { ...stopped(running, stretchFrom, at), paused: { at, stretchFrom, lastAt, fix, others } }
}

/** Stops the timer at `at` for good. */
export function runningEnded(running: RunningNumbers, at: number): RunningNumbers {
  const { stretchFrom } = running
  return stretchFrom === null ? { ...running, paused: undefined } : stopped(running, stretchFrom, at)
}

/**
 * Goes on with the stretch that was paused at `at`, as the track does (`track.ts`), or starts another: then
 * nothing is measured across the pause before it.
 */
export function runningResumed(running: RunningNumbers, at: number): RunningNumbers {
  const { paused } = running
  if (paused === undefined) return { ...running, ...betweenStretches, stretchFrom: at }
  const { at: pausedAt, ...stretch } = paused
  if (pausedAt === at) {
    const timerMs = running.timerMs - lengthOf(stretch.stretchFrom, at)
    return { ...running, ...stretch, timerMs, paused: undefined, resumedAt: at }
  }
  // Only now: while the ride is paused nothing comes that could be missing there.
  const behind: Draft = { ...running, ...stretch }
  keepGap(behind, stretch.fix, [pausedAt])
  return { ...behind, ...betweenStretches, stretchFrom: at }
}

function stopped(running: RunningNumbers, stretchFrom: number, at: number): RunningNumbers {
  const timerMs = running.timerMs + lengthOf(stretchFrom, at)
  return { ...running, ...betweenStretches, timerMs, stretchFrom: null }
}

function lengthOf(stretchFrom: number, at: number): number {
  return Math.max(0, at - stretchFrom)
}

const betweenStretches = {
  lastAt: null,
  fix: null,
  speed: null,
  others: undefined,
  paused: undefined,
  resumedAt: undefined,
} as const

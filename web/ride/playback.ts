/**
 * A ride played back: a clock that runs so many times as fast as the rider's, leaps over his pauses, and stops at the end.
 *
 * Pure: what passes of our time comes in, the moment of the ride comes out.
 */
import type { Samples } from './samples.ts'

export const playbackSpeeds = [1, 5, 10, 30, 60] as const
export type PlaybackSpeed = (typeof playbackSpeeds)[number]

/** While the timer ran: seconds since the start. */
export interface Running {
  readonly from: number
  readonly to: number
}

export function runningOf({ time, segment }: Pick<Samples, 'time' | 'segment'>): Running[] {
  const running: { from: number; to: number }[] = []
  let current = -1
  for (const [index, at] of time.entries()) {
    const last = running.at(-1)
    if (last !== undefined && segment[index] === current) last.to = at
    else running.push({ from: at, to: at })
    current = segment[index] ?? -1
  }
  return running
}

/** Where the clock is so many seconds of the ride after `at`. */
export function advance(running: readonly Running[], at: number, seconds: number): number {
  let now = at
  let left = seconds
  for (const { from, to } of running) {
    if (to < now) continue
    now = Math.max(now, from)
    if (now + left <= to) return now + left
    left -= to - now
    now = to
  }
  return now
}

export function endOf(running: readonly Running[]): number {
  return running.at(-1)?.to ?? 0
}

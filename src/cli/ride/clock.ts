/**
 * Time as an argument: a replay waits a lot, and its tests must not.
 */

import { setTimeout as delay } from 'node:timers/promises'

export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number
  /** Resolves after that many milliseconds, or at once when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
}

/**
 * The longest a timer of Node can wait; a caller that must wait longer looks at the clock and waits again.
 */
const longestTimerMs = 2 ** 31 - 1

export const systemClock: Clock = {
  now: Date.now,
  wait: async (ms, signal) => {
    try {
      await delay(Math.min(ms, longestTimerMs), undefined, { signal })
    } catch (error) {
      if (!signal.aborted) throw error
    }
  },
}

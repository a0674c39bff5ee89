/**
 * A clock for which waiting takes no time: it jumps to where it was asked to wait until. Between two waits
 * the event loop turns once, so that sockets get their turn.
 */

import type { Clock } from '#cli/ride/clock.ts'

export interface ImpatientClock extends Clock {
  /** How long each wait was meant to be, in milliseconds. */
  readonly waits: readonly number[]
}

export function impatientClock(now = 0): ImpatientClock {
  const waits: number[] = []
  return {
    waits,
    now: () => now,
    wait: async (ms, signal) => {
      if (signal.aborted) return
      waits.push(ms)
      now += ms
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

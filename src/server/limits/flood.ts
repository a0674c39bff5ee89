/** How many messages a socket may send: whoever sends more is cut off, before anything is done for it. */
import { full, type Rate, take } from './bucket.ts'

export interface Flood {
  /** Whether this message is one too many. */
  isTooMany(): boolean
}

/** As many at once as in this time. */
const windowMs = 10_000

/** @param now milliseconds of a clock that is never set back. */
export function watchFlood(messagesPerSecond: number, now: () => number = () => performance.now()): Flood {
  const rate: Rate = { quota: (messagesPerSecond * windowMs) / 1_000, windowMs }
  let fullAt = full
  return {
    isTooMany() {
      if (rate.quota === Number.POSITIVE_INFINITY) return false
      const taking = take(fullAt, 1, rate, now())
      if (taking.outcome === 'refused') return true
      fullAt = taking.fullAt
      return false
    },
  }
}

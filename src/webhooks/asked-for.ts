/**
 * How often a rider may have messages sent by hand: the address need not be his, and none of what happens to rides bounds it. Counted
 * in this process alone.
 */
import { LRUCache } from 'lru-cache'

export interface AskedFor {
  /** Undefined: it may be sent, and was counted. Else after how many seconds it may be asked for again. */
  take(riderId: string): number | undefined
}

/** Pings and what is sent again, of all his webhooks. */
export const mostAskedFor = 20
const windowMs = 60_000
/** Who is forgotten has asked for nothing for long. */
const mostRiders = 10_000

/** @param now milliseconds of a clock that is never set back. */
export function countAskedFor(now: () => number): AskedFor {
  /** When each of the last minute was sent, the oldest first. */
  const sent = new LRUCache<string, readonly number[]>({ max: mostRiders })
  return {
    take(riderId) {
      const at = now()
      const recent = (sent.get(riderId) ?? []).filter((time) => at - time < windowMs)
      const [oldest] = recent
      if (oldest !== undefined && recent.length >= mostAskedFor) {
        return Math.ceil((oldest + windowMs - at) / 1_000)
      }
      sent.set(riderId, [...recent, at])
      return undefined
    },
  }
}

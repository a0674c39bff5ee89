/** How long to wait before trying again. */

export interface Backoff {
  readonly firstMs: number
  readonly longestMs: number
}

/**
 * Doubled with every attempt, counted from 1. Up to half of it is taken off at random, so that processes that lost the
 * database together do not come back to it together.
 */
export function backoffMs(attempt: number, { firstMs, longestMs }: Backoff, random: () => number): number {
  return Math.min(longestMs, firstMs * 2 ** (attempt - 1)) * (1 - random() / 2)
}

/**
 * A token bucket, as one number: the time at which it is full again (the "generic cell rate algorithm" of ATM, ITU-T I.371). What
 * is taken moves that time on; nothing has to be refilled. Times are milliseconds of a clock that is given.
 */

/** So many in each window: as many at once, and evenly from then on. */
export interface Rate {
  /** Infinity: as many as come. */
  readonly quota: number
  readonly windowMs: number
}

export type Taking =
  | { readonly outcome: 'taken'; readonly fullAt: number }
  /** Nothing was taken. */
  | { readonly outcome: 'refused'; readonly retryAfterMs: number }

/** A bucket that nothing was taken from. */
export const full = Number.NEGATIVE_INFINITY

/**
 * Where one is there, `count` are taken, into debt if need be: what comes in large pieces passes too, and what comes after it waits
 * the longer.
 */
export function take(fullAt: number, count: number, { quota, windowMs }: Rate, now: number): Taking {
  const each = windowMs / quota
  const from = Math.max(fullAt, now)
  const retryAfterMs = from + each - windowMs - now
  if (retryAfterMs > 0) return { outcome: 'refused', retryAfterMs }
  return { outcome: 'taken', fullAt: from + count * each }
}

export function remaining(fullAt: number, { quota, windowMs }: Rate, now: number): number {
  const missing = (Math.max(fullAt - now, 0) * quota) / windowMs
  return Math.max(0, Math.floor(quota - missing + roundingError))
}

/** A quota that does not divide its window gives a hair less than what is there. */
const roundingError = 1e-6

/** What of a file does not come into its ride, so that it can be said: why, and how often. */

export type LeftOutReason =
  /** A point without a time that can be read. */
  | 'NO_TIME'
  /** A point from before 1980: the clock of its device was not set yet. */
  | 'CLOCK_NOT_SET'
  /** A sample behind the last pause: a ride takes positions only while it is active, and this one did not go on. */
  | 'LAST_PAUSE'

export interface LeftOut {
  readonly reason: LeftOutReason
  readonly count: number
}

/** How often each reason occurs, in the order in which they first do. */
export function counted(reasons: Iterable<LeftOutReason>): readonly LeftOut[] {
  const counts = new Map<LeftOutReason, number>()
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].map(([reason, count]) => ({ reason, count }))
}

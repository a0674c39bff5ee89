/** How long something is good that one gives away: so many days, or for ever. */

export interface Lifetime {
  /** Days, or `ever`. */
  readonly value: `${number}` | 'ever'
  readonly label: string
}

/** Null: for ever. */
export function expiryOf(lifetime: string, now: Date): string | null {
  const days = Number(lifetime)
  return days > 0 ? new Date(now.getTime() + days * 86_400_000).toISOString() : null
}

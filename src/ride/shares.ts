/** Share links of a ride: who has one sees it, until it expires or is taken back. */

export interface RideShare {
  readonly id: string
  /** Milliseconds since 1970; null: until it is taken back. */
  readonly expiresAt: number | null
}

/** At one time. */
export const mostShares = 20

export function holds({ expiresAt }: RideShare, now: number): boolean {
  return expiresAt === null || now < expiresAt
}

/** Of what changed: who has the ride's link is nobody else's affair. */
export function isOfSharesAlone({ share, unshare, ...rest }: ShareChanges): boolean {
  return (share !== undefined || unshare !== undefined) && Object.keys(rest).length === 0
}

interface ShareChanges {
  readonly share?: RideShare
  readonly unshare?: string
}

/** Those that hold after a change. */
export function sharesAfter(
  shares: readonly RideShare[],
  { share, unshare }: ShareChanges,
  now: number,
): readonly RideShare[] {
  const kept = shares.filter((each) => holds(each, now) && each.id !== unshare && each.id !== share?.id)
  return share === undefined ? kept : [...kept, share]
}

/** Third differences: what of four samples is left when the parabola through them is taken away. */

/** A sample's share in the difference of four. */
export type Shares = readonly [number, number, number, number]

/**
 * Of samples at these times; undefined where two are at one. Divided differences (Newton), for any intervals, so scaled that
 * errors which are independent of each other come out with their own standard deviation: at even intervals
 * (-1, 3, -3, 1) / √20.
 */
export function thirdDifferenceShares(a: number, b: number, c: number, d: number): Shares | undefined {
  const shares: Shares = [
    1 / ((a - b) * (a - c) * (a - d)),
    1 / ((b - a) * (b - c) * (b - d)),
    1 / ((c - a) * (c - b) * (c - d)),
    1 / ((d - a) * (d - b) * (d - c)),
  ]
  const scale = Math.hypot(...shares)
  if (!Number.isFinite(scale)) return undefined
  return [shares[0] / scale, shares[1] / scale, shares[2] / scale, shares[3] / scale]
}

/**
 * The shares by the times since the first of the four. Most devices sample at even intervals, so those of the four before are
 * kept: to work them out takes longer than all else that is done with four samples.
 */
export function sharesByIntervals(): (b: number, c: number, d: number) => Shares | undefined {
  let known: {
    readonly b: number
    readonly c: number
    readonly d: number
    readonly shares: Shares | undefined
  }
  known = { b: 0, c: 0, d: 0, shares: undefined }
  return (b, c, d) => {
    if (b !== known.b || c !== known.c || d !== known.d) {
      known = { b, c, d, shares: thirdDifferenceShares(0, b, c, d) }
    }
    return known.shares
  }
}

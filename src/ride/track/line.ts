/** Fixes without a gap between them, and what their neighbours say of each. */
import { distanceBetween, metresPerDegree, type Place, shorterWay } from './geodesy.ts'
import type { Fix } from './segment.ts'

export interface Smoothed {
  readonly fixes: readonly Fix[]
  /** Metres by which the fixes moved: the root of the mean square. */
  readonly moved: number
  /** The same for errors of one metre an axis that are independent of each other, on a way that is smooth. */
  readonly moves: number
}

export interface Motion {
  /** Metres per second: the slope of the straight through the fixes; infinite for one that is alone, of which nobody can tell. */
  readonly speed: number
  /** Metres from their mean: the root of the mean square. */
  readonly spread: number
  /** How many they are. */
  readonly count: number
}

/** On either side: for sensors that sample a hundred times a second, which need no more to be smooth. */
const mostNeighbours = 64

export class Line {
  readonly #fixes: readonly Fix[]
  /** Seconds since the first fix. */
  readonly #times: Float64Array
  /** Degrees from the first fix, further than 180 where the line goes on over a meridian. */
  readonly #norths: Float64Array
  readonly #easts: Float64Array
  readonly #weights = new Float64Array(2 * mostNeighbours + 1)

  constructor(fixes: readonly Fix[]) {
    this.#fixes = fixes
    const first = fixes[0]!
    let east = 0
    let before = first.longitude
    this.#times = Float64Array.from(fixes, ({ at }) => (at - first.at) / 1000)
    this.#norths = Float64Array.from(fixes, ({ latitude }) => latitude - first.latitude)
    this.#easts = Float64Array.from(fixes, ({ longitude }) => {
      east += shorterWay(longitude - before)
      before = longitude
      return east
    })
  }

  meanInterval(): number {
    return this.#times.at(-1)! / (this.#times.length - 1)
  }

  /** At each fix, by those within `span` seconds. */
  motions(span: number): Motion[] {
    return this.#fixes.map(({ latitude }, index) => {
      const near = this.#near(index, span)
      const { s0, s1, s2 } = this.#weigh(index, near, Number.POSITIVE_INFINITY)
      const { metresNorth, metresEast } = metresPerDegree(latitude)
      const mean = this.#combined(index, near, { a: 1 / s0, b: 0, c: 0 })
      let squares = 0
      for (let at = near.from; at <= near.to; at++) {
        const north = (this.#norths[at]! - this.#norths[index]! - mean.north) * metresNorth
        const east = (this.#easts[at]! - this.#easts[index]! - mean.east) * metresEast
        squares += north * north + east * east
      }
      const variance = s0 * s2 - s1 * s1
      if (variance <= 0) return { speed: Number.POSITIVE_INFINITY, spread: 0, count: s0 }
      const slope = this.#combined(index, near, { a: -s1 / variance, b: s0 / variance, c: 0 })
      const speed = Math.hypot(slope.north * metresNorth, slope.east * metresEast)
      return { speed, spread: Math.sqrt(squares / s0), count: s0 }
    })
  }

  /**
   * Each run of fixes where the rider stands at its mean. The others are put on the parabola through their neighbours, weighted by
   * a Gaussian of time with `bandwidth` seconds, near the ends of the line on the straight (local polynomial regression; Fan
   * and Gijbels, Local Polynomial Modelling and Its Applications, 1996): bends of an even radius keep it.
   */
  smoothed(isStanding: readonly boolean[], bandwidth: number): Smoothed {
    const fixes: Fix[] = []
    let squares = 0
    let expected = 0
    const add = (index: number, { place, itself, all }: Estimate): void => {
      const fix = this.#fixes[index]!
      squares += distanceBetween(fix, place) ** 2
      // Of the error e of a fix and the weighted errors Σ w e' of all: the mean of (e - Σ w e')², on both axes.
      expected += 2 * Math.max(0, 1 - 2 * itself + all)
      fixes.push({ ...fix, ...place })
    }
    for (let index = 0; index < isStanding.length; index++) {
      if (!isStanding[index]) {
        add(index, this.#estimate(index, bandwidth))
        continue
      }
      const from = index
      while (isStanding[index + 1]) index++
      const share = 1 / (index - from + 1)
      const place = this.#mean({ from, to: index })
      for (let one = from; one <= index; one++) add(one, { place, itself: share, all: share })
    }
    const count = this.#fixes.length
    return { fixes, moved: Math.sqrt(squares / count), moves: Math.sqrt(expected / count) }
  }

  #estimate(index: number, bandwidth: number): Estimate {
    const reach = 4 * bandwidth
    const near = this.#near(index, reach)
    const time = this.#times[index]!
    const isAtEnd = Math.min(time, this.#times.at(-1)! - time) < 1.5 * bandwidth
    const value = valueAtZero(this.#weigh(index, near, bandwidth), isAtEnd)
    const combined = this.#combined(index, near, value)
    return { place: this.#beside(index, combined), itself: value.a, all: combined.all }
  }

  #near(index: number, reach: number): Range {
    const middle = this.#times[index]!
    const [first, last] = [
      Math.max(0, index - mostNeighbours),
      Math.min(this.#times.length - 1, index + mostNeighbours),
    ]
    let [from, to] = [index, index]
    while (from > first && middle - this.#times[from - 1]! <= reach) from--
    while (to < last && this.#times[to + 1]! - middle <= reach) to++
    return { from, to }
  }

  /** Weighs the fixes around one, and sums up the powers of their times, counted from it. */
  #weigh(index: number, { from, to }: Range, bandwidth: number): Moments {
    const moments = { s0: 0, s1: 0, s2: 0, s3: 0, s4: 0 }
    for (let at = from; at <= to; at++) {
      const time = this.#times[at]! - this.#times[index]!
      const square = time * time
      const weight = bandwidth === Number.POSITIVE_INFINITY ? 1 : Math.exp((-0.5 * square) / bandwidth ** 2)
      this.#weights[at - from] = weight
      moments.s0 += weight
      moments.s1 += weight * time
      moments.s2 += weight * square
      moments.s3 += weight * square * time
      moments.s4 += weight * square * square
    }
    return moments
  }

  /** Degrees from the fix in the middle, by the weights as they were just set, and the sum of the shares' squares. */
  #combined(index: number, { from, to }: Range, { a, b, c }: Factors) {
    const sums = { north: 0, east: 0, all: 0 }
    const [middleNorth, middleEast] = [this.#norths[index]!, this.#easts[index]!]
    for (let at = from; at <= to; at++) {
      const time = this.#times[at]! - this.#times[index]!
      const share = this.#weights[at - from]! * (a + (b + c * time) * time)
      sums.north += share * (this.#norths[at]! - middleNorth)
      sums.east += share * (this.#easts[at]! - middleEast)
      sums.all += share * share
    }
    return sums
  }

  #mean({ from, to }: Range): Place {
    let [north, east] = [0, 0]
    for (let at = from; at <= to; at++) {
      north += this.#norths[at]! - this.#norths[from]!
      east += this.#easts[at]! - this.#easts[from]!
    }
    const count = to - from + 1
    return this.#beside(from, { north: north / count, east: east / count })
  }

  #beside(index: number, { north, east }: { readonly north: number; readonly east: number }): Place {
    const { latitude, longitude } = this.#fixes[index]!
    return { latitude: toUnit(latitude + north), longitude: toUnit(shorterWay(longitude + east)) }
  }
}

/** A fix's place by its neighbours; of their shares in it: the fix's own, and the sum of all their squares. */
interface Estimate {
  readonly place: Place
  readonly itself: number
  readonly all: number
}

/** Indexes of fixes, both included. */
interface Range {
  readonly from: number
  readonly to: number
}

interface Moments {
  readonly s0: number
  readonly s1: number
  readonly s2: number
  readonly s3: number
  readonly s4: number
}

/** What each value counts in a sum of all: its weight × (a + b time + c time²). */
interface Factors {
  readonly a: number
  readonly b: number
  readonly c: number
}

/**
 * What the weighted polynomial through values has at time 0. The first row of the inverse of the matrix of moments, by Cramer's
 * rule.
 */
function valueAtZero({ s0, s1, s2, s3, s4 }: Moments, isStraight: boolean): Factors {
  const minor = s2 * s4 - s3 * s3
  const determinant = s0 * minor - s1 * (s1 * s4 - s2 * s3) + s2 * (s1 * s3 - s2 * s2)
  if (!isStraight && determinant > 1e-9 * s0 * s2 * s4) {
    return {
      a: minor / determinant,
      b: (s2 * s3 - s1 * s4) / determinant,
      c: (s1 * s3 - s2 * s2) / determinant,
    }
  }
  const spread = s0 * s2 - s1 * s1
  return spread > 0 ? { a: s2 / spread, b: -s1 / spread, c: 0 } : { a: 1 / s0, b: 0, c: 0 }
}

/** To the log's units. */
function toUnit(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7
}

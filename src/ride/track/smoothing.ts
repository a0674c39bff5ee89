/**
 * Smoothing. The sum of legs between fixes that err independently of each other comes out too long: 3 m a second make 10 km into
 * 11. Receivers of bicycle computers and most phones filter by themselves (their errors wander slowly, which lengthens
 * nothing), and their fixes are left as they are; where fixes do jitter, they are smoothed just as much as it takes.
 */
import { movingSpeed } from './along.ts'
import { distanceBetween, metresPerDegree, type Place, shorterWay } from './geodesy.ts'
import { jitterOf } from './jitter.ts'
import { isPossible } from './possible.ts'
import type { Fix, Segment } from './segment.ts'

/**
 * Metres, one standard deviation an axis. Recordings of bicycle computers have up to 0.4 by this measure, which is their riders'
 * own turning: smoothed, a trail in the woods came out 2 % too short. Real jitter is as large as the satellites' error.
 */
const jitterBound = 1

/** Each segment by itself: what was smoothed once, or cannot be, is left as it is when it is looked at again. */
export function withoutJitter(segment: Segment): Segment {
  const jitter = jitterOf(segment)
  return jitter <= jitterBound ? segment : smoothed(segment, jitter)
}

/** Seconds on either side that tell how fast the rider goes: 3 m of jitter leave 0.15 m/s of error an axis. */
const speedSpan = 8
/** Of the length that jitter may still add: a part in two thousand. */
const addedLength = 0.0005

/**
 * Where the rider stands, all fixes are at their mean. Elsewhere each is at the mean of its neighbours, weighted by a Gaussian
 * of time (Nadaraya and Watson; positive weights turn nobody round), near the ends of the line on the straight through them
 * (local linear regression; Fan and Gijbels, Local Polynomial Modelling and Its Applications, 1996). With bandwidth h, fixes
 * every dt seconds and jitter s, what is left of it moves the place by s² dt / (4 √π h³) a second squared, an axis; across the
 * way, at speed v, that lengthens it by half of this over v². Solved for h, with the speed that three quarters of the ride
 * exceed.
 */
function smoothed(segment: Segment, jitter: number): Segment {
  const fixes = unbroken(segment.fixes).flatMap((line) => smoothedLine(line, jitter))
  // At the edge of what is possible it may push a leg over it: rather some jitter than a place that nobody can have been at.
  if (fixes.some((fix, index) => index > 0 && !isPossible(fixes[index - 1]!, fix))) return segment
  const byTime = new Map(fixes.map((fix) => [fix.at, fix]))
  return { ...segment, fixes, samples: segment.samples.map((sample) => byTime.get(sample.at) ?? sample) }
}

/** Behind a gap the way has nothing to do with the one before it. */
const gapMs = 5_000

function unbroken(fixes: readonly Fix[]): Fix[][] {
  const lines: Fix[][] = []
  for (const [index, fix] of fixes.entries()) {
    const before = fixes[index - 1]
    if (before !== undefined && fix.at - before.at <= gapMs) lines.at(-1)!.push(fix)
    else lines.push([fix])
  }
  return lines
}

function smoothedLine(fixes: readonly Fix[], jitter: number): readonly Fix[] {
  if (fixes.length < 4) return fixes
  const line = new Line(fixes)
  const speeds = fixes.map((_, index) => line.speedAround(index))
  const moving = speeds.filter((speed) => speed >= movingSpeed).sort((a, b) => a - b)
  const slow = Math.max(1, moving[moving.length >> 2] ?? 0)
  const variance = jitter * jitter * line.medianInterval()
  const bandwidth = Math.cbrt(variance / (8 * Math.sqrt(Math.PI) * addedLength * slow * slow))
  const standing = line.standing(speeds)
  const moved = fixes.map((_, index) => standing[index] ?? line.weighted(index, bandwidth))
  return isWithin(fixes, moved, jitter) ? moved : fixes
}

/**
 * Of the jitter on both axes together (1.4 times as much). Smoothing takes jitter away and no more: where the fixes move further
 * than they err, it was the way that turned, and a corner is not to be cut.
 */
const mostMoved = 1.4 * 1.15

function isWithin(fixes: readonly Fix[], moved: readonly Fix[], jitter: number): boolean {
  const squares = fixes.reduce((sum, fix, index) => sum + distanceBetween(fix, moved[index]!) ** 2, 0)
  return Math.sqrt(squares / fixes.length) <= mostMoved * jitter
}

/** On either side: for sensors that sample a hundred times a second, which need no more to be smooth. */
const mostNeighbours = 64

/** Fixes of one way: times in seconds from the first, places in degrees from the one that is looked at, so that no meridian is in the way. */
class Line {
  readonly #fixes: readonly Fix[]
  readonly #times: readonly number[]

  constructor(fixes: readonly Fix[]) {
    this.#fixes = fixes
    this.#times = fixes.map(({ at }) => (at - fixes[0]!.at) / 1000)
  }

  medianInterval(): number {
    const intervals = this.#times.slice(1).map((time, index) => time - this.#times[index]!)
    return intervals.sort((a, b) => a - b)[intervals.length >> 1]!
  }

  /** Metres per second: the slope of the line through the fixes around. */
  speedAround(index: number): number {
    const sums = this.#sums(index, speedSpan, () => 1)
    const spread = sums.weights * sums.squares - sums.times * sums.times
    if (spread <= 0) return 0
    const { metresNorth, metresEast } = metresPerDegree(this.#fixes[index]!.latitude)
    const north = ((sums.weights * sums.timesNorth - sums.times * sums.norths) / spread) * metresNorth
    const east = ((sums.weights * sums.timesEast - sums.times * sums.easts) / spread) * metresEast
    return Math.hypot(north, east)
  }

  /** The fixes of each run in which the rider stands, at their mean; nothing at the others. */
  standing(speeds: readonly number[]): (Fix | undefined)[] {
    const result: (Fix | undefined)[] = speeds.map(() => undefined)
    for (let from = 0; from < speeds.length; from++) {
      if (speeds[from]! >= movingSpeed) continue
      let to = from
      while (to + 1 < speeds.length && speeds[to + 1]! < movingSpeed) to++
      const mean = this.#mean(from, to)
      for (let index = from; index <= to; index++) result[index] = { ...this.#fixes[index]!, ...mean }
      from = to
    }
    return result
  }

  weighted(index: number, bandwidth: number): Fix {
    const reach = 3 * bandwidth
    const sums = this.#sums(index, reach, (time) => Math.exp(-0.5 * (time / bandwidth) ** 2))
    const { weights, times, squares, norths, easts, timesNorth, timesEast } = sums
    const time = this.#times[index]!
    const spread = weights * squares - times * times
    const isAtEnd = time < reach || this.#times.at(-1)! - time < reach
    if (!isAtEnd || spread <= 0) return this.#at(index, norths / weights, easts / weights)
    return this.#at(
      index,
      (squares * norths - times * timesNorth) / spread,
      (squares * easts - times * timesEast) / spread,
    )
  }

  /** Weighted sums over the fixes within so many seconds, times from the one in the middle. */
  #sums(index: number, reach: number, weightAt: (time: number) => number) {
    const sums = { weights: 0, times: 0, squares: 0, norths: 0, easts: 0, timesNorth: 0, timesEast: 0 }
    const middle = this.#times[index]!
    const { latitude, longitude } = this.#fixes[index]!
    let at = index
    const [first, last] = [
      Math.max(0, index - mostNeighbours),
      Math.min(this.#times.length - 1, index + mostNeighbours),
    ]
    while (at > first && middle - this.#times[at - 1]! <= reach) at--
    for (; at <= last && this.#times[at]! - middle <= reach; at++) {
      const time = this.#times[at]! - middle
      const weight = weightAt(time)
      const north = this.#fixes[at]!.latitude - latitude
      const east = shorterWay(this.#fixes[at]!.longitude - longitude)
      sums.weights += weight
      sums.times += weight * time
      sums.squares += weight * time * time
      sums.norths += weight * north
      sums.easts += weight * east
      sums.timesNorth += weight * time * north
      sums.timesEast += weight * time * east
    }
    return sums
  }

  #mean(from: number, to: number): Place {
    const { latitude, longitude } = this.#fixes[from]!
    let north = 0
    let east = 0
    for (const fix of this.#fixes.slice(from, to + 1)) {
      north += fix.latitude - latitude
      east += shorterWay(fix.longitude - longitude)
    }
    const count = to - from + 1
    return placeAt(latitude + north / count, longitude + east / count)
  }

  #at(index: number, north: number, east: number): Fix {
    const fix = this.#fixes[index]!
    return { ...fix, ...placeAt(fix.latitude + north, fix.longitude + east) }
  }
}

function placeAt(latitude: number, longitude: number): Place {
  return { latitude: toUnit(latitude), longitude: toUnit(shorterWay(longitude)) }
}

/** To the log's units. */
function toUnit(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7
}

/**
 * Jitter. The sum of legs between fixes that err independently of each other comes out too long: 3 m a second make 10 km into
 * 11. Receivers of bicycle computers and most phones filter by themselves (their errors wander slowly, which lengthens
 * nothing), so their fixes are left as they are; where fixes do jitter, they are smoothed just as much as it takes.
 */
import { distanceBetween, metresPerDegree, shorterWay } from './geodesy.ts'
import type { Fix, Segment } from './segment.ts'

/**
 * Metres, one standard deviation an axis, from which on fixes are smoothed. Recordings of bicycle computers have 0.1 to 0.4
 * by this measure, which is their riders' own turning and braking.
 */
const jitterBound = 1
/** Jitter shows in samples of a second or so; between sparser ones a rider turns, and what he does is no jitter. */
const closeMs = 1_500
/** So few cannot tell. */
const fewestSamples = 60

export function withoutJitter(segments: readonly Segment[]): readonly Segment[] {
  const jitter = jitterOf(segments)
  return jitter <= jitterBound ? segments : segments.map((segment) => smoothed(segment, jitter))
}

/**
 * The standard deviation of the fixes' errors, in metres an axis, as far as they are independent of each other. Third
 * differences of a smooth way nearly vanish; those of errors have 1 + 9 + 9 + 1 times the errors' variance. Taken by the median,
 * which is 0.6745 standard deviations of what is normally distributed, so that outliers count for little.
 */
export function jitterOf(segments: readonly Segment[]): number {
  const differences: number[] = []
  for (const { fixes } of segments) {
    for (let index = 3; index < fixes.length; index++) {
      const [a, b, c, d] = [fixes[index - 3]!, fixes[index - 2]!, fixes[index - 1]!, fixes[index]!]
      const gap = b.at - a.at
      if (gap > closeMs || !isAlike(c.at - b.at, gap) || !isAlike(d.at - c.at, gap)) continue
      const { metresNorth, metresEast } = metresPerDegree(b.latitude)
      const north = d.latitude - 3 * c.latitude + 3 * b.latitude - a.latitude
      const [ab, ac, ad] = [b, c, d].map((fix) => shorterWay(fix.longitude - a.longitude)) as [
        number,
        number,
        number,
      ]
      const east = ad - 3 * ac + 3 * ab
      differences.push(Math.abs(north) * metresNorth, Math.abs(east) * metresEast)
    }
  }
  if (differences.length < 2 * fewestSamples) return 0
  differences.sort((a, b) => a - b)
  return differences[differences.length >> 1]! / 0.6745 / Math.sqrt(20)
}

function isAlike(gap: number, other: number): boolean {
  return Math.abs(gap - other) <= other / 5
}

/** Of the length that jitter may still add: a part in two thousand. */
const addedLength = 0.0005
/** Metres per second: slower is standing, where any jitter adds length. */
const slowest = 0.5
/** Seconds on either side that tell how fast the rider goes. */
const speedSpan = 10

/**
 * Each fix moved to where a line through its neighbours, weighted by a Gaussian of time, is at its time (local linear
 * regression; Fan & Gijbels, Local Polynomial Modelling, 2.2). With bandwidth h (seconds), fixes each dt and jitter s what is
 * left of it moves a place by s² dt / (4 √π h³) a second squared, an axis; across the way, at speed v, that lengthens it by
 * half of this over v². Solved for h.
 */
function smoothed(segment: Segment, jitter: number): Segment {
  const { fixes } = segment
  if (fixes.length < 4) return segment
  const interval = medianInterval(fixes)
  const moved = fixes.map((_, index) => {
    const speed = Math.max(slowest, speedAround(fixes, index))
    const bandwidth = Math.cbrt(
      (jitter * jitter * interval) / (4 * Math.sqrt(Math.PI) * 2 * addedLength * speed * speed),
    )
    return regression(fixes, index, bandwidth * 1000)
  })
  const byTime = new Map(moved.map((fix) => [fix.at, fix]))
  return {
    ...segment,
    fixes: moved,
    samples: segment.samples.map((sample) => byTime.get(sample.at) ?? sample),
  }
}

function medianInterval(fixes: readonly Fix[]): number {
  const gaps = fixes.slice(1).map((fix, index) => fix.at - fixes[index]!.at)
  return gaps.sort((a, b) => a - b)[gaps.length >> 1]! / 1000
}

/** Metres per second in the seconds before or after, whichever is more: he may just have stopped, or turned. */
function speedAround(fixes: readonly Fix[], index: number): number {
  const fix = fixes[index]!
  let [first, last] = [index, index]
  while (first > 0 && fix.at - fixes[first]!.at < speedSpan * 1000) first--
  while (last < fixes.length - 1 && fixes[last]!.at - fix.at < speedSpan * 1000) last++
  return Math.max(speedBetween(fixes[first]!, fix), speedBetween(fix, fixes[last]!))
}

function speedBetween(from: Fix, to: Fix): number {
  return to.at === from.at ? 0 : (distanceBetween(from, to) * 1000) / (to.at - from.at)
}

function regression(fixes: readonly Fix[], index: number, bandwidthMs: number): Fix {
  const centre = fixes[index]!
  let [weights, times, squares, norths, easts, timesNorth, timesEast] = [0, 0, 0, 0, 0, 0, 0]
  const add = (fix: Fix): boolean => {
    const time = (fix.at - centre.at) / bandwidthMs
    if (Math.abs(time) > 3) return false
    const weight = Math.exp(-0.5 * time * time)
    const north = fix.latitude - centre.latitude
    const east = shorterWay(fix.longitude - centre.longitude)
    weights += weight
    times += weight * time
    squares += weight * time * time
    norths += weight * north
    easts += weight * east
    timesNorth += weight * time * north
    timesEast += weight * time * east
    return true
  }
  for (let at = index; at >= 0 && add(fixes[at]!); at--);
  for (let at = index + 1; at < fixes.length && add(fixes[at]!); at++);
  const spread = weights * squares - times * times
  if (spread <= 1e-9 * weights * weights) return centre
  const latitude = centre.latitude + (squares * norths - times * timesNorth) / spread
  const longitude = centre.longitude + (squares * easts - times * timesEast) / spread
  return { ...centre, latitude: toUnit(latitude), longitude: toUnit(shorterWay(longitude)) }
}

/** To the log's units. */
function toUnit(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7
}

/** How much fixes jitter: err independently of each other. */
import { metresPerDegree, shorterWay } from './geodesy.ts'
import type { Fix, Segment } from './segment.ts'

/** Jitter shows in samples this close; between sparser ones a rider turns, and what he does is no jitter. */
const closeMs = 2_500
/** So few cannot tell. */
const fewest = 120
/**
 * The ninth decile of what is normally distributed is 2.44 times its median. What riders do is rare and strong: in recordings
 * of bicycle computers, whose fixes do not jitter, it is 3.6 times and more.
 */
const normalTail = 3

/**
 * The standard deviation of the fixes' errors, in metres an axis, as far as they are independent of each other; 0 where they
 * are not. Third differences of a smooth way nearly vanish; those of errors have 1 + 9 + 9 + 1 times the errors' variance, and
 * are normally distributed as they are. Taken by the median, which is 0.6745 standard deviations.
 */
export function jitterOf({ fixes }: Pick<Segment, 'fixes'>): number {
  const differences = thirdDifferences(fixes).sort((a, b) => a - b)
  if (differences.length < fewest) return 0
  const median = differences[differences.length >> 1]!
  const ninthDecile = differences[Math.floor(differences.length * 0.9)]!
  return ninthDecile > normalTail * median ? 0 : median / 0.6745 / Math.sqrt(20)
}

/** Metres, without signs, north and east, of every four fixes at equal close intervals. */
function thirdDifferences(fixes: readonly Fix[]): number[] {
  const differences: number[] = []
  for (let index = 3; index < fixes.length; index++) {
    const [a, b, c, d] = [fixes[index - 3]!, fixes[index - 2]!, fixes[index - 1]!, fixes[index]!]
    const interval = b.at - a.at
    if (interval > closeMs || !isAlike(c.at - b.at, interval) || !isAlike(d.at - c.at, interval)) continue
    const { metresNorth, metresEast } = metresPerDegree(b.latitude)
    const north = d.latitude - 3 * c.latitude + 3 * b.latitude - a.latitude
    const east =
      shorterWay(d.longitude - a.longitude) -
      3 * shorterWay(c.longitude - a.longitude) +
      3 * shorterWay(b.longitude - a.longitude)
    differences.push(Math.abs(north) * metresNorth, Math.abs(east) * metresEast)
  }
  return differences
}

function isAlike(interval: number, other: number): boolean {
  return Math.abs(interval - other) <= other / 5
}

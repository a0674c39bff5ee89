/** How much fixes jitter: err independently of each other. */
import { metresPerDegree, shorterWay } from './geodesy.ts'
import { median } from './median.ts'
import type { Fix } from './segment.ts'
import { sharesByIntervals } from './third-difference.ts'

/** Between sparser samples a rider turns more than a receiver errs. */
const closeMs = 5_500
/**
 * The ninth decile of what is normally distributed is 2.44 times its median. What riders do is rare and strong: in recordings
 * of bicycle computers, whose fixes do not jitter, it is 3.5 times and more wherever they turn further than `jitterBound`.
 */
const normalTail = 3

/**
 * Metres, one standard deviation an axis. Recordings of bicycle computers have up to 0.4 by this measure at a sample a second, 0.8
 * at two and 2.3 at five, which is their riders' own turning: smoothed, a trail in the woods came out 2 % too short. Real
 * jitter is as large as the satellites' error.
 */
function jitterBound(intervalMs: number): number {
  return Math.max(1, 0.6 * (intervalMs / 1000))
}

/**
 * Whether the fixes' errors show: undefined where there are too few to tell. They do where the third differences are larger than
 * what riders make, and normally distributed. `fewest` differences tell it of samples a second apart; in sparser ones turning
 * looks more like errors, and parts of recordings were taken for jittery by half as many as are asked for here.
 */
export function doJitter(lines: readonly (readonly Fix[])[], fewest: number): boolean | undefined {
  const differences = differencesOf(lines)
  const { length } = differences.metres
  const seconds = median(differences.intervalsMs) / 1000
  if (length === 0 || length < fewest * Math.max(1, seconds) ** 1.5) return undefined
  const deviation = deviationOf(differences)
  const ninthDecile = differences.metres[Math.floor(length * 0.9)]!
  return deviation > 0 && ninthDecile <= normalTail * differences.metres[length >> 1]!
}

/** So few cannot tell how large it is. */
const fewestOfLine = 30

/**
 * The standard deviation of a line's errors, in metres an axis, as far as they are independent of each other; 0 where they are
 * too small to be told from the rider's own turning, or too few.
 */
export function jitterOf(line: readonly Fix[]): number {
  const differences = differencesOf([line])
  return differences.metres.length < fewestOfLine ? 0 : deviationOf(differences)
}

/** Third differences, in metres without signs, north and east, of every four fixes at close intervals; and these intervals. */
interface Differences {
  readonly metres: Float64Array
  readonly intervalsMs: Float64Array
}

/**
 * Third differences of a smooth way nearly vanish; those of errors are errors of the same size, normally distributed as they
 * are. Taken by the median, which is 0.6745 standard deviations. Sorts them.
 */
function deviationOf({ metres, intervalsMs }: Differences): number {
  const deviation = median(metres) / 0.6745
  return deviation > jitterBound(median(intervalsMs)) ? deviation : 0
}

function differencesOf(lines: readonly (readonly Fix[])[]): Differences {
  const metres: number[] = []
  const intervalsMs: number[] = []
  const sharesOf = sharesByIntervals()
  for (const line of lines) {
    for (let index = 3; index < line.length; index++) {
      const a = line[index - 3]!
      const b = line[index - 2]!
      const c = line[index - 1]!
      const d = line[index]!
      if (b.at - a.at > closeMs || c.at - b.at > closeMs || d.at - c.at > closeMs) continue
      const shares = sharesOf(b.at - a.at, c.at - a.at, d.at - a.at)
      if (shares === undefined) continue
      const north =
        shares[1] * (b.latitude - a.latitude) +
        shares[2] * (c.latitude - a.latitude) +
        shares[3] * (d.latitude - a.latitude)
      const east =
        shares[1] * shorterWay(b.longitude - a.longitude) +
        shares[2] * shorterWay(c.longitude - a.longitude) +
        shares[3] * shorterWay(d.longitude - a.longitude)
      const { metresNorth, metresEast } = metresPerDegree(b.latitude)
      metres.push(Math.abs(north) * metresNorth, Math.abs(east) * metresEast)
      intervalsMs.push((d.at - a.at) / 3)
    }
  }
  return { metres: Float64Array.from(metres), intervalsMs: Float64Array.from(intervalsMs) }
}

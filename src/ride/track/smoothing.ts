/**
 * Smoothing. The sum of legs between fixes that err independently of each other comes out too long: 3 m a second make 10 km into
 * 11. Receivers of bicycle computers and most phones filter by themselves (their errors wander slowly, which lengthens
 * nothing), and their fixes are left as they are; where fixes do jitter, they are smoothed just as much as it takes.
 */
import { movingSpeed } from './along.ts'
import { doJitter, jitterOf } from './jitter.ts'
import { Line, type Smoothed } from './line.ts'
import { linesOf } from './lines.ts'
import { isPossible, possibleRuns } from './possible.ts'
import type { Fix, Segment } from './segment.ts'

/**
 * Whether fixes jitter is told by their line, or by all lines together that are too short for that; how much, and whether it can be
 * taken away, by each alone: so what was smoothed once, or cannot be, is left as it is when it is looked at again.
 */
export function withoutJitter(segments: readonly Segment[]): readonly Segment[] {
  const linesOfSegments = new Map(segments.map((segment) => [segment, linesOf(segment.fixes)]))
  const lines = [...linesOfSegments.values()].flat()
  const verdicts = new Map(lines.map((line) => [line, doJitter([line], fewestOfLine)]))
  const doShort = doJitter(
    lines.filter((line) => verdicts.get(line) === undefined),
    fewestOfAll,
  )
  const smooth = (line: readonly Fix[]) => ((verdicts.get(line) ?? doShort) ? smoothedLine(line) : line)
  return inStretches(segments).flatMap((stretch) => {
    const moved = stretch.map((segment) =>
      withLines(segment, possible(linesOfSegments.get(segment)!, smooth)),
    )
    return areApart(moved) ? moved : stretch
  })
}

/** Third differences, two a fix: a line with fewer goes by the others that have no more, and with fewer than those nobody can tell. */
const fewestOfLine = 240
const fewestOfAll = 60

function withLines(segment: Segment, lines: readonly (readonly Fix[])[]): Segment {
  const fixes = lines.flat()
  if (fixes.every((fix, index) => fix === segment.fixes[index])) return segment
  const byTime = new Map(fixes.map((fix) => [fix.at, fix]))
  return { ...segment, fixes, samples: segment.samples.map((sample) => byTime.get(sample.at) ?? sample) }
}

/** Those between two pauses together: of the others each begins where the receiver leapt. */
function inStretches(segments: readonly Segment[]): Segment[][] {
  const stretches: Segment[][] = []
  for (const [index, segment] of segments.entries()) {
    if (index > 0 && segments[index - 1]!.to === segment.from) stretches.at(-1)!.push(segment)
    else stretches.push([segment])
  }
  return stretches
}

/** Whether fixes would be told apart again where they were: moved, a leap may have become a leg. */
function areApart(stretch: readonly Segment[]): boolean {
  if (stretch.length === 1) return true
  const runs = possibleRuns(stretch.flatMap(({ fixes }) => fixes))
  return (
    runs.length === stretch.length && runs.every((run, index) => run.length === stretch[index]!.fixes.length)
  )
}

/**
 * At the edge of what is possible smoothing may push a leg over it: rather some jitter than a place that nobody can have been at.
 * Lines that such a leg is in, or leads to, stay as they were.
 */
function possible(
  lines: readonly (readonly Fix[])[],
  smooth: (line: readonly Fix[]) => readonly Fix[],
): readonly (readonly Fix[])[] {
  const result = lines.map((line) => {
    const moved = smooth(line)
    return moved.every((fix, index) => index === 0 || isPossible(moved[index - 1]!, fix)) ? moved : line
  })
  const toCheck = result.slice(1).map((_, index) => index + 1)
  for (let index = toCheck.pop(); index !== undefined; index = toCheck.pop()) {
    const isLeap = !isPossible(result[index - 1]!.at(-1)!, result[index]![0]!)
    const isSmoothed = result[index - 1] !== lines[index - 1] || result[index] !== lines[index]
    if (!isLeap || !isSmoothed) continue
    result.splice(index - 1, 2, lines[index - 1]!, lines[index]!)
    if (index > 1) toCheck.push(index - 1)
    if (index + 1 < lines.length) toCheck.push(index + 1)
  }
  return result
}

/** Metres per second, one standard deviation an axis, to which it is told how fast the rider goes, and whether he stands. */
const speedError = 0.12
/** Of the length that jitter may still add: a part in two thousand. */
const addedLength = 0.0005
/** ∫ K'² of the kernel that a parabola through neighbours with Gaussian weights comes to: (3 - u²) φ(u) / 2. */
const roughness = 55 / (64 * Math.sqrt(Math.PI))

/**
 * Where the rider stands, all fixes are at their mean; elsewhere each is where its neighbours say. With bandwidth h, fixes every dt
 * seconds and jitter s, what is left of it moves the place by s² dt ∫K'² / h³ a second squared, an axis; across the way, at
 * speed v, that lengthens it by half of this over v². Solved for h, with the speed that three quarters of the ride exceed.
 * The slope of a straight through the fixes within T seconds errs by the root of 3 s² dt / (2 T³).
 */
function smoothedLine(fixes: readonly Fix[]): readonly Fix[] {
  const jitter = jitterOf(fixes)
  if (jitter === 0) return fixes
  const line = new Line(fixes)
  const variance = jitter * jitter * line.meanInterval()
  const motions = line.motions(Math.cbrt((1.5 * variance) / speedError ** 2))
  const isStanding = motions.map(
    ({ speed, spread, count }) =>
      speed < movingSpeed && spread <= (1 + 3 / Math.sqrt(count)) * Math.SQRT2 * jitter,
  )
  const moving = motions
    .flatMap(({ speed }, index) => (isStanding[index] || !Number.isFinite(speed) ? [] : [speed]))
    .sort((a, b) => a - b)
  const slow = Math.max(1, moving[moving.length >> 2] ?? 0)
  const bandwidth = Math.cbrt((variance * roughness) / (2 * addedLength * slow * slow))
  for (const part of bandwidthParts) {
    const smoothed = line.smoothed(isStanding, bandwidth * part)
    const isLast = part === bandwidthParts.at(-1)
    if ((isLast || isExplained(smoothed, jitter)) && jitterOf(smoothed.fixes) === 0) return smoothed.fixes
  }
  return fixes
}

/** In curves rather less: some jitter is left there. */
const bandwidthParts = [1, 0.6, 0.35, 0.2]

/**
 * Smoothing takes jitter away and no more: where the fixes move further than they err, but for what chance adds to so many, it
 * was the way that turned, and a corner is not to be cut.
 */
function isExplained({ fixes, moved, moves }: Smoothed, jitter: number): boolean {
  return moved <= (1 + 2.5 / Math.sqrt(fixes.length)) * jitter * moves
}

/**
 * A marker's way from fix to fix. Uploads come seconds apart; a marker that jumps with each is hard to follow with
 * the eye, so it glides along what was reported in the time that passed since the report before.
 *
 * Pure: time comes in, a place comes out.
 */
import { bearing, metresBetween } from './geodesy.ts'

export type Place = readonly [longitude: number, latitude: number]

export interface Glide {
  /** Where it was when the glide began, then every fix on the way. */
  path: readonly Place[]
  /** Metres from the start of the path to each of its points. */
  along: readonly number[]
  /** The direction of travel at each of its points, in degrees clockwise from north; null where no step had one. */
  towards: readonly (number | null)[]
  startMs: number
  durationMs: number
  /** Degrees clockwise from north as the device said at the end of the path; else the direction of travel decides. */
  heading: number | null
  /** Where the marker pointed before: kept while its steps are too short to have a direction. */
  headingBefore: number | null
}

export interface Gliding {
  place: [longitude: number, latitude: number]
  /** Degrees clockwise from north; null where it never moved. */
  heading: number | null
  /** How many points of the path lie behind. */
  passed: number
  isDone: boolean
}

/** A report later than this is not movement to be played back, but a connection that came back. */
const longestMs = 10_000
const shortestMs = 120
/** Beyond this a glide would be a dash across the country. */
const longestMetres = 5_000
/** Below this the direction between two fixes is noise. */
const shortestStepMetres = 1.5

/** A marker that stands. */
export function standing(place: Place, heading: number | null, nowMs: number): Glide {
  return {
    path: [place],
    along: [0],
    towards: [null],
    startMs: nowMs,
    durationMs: 0,
    heading,
    headingBefore: null,
  }
}

/**
 * The glide that continues `before` through `fixes`, from where the marker is at `nowMs`.
 *
 * @param sinceMs time since the report before this one, in milliseconds: what the glide will take.
 */
export function glideOn(
  before: Glide,
  fixes: readonly Place[],
  heading: number | null,
  sinceMs: number,
  nowMs: number,
): Glide {
  const target = fixes.at(-1)
  if (target === undefined) return before
  const now = glideAt(before, nowMs)
  const path: Place[] = [now.place, ...before.path.slice(now.passed), ...fixes]
  const along = measure(path)
  if (sinceMs > longestMs || (along.at(-1) ?? 0) > longestMetres)
    return standing(target, heading ?? now.heading, nowMs)
  return {
    path,
    along,
    towards: path.map((_, index) => travel(path, index)),
    startMs: nowMs,
    durationMs: Math.max(shortestMs, sinceMs),
    heading,
    headingBefore: now.heading,
  }
}

/**
 * Where the marker is: on the way that was reported, and from the end of the glide on at the last fix of it, however long nothing
 * more comes.
 *
 * @param into is changed and given back, for those who ask this of a thousand markers with every frame.
 */
export function glideAt(glide: Glide, nowMs: number, into: Gliding = nowhere()): Gliding {
  const { path, along, towards } = glide
  const last = path.length - 1
  const share = glide.durationMs === 0 ? 1 : (nowMs - glide.startMs) / glide.durationMs
  if (share >= 1 || last === 0) {
    const end = path[last]
    into.place[0] = end?.[0] ?? 0
    into.place[1] = end?.[1] ?? 0
    into.heading = glide.heading ?? towards[last] ?? glide.headingBefore
    into.passed = path.length
    into.isDone = true
    return into
  }
  const metres = Math.max(0, share) * (along[last] ?? 0)
  let next = 1
  while (next < last && (along[next] ?? 0) <= metres) next += 1
  const from = path[next - 1]
  const to = path[next] ?? from
  const begun = along[next - 1] ?? 0
  const step = (along[next] ?? 0) - begun
  const part = step > 0 ? (metres - begun) / step : 1
  const [x, y] = [from?.[0] ?? 0, from?.[1] ?? 0]
  into.place[0] = x + ((to?.[0] ?? x) - x) * part
  into.place[1] = y + ((to?.[1] ?? y) - y) * part
  into.heading = towards[next] ?? glide.headingBefore
  into.passed = next
  into.isDone = false
  return into
}

export function nowhere(): Gliding {
  return { place: [0, 0], heading: null, passed: 0, isDone: false }
}

function measure(path: readonly Place[]): number[] {
  let metres = 0
  return path.map((place, index) => {
    const before = path[index - 1]
    if (before !== undefined) metres += metresBetween(before, place)
    return metres
  })
}

/** The direction in which `path[index]` was reached: of the last step long enough to have one. */
function travel(path: readonly Place[], index: number): number | null {
  const to = path[index]
  if (to === undefined) return null
  for (let before = index - 1; before >= 0; before--) {
    const from = path[before]
    if (from !== undefined && metresBetween(from, to) >= shortestStepMetres) return bearing(from, to)
  }
  return null
}

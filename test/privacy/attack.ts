/**
 * An honest attack on a privacy zone, by a stranger who has seen many rides of one rider and does not tire: he draws the circle
 * through the ends of what he can see, and works out from every number that he was given how far the hidden ends of each
 * ride are from there (Hassan et al., USENIX Security 2018, do both).
 *
 * What it does not do: take it that the rider leaves home in all directions equally often. Then the ends would lie closer together on
 * the side that is farther from home, and of fifty rides whose ways are straight he would come within a fifth of the
 * circle's radius. No circle hides that; a larger one leaves more of it open. Roads do not go in all directions.
 */
import { distanceBetween, metresPerDegree, type Place } from '#ride/track/geodesy.ts'

/** Of one ride. */
export interface Sighting {
  /** The ends of its visible route: where it came out of the zone, and where it went in again. */
  readonly ends: readonly Place[]
  /**
   * What any two of the ride's numbers differ by that ought to agree if nothing were hidden, in metres of way: distances as they are,
   * times and counts of uploads by the rider's speed. Of the side of the ride that they speak of, or of both together.
   */
  readonly missing: readonly { readonly end: Place | 'both'; readonly metres: number }[]
}

export interface Guess {
  readonly by: string
  readonly place: Place
}

/** All that he would put his finger on. */
export function attack(sightings: readonly Sighting[]): Guess[] {
  const ends = sightings.flatMap((sighting) => sighting.ends)
  const origin = ends[0]
  if (origin === undefined) return []
  const plane = planeAt(origin)
  const points = ends.map(plane.to)
  const guesses: Guess[] = []
  const circle = fittedCircle(points)
  if (circle !== undefined)
    guesses.push({ by: 'a circle through the ends', place: plane.from(circle.centre) })
  // The way home is some times longer than the line; he tries what towns have.
  for (const detour of [1, 1.15, 1.3, 1.5]) {
    const place = multilaterated(sightings, plane, detour)
    if (place !== undefined) guesses.push({ by: `the missing ways, ${detour} times the line`, place })
  }
  return guesses
}

/** Metres east and north. */
type Point = readonly [number, number]

function planeAt(origin: Place) {
  const { metresNorth, metresEast } = metresPerDegree(origin.latitude)
  return {
    to: ({ latitude, longitude }: Place): Point => [
      (longitude - origin.longitude) * metresEast,
      (latitude - origin.latitude) * metresNorth,
    ],
    from: ([east, north]: Point): Place => ({
      latitude: origin.latitude + north / metresNorth,
      longitude: origin.longitude + east / metresEast,
    }),
  }
}

function meanOf(points: readonly Point[]): Point {
  const sum = points.reduce<Point>(([x, y], [px, py]) => [x + px, y + py], [0, 0])
  return [sum[0] / points.length, sum[1] / points.length]
}

/**
 * The circle whose algebraic distance from the points is least (Kåsa, "A circle fitting procedure and its error analysis", IEEE
 * Trans. Instrum. Meas. 25, 1976). Undefined where they lie in a line.
 */
export function fittedCircle(points: readonly Point[]): { centre: Point; radius: number } | undefined {
  const [mx, my] = meanOf(points)
  let [suu, suv, svv, suuu, svvv, suvv, svuu] = [0, 0, 0, 0, 0, 0, 0]
  for (const [x, y] of points) {
    const [u, v] = [x - mx, y - my]
    suu += u * u
    suv += u * v
    svv += v * v
    suuu += u * u * u
    svvv += v * v * v
    suvv += u * v * v
    svuu += v * u * u
  }
  const determinant = suu * svv - suv * suv
  if (Math.abs(determinant) < 1e-6) return undefined
  const [a, b] = [(suuu + suvv) / 2, (svvv + svuu) / 2]
  const u = (a * svv - b * suv) / determinant
  const v = (b * suu - a * suv) / determinant
  const radius = Math.sqrt(u * u + v * v + (suu + svv) / points.length)
  return { centre: [mx + u, my + v], radius }
}

/** The place from which the lines to the ends are as long as the missing ways, as nearly as can be (Gauss-Newton). */
function multilaterated(
  sightings: readonly Sighting[],
  plane: ReturnType<typeof planeAt>,
  detour: number,
): Place | undefined {
  // Where a number tells of both ends together, each has half of it.
  const ranges = sightings.flatMap(({ ends, missing }) =>
    missing.flatMap(({ end, metres }) =>
      end === 'both'
        ? ends.map((each) => ({ point: plane.to(each), metres: metres / ends.length / detour }))
        : [{ point: plane.to(end), metres: metres / detour }],
    ),
  )
  const telling = ranges.filter(({ metres }) => metres > 20)
  if (telling.length < 3) return undefined
  let [x, y] = meanOf(telling.map(({ point }) => point))
  for (let round = 0; round < 100; round++) {
    let [jxx, jxy, jyy, rx, ry] = [0, 0, 0, 0, 0]
    for (const { point, metres } of telling) {
      const [dx, dy] = [x - point[0], y - point[1]]
      const line = Math.hypot(dx, dy) || 1
      const [ux, uy] = [dx / line, dy / line]
      const error = line - metres
      // One that is far off, for the rider stood at a light, weighs little (Huber).
      const weight = Math.min(1, 50 / Math.abs(error || 1))
      jxx += weight * ux * ux
      jxy += weight * ux * uy
      jyy += weight * uy * uy
      rx += weight * ux * error
      ry += weight * uy * error
    }
    const determinant = jxx * jyy - jxy * jxy
    if (Math.abs(determinant) < 1e-9) return undefined
    x -= (rx * jyy - ry * jxy) / determinant
    y -= (ry * jxx - rx * jxy) / determinant
  }
  return plane.from([x, y])
}

/** Metres from the nearest of the guesses. */
export function nearest(guesses: readonly Guess[], home: Place): { by: string; metres: number } {
  return guesses
    .map(({ by, place }) => ({ by, metres: distanceBetween(place, home) }))
    .reduce((best, each) => (each.metres < best.metres ? each : best))
}

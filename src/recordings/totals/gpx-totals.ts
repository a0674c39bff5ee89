/** GPX has no totals: what its points say by themselves stands for them. */

import geodesic from 'geographiclib-geodesic'
import { childrenNamed, childText, type Element, instantOf, numberOf } from '#recordings/read/xml.ts'
import { sumOf, type Totals, totalOf } from './totals.ts'

/**
 * The distance is the length of the segments on the geodesic, every point joined to the next as it stands; what lies
 * between two segments was a pause and does not count. Points of which some are out of the question say nothing of it.
 */
export function gpxTotals(root: Element): Totals {
  const segments = childrenNamed(root, 'trk')
    .flatMap((track) => childrenNamed(track, 'trkseg'))
    .map((segment) => childrenNamed(segment, 'trkpt'))
  const times = segments.flat().flatMap((point) => instantOf(childText(point, 'time')) ?? [])
  const [first, last] = [times.at(0), times.at(-1)]
  return {
    distance: totalOf({ points: sumOf(segments.map(lengthOf)) }),
    timer: undefined,
    elapsed: totalOf({
      points: first === undefined || last === undefined ? undefined : (last - first) / 1_000,
    }),
    ascent: undefined,
    wheel: undefined,
    isBarometric: false,
  }
}

/** Metres per second that no bicycle reaches: a receiver's fault, or the rider was carried. */
const outOfTheQuestion = 50

/** Metres, by Karney's algorithm (Algorithms for geodesics, J. Geodesy 87, 2013). */
function lengthOf(points: readonly Element[]): number | undefined {
  let length = 0
  let before: { readonly latitude: number; readonly longitude: number; readonly at: number } | undefined
  for (const point of points) {
    const latitude = numberOf(point.getAttribute('lat'))
    const longitude = numberOf(point.getAttribute('lon'))
    if (latitude === undefined || longitude === undefined) return undefined
    const at = instantOf(childText(point, 'time')) ?? Number.NaN
    if (before !== undefined) {
      const leg = geodesic.Geodesic.WGS84.Inverse(before.latitude, before.longitude, latitude, longitude)
      const metres = leg.s12 ?? 0
      if (metres * 1000 > outOfTheQuestion * Math.max(1_000, Math.abs(at - before.at))) return undefined
      length += metres
    }
    before = { latitude, longitude, at }
  }
  return length
}

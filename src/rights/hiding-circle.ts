/**
 * Where the circle goes that hides a place. Its middle is not the place, or the circle would give it away: whoever sees where
 * tracks of a rider stop finds the circle, and then has only where its middle is not.
 */
import geodesic from 'geographiclib-geodesic'
import type { Zone } from '#ride/mask.ts'
import { distanceBetween, type Place } from '#ride/track/geodesy.ts'

/** Metres. */
export const smallestRadius = 300
export const largestRadius = 5_000
export const usualRadius = 500

/**
 * How far from its middle the place lies, of the radius: far enough that the middle says nothing of the street, and so far inside
 * that a good stretch of the way to it is hidden on each side.
 */
const nearest = 0.45
const farthest = 0.75
/** Metres: in a small circle too. */
const nearestAtLeast = 150

/**
 * @param circles those that the rider has or had. One that hides the place well is taken again: of two circles round one place,
 *   what they share would tell more than each.
 * @param random a number from 0 up to 1 that nobody can foresee.
 */
export function middleOf(
  place: Place,
  radius: number,
  circles: readonly Zone[],
  random: () => number,
): Place {
  const hiding = circles.filter((circle) => distanceBetween(circle, place) <= farthest * radius)
  const known = hiding.find((circle) => circle.radius >= radius) ?? hiding[0]
  if (known !== undefined && known.radius < radius) return middleOfLarger(known, radius, random)
  if (known !== undefined) return { latitude: known.latitude, longitude: known.longitude }
  const from = Math.max(nearest * radius, nearestAtLeast)
  const to = farthest * radius
  // Every spot of the ring is as likely as any other, so that none in it is a better guess than another.
  const distance = Math.sqrt(from ** 2 + random() * (to ** 2 - from ** 2))
  return moved(place, distance, random)
}

/**
 * The middle of a circle that takes the place of a smaller one, which lies in it: moved by chance, or the place would be as near to the
 * middle as it was in the small one.
 */
export function middleOfLarger(
  { radius: small, ...middle }: Zone,
  radius: number,
  random: () => number,
): Place {
  return moved(middle, Math.sqrt(random()) * (radius - small), random)
}

function moved({ latitude, longitude }: Place, metres: number, random: () => number): Place {
  const { lat2, lon2 } = geodesic.Geodesic.WGS84.Direct(latitude, longitude, random() * 360, metres)
  return { latitude: toCentimetres(lat2), longitude: toCentimetres(lon2) }
}

function toCentimetres(degrees: number | undefined): number {
  if (degrees === undefined) throw new Error('A place on the earth has a latitude and a longitude')
  return Math.round(degrees * 1e7) / 1e7
}

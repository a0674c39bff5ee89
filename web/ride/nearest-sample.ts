/**
 * Which sample of a ride is meant by a place on the map.
 *
 * Pure.
 */
import { type Box, metresBetween, nearestTurn } from '../map/geodesy.ts'
import type { Place } from '../map/glide.ts'
import type { Samples } from './samples.ts'

/** Of the width of what the map shows: nearer than this a pointer means the route. */
const reach = 0.025

/** Null where none is near. Where the rider came by twice, the passing that is nearest. */
export function sampleNear(
  { latitude, longitude }: Pick<Samples, 'latitude' | 'longitude'>,
  place: Place,
  shown: Box,
): number | null {
  const middle = (shown.north + shown.south) / 2
  const width = metresBetween([shown.west, middle], [shown.east, middle])
  const east = Math.cos((place[1] * Math.PI) / 180)
  let nearest: number | null = null
  let least = Number.POSITIVE_INFINITY
  for (const [index, north] of latitude.entries()) {
    const at = longitude[index]
    if (north === null || at == null) continue
    // Flat is good enough to compare; how far it is, is measured once.
    const away = ((nearestTurn(at, place[0]) - place[0]) * east) ** 2 + (north - place[1]) ** 2
    if (away >= least) continue
    least = away
    nearest = index
  }
  if (nearest === null) return null
  const found: Place = [longitude[nearest] ?? 0, latitude[nearest] ?? 0]
  return metresBetween(found, place) <= reach * width ? nearest : null
}

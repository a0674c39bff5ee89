/** Lengths on the earth for running numbers, where asking PostGIS would cost a round trip. */

/** WGS 84: semi-major axis in metres and first eccentricity squared. */
const semiMajorAxis = 6_378_137
const eccentricitySquared = 0.006_694_379_990_14
const radians = Math.PI / 180

export interface Place {
  readonly latitude: number
  readonly longitude: number
}

/**
 * Metres between two places in degrees, on the WGS 84 ellipsoid, by its radii of curvature at the middle latitude
 * (Bowring's first-order form of the mid-latitude formula: Δφ·M and Δλ·N·cos φ). Between the samples of a ride, less
 * than 50 km apart and away from the poles, it differs from the geodesic by less than 0.01 %.
 */
export function distanceBetween(a: Place, b: Place): number {
  const middle = ((a.latitude + b.latitude) / 2) * radians
  const sine = Math.sin(middle)
  const w = 1 - eccentricitySquared * sine * sine
  const primeVertical = semiMajorAxis / Math.sqrt(w)
  const meridional = (primeVertical * (1 - eccentricitySquared)) / w
  let degreesEast = b.longitude - a.longitude
  if (degreesEast > 180) degreesEast -= 360
  else if (degreesEast < -180) degreesEast += 360
  const north = (b.latitude - a.latitude) * radians * meridional
  const east = degreesEast * radians * primeVertical * Math.cos(middle)
  return Math.sqrt(north * north + east * east)
}

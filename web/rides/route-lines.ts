/** A route's geometry as the lines that the map draws. */
import type { Geometry, Position } from 'geojson'
import type { Place } from '../map/glide.ts'

/** Heights and times, where the geometry carries them, are left out. */
export function routeLines(geometry: Geometry): Place[][] {
  switch (geometry.type) {
    case 'MultiLineString':
      return geometry.coordinates.map(places)
    case 'LineString':
      return [places(geometry.coordinates)]
    default:
      return []
  }
}

function places(coordinates: Position[]): Place[] {
  return coordinates.flatMap(([longitude, latitude]): Place[] =>
    longitude === undefined || latitude === undefined ? [] : [[longitude, latitude]],
  )
}

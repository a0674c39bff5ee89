/** A box on the map that is asked about. */
import { builder } from './builder.ts'
import { asGraphQLError } from './errors.ts'

export const BoundingBoxInput = builder.inputType('BoundingBoxInput', {
  description: 'A box on the map. Where west is greater than east, it crosses the 180th meridian.',
  fields: (t) => ({
    west: t.field({ type: 'Longitude', required: true, description: 'Degrees east of its western side.' }),
    south: t.field({ type: 'Latitude', required: true, description: 'Degrees north of its southern side.' }),
    east: t.field({ type: 'Longitude', required: true, description: 'Degrees east of its eastern side.' }),
    north: t.field({ type: 'Latitude', required: true, description: 'Degrees north of its northern side.' }),
  }),
})

export type BoundingBox = typeof BoundingBoxInput.$inferInput

/** Throws where it is none. */
export function checkBox({ west, south, east, north }: BoundingBox): void {
  const onEarth =
    Math.abs(west) <= 180 && Math.abs(east) <= 180 && Math.abs(south) <= 90 && Math.abs(north) <= 90
  if (onEarth && south <= north) return
  throw asGraphQLError(
    'INVALID_INPUT',
    'A box has longitudes -180 to 180, latitudes -90 to 90, and south no greater than north. Send degrees, and swap what is turned round.',
  )
}

/** Parts of the map that routes are looked for in. */
import { type RawBuilder, sql } from 'kysely'
import type { BoundingBox } from './bounding-box.ts'
import type { NearPlace, RideFilter } from './ride-filter.ts'

/** Degrees; west is never more than east. */
export interface Box {
  readonly west: number
  readonly south: number
  readonly east: number
  readonly north: number
}

/** Boxes outside of which no route is that is looked for: all of them in one of each list. */
export function boxesOf({ within, near }: Pick<RideFilter, 'within' | 'near'>): Box[][] {
  return [...(within === undefined ? [] : [cut(within)]), ...(near === undefined ? [] : [boxesAround(near)])]
}

/** Routes are cut at the antimeridian, and so is what crosses it. */
function cut({ west, south, east, north }: BoundingBox): Box[] {
  if (west <= east) return [{ west, south, east, north }]
  return [
    { west, south, east: 180, north },
    { west: -180, south, east, north },
  ]
}

/** Metres in the shortest degree of latitude, and a little less. */
const shortDegree = 110_500

function boxesAround({ latitude, longitude, radius }: NearPlace): Box[] {
  const up = radius / shortDegree
  const south = Math.max(-90, latitude - up)
  const north = Math.min(90, latitude + up)
  // Where meridians stand closest.
  const narrowest = Math.cos((Math.max(-south, north) * Math.PI) / 180)
  const aside = up / narrowest
  if (!(aside < 180)) return [{ west: -180, south, east: 180, north }]
  const [west, east] = [longitude - aside, longitude + aside]
  return cut({ west: west < -180 ? west + 360 : west, south, east: east > 180 ? east - 360 : east, north })
}

/** Metres in the longest degree of latitude, and at the equator of longitude, and a little more. */
const longDegree = 112_000

/** What lies in it needs no measuring: its corners are within the radius. */
function boxInside({ latitude, longitude, radius }: NearPlace): Box {
  const up = radius / Math.SQRT2 / longDegree
  const nearestToEquator = Math.max(0, Math.abs(latitude) - up)
  const aside = up / Math.cos((nearestToEquator * Math.PI) / 180)
  const [south, north] = [Math.max(-90, latitude - up), Math.min(90, latitude + up)]
  return { west: Math.max(-180, longitude - aside), south, east: Math.min(180, longitude + aside), north }
}

/** Whether a route `f` leads there; not only its box. */
export function leadsThere({ within, near }: Pick<RideFilter, 'within' | 'near'>): RawBuilder<boolean>[] {
  return [
    ...(within === undefined
      ? []
      : [anyOf(cut(within).map((box) => sql`ST_Intersects(f.route, ${areaOf(box)})`))]),
    ...(near === undefined
      ? []
      : [
          sql<boolean>`(${anyOf(boxesAround(near).map((box) => sql`f.route && ${envelope(box)}`))}
            and (f.route @ ${envelope(boxInside(near))}
              or ST_DWithin(f.route::geography, ${pointOf(near)}, ${near.radius}::float8)))`,
        ]),
  ]
}

function anyOf(conditions: readonly RawBuilder<unknown>[]): RawBuilder<boolean> {
  return sql<boolean>`(${sql.join(conditions, sql` or `)})`
}

function pointOf({ latitude, longitude }: NearPlace) {
  return sql`ST_SetSRID(ST_MakePoint(${longitude}::float8, ${latitude}::float8), 4326)::geography`
}

/** A box without width or height is a line: as a polygon it would be none, and PostGIS would find now more, now less in it. */
function areaOf(box: Box): RawBuilder<unknown> {
  const { west, south, east, north } = box
  if (west < east && south < north) return envelope(box)
  const end = (longitude: number, latitude: number) =>
    sql`ST_SetSRID(ST_MakePoint(${longitude}::float8, ${latitude}::float8), 4326)`
  if (west === east && south === north) return end(west, south)
  return sql`ST_MakeLine(${end(west, south)}, ${end(east, north)})`
}

export function envelope({ west, south, east, north }: Box): RawBuilder<unknown> {
  return sql`ST_MakeEnvelope(${west}::float8, ${south}::float8, ${east}::float8, ${north}::float8, 4326)`
}

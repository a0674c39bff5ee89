/** The queries behind the types Route and Split, for what does not come with a ride's own row. */
import { type Kysely, sql } from 'kysely'
import { longestDegree } from '#projections/routes.ts'
import type { ReadTables } from '#projections/tables.ts'
import type { DistanceUnit, Split } from '#ride/track/splits.ts'
import type { RideRow } from './ride-row.ts'
import { roundedSplits } from './rounding.ts'
import type { Thumbnails } from './route-row.ts'
import type { GeoJson } from './scalars.ts'

export type SplitsByUnit = Readonly<Record<DistanceUnit, readonly Split[]>>

/** A route thinned to a tolerance in metres; 0 for all of it. */
export interface ThinRoute {
  readonly rideId: string
  readonly tolerance: number
}

/** What is asked for of a ride is what its row, which a viewer was given, is for. */
export type SeenRide = Pick<RideRow, 'partition' | 'rideId' | 'maskedBy'>

export async function splitsById(
  read: Kysely<ReadTables>,
  rides: readonly SeenRide[],
): Promise<Map<string, SplitsByUnit>> {
  const rows = await read
    .selectFrom('routes as f')
    .select(['ride_id as rideId', 'splits'])
    .where(isOneOf(rides))
    .execute()
  return new Map(
    rows.flatMap(({ rideId, splits }) => {
      if (splits === null) return []
      const { KILOMETRE, MILE } = splits
      return [[rideId, { KILOMETRE: roundedSplits(KILOMETRE), MILE: roundedSplits(MILE) }] as const]
    }),
  )
}

export async function thumbnailsById(
  read: Kysely<ReadTables>,
  rides: readonly SeenRide[],
): Promise<Map<string, Thumbnails>> {
  const rows = await read
    .selectFrom('routes as f')
    .select(['ride_id as rideId', 'thumbnails'])
    .where(isOneOf(rides))
    .execute()
  return new Map(
    rows.flatMap(({ rideId, thumbnails }) => (thumbnails === null ? [] : [[rideId, thumbnails] as const])),
  )
}

export function keyOf({ rideId, tolerance }: ThinRoute): string {
  return `${rideId} ${tolerance}`
}

/** Routes as GeoJSON, by key; those that are drawn. */
export async function geometries(
  read: Kysely<ReadTables>,
  routes: readonly (ThinRoute & SeenRide)[],
): Promise<Map<string, GeoJson>> {
  const shapes = new Map<string, GeoJson>()
  const byTolerance = Map.groupBy(routes, ({ tolerance }) => tolerance)
  for (const [tolerance, thin] of byTolerance) {
    const flat = sql`ST_Force2D(route)`
    const shape = tolerance > 0 ? sql`ST_Simplify(${flat}, ${tolerance / longestDegree}, true)` : flat
    const rows = await read
      .selectFrom('routes as f')
      // Thinned, a route of one line comes out as that line;
      // it is a MultiLineString to whoever reads it, always.
      .select(['ride_id as rideId', sql<GeoJson>`ST_AsGeoJSON(ST_Multi(${shape}), 7)::json`.as('geometry')])
      .where(isOneOf(thin))
      .where('route', 'is not', null)
      .execute()
    for (const { rideId, geometry } of rows) shapes.set(keyOf({ rideId, tolerance }), geometry)
  }
  return shapes
}

/** Rows `f` of routes, or of tracks, that are of these rides and for the same audience. */
export function isOneOf(rides: readonly SeenRide[]) {
  const partitions = [...new Set(rides.map(({ partition }) => partition))]
  const ids = rides.map(({ rideId }) => rideId)
  const masked = rides.filter(({ maskedBy }) => maskedBy !== null)
  const whole = rides.filter(({ maskedBy }) => maskedBy === null).map(({ rideId }) => rideId)
  // A parameter each, however many there are: one text, so that the server prepares it once.
  return sql<boolean>`f.partition = any(${partitions}::smallint[]) and f.ride_id = any(${ids}::uuid[])
    and (f.audience <> 'others' and f.ride_id = any(${whole}::uuid[]) or f.audience <> 'rider' and exists (
         select from unnest(${masked.map(({ rideId }) => rideId)}::uuid[],
                            ${masked.map(({ maskedBy }) => maskedBy)}::integer[]) as seen (ride_id, mask_version)
          where seen.ride_id = f.ride_id and seen.mask_version = f.mask_version))`
}

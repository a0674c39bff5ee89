/** The queries behind the types Route and Split, for what does not come with a ride's own row. */
import { type ExpressionBuilder, type Kysely, sql } from 'kysely'
import { longestDegree } from '#projections/routes.ts'
import type { ReadTables } from '#projections/tables.ts'
import type { DistanceUnit, Split } from '#ride/track/splits.ts'
import { roundedSplits } from './rounding.ts'
import type { Thumbnails } from './route-row.ts'
import type { GeoJson } from './scalars.ts'

export type SplitsByUnit = Readonly<Record<DistanceUnit, readonly Split[]>>

/** A route thinned to a tolerance in metres; 0 for all of it. */
export interface ThinRoute {
  readonly rideId: string
  readonly tolerance: number
}

export async function splitsById(
  read: Kysely<ReadTables>,
  partitionOf: (rideId: string) => number,
  rideIds: readonly string[],
): Promise<Map<string, SplitsByUnit>> {
  const rows = await read
    .selectFrom('routes')
    .select(['ride_id as rideId', 'splits'])
    .where(isOneOf(partitionOf, rideIds))
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
  partitionOf: (rideId: string) => number,
  rideIds: readonly string[],
): Promise<Map<string, Thumbnails>> {
  const rows = await read
    .selectFrom('routes')
    .select(['ride_id as rideId', 'thumbnails'])
    .where(isOneOf(partitionOf, rideIds))
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
  partitionOf: (rideId: string) => number,
  routes: readonly ThinRoute[],
): Promise<Map<string, GeoJson>> {
  const shapes = new Map<string, GeoJson>()
  const byTolerance = Map.groupBy(routes, ({ tolerance }) => tolerance)
  for (const [tolerance, thin] of byTolerance) {
    const flat = sql`ST_Force2D(route)`
    const shape = tolerance > 0 ? sql`ST_Simplify(${flat}, ${tolerance / longestDegree}, true)` : flat
    const rideIds = thin.map(({ rideId }) => rideId)
    const rows = await read
      .selectFrom('routes')
      // Thinned, a route of one line comes out as that line;
      // it is a MultiLineString to whoever reads it, always.
      .select(['ride_id as rideId', sql<GeoJson>`ST_AsGeoJSON(ST_Multi(${shape}), 7)::json`.as('geometry')])
      .where(isOneOf(partitionOf, rideIds))
      .where('route', 'is not', null)
      .execute()
    for (const { rideId, geometry } of rows) shapes.set(keyOf({ rideId, tolerance }), geometry)
  }
  return shapes
}

function isOneOf(partitionOf: (rideId: string) => number, rideIds: readonly string[]) {
  return ({ eb, and }: ExpressionBuilder<ReadTables, 'routes'>) =>
    and([
      // A parameter each, however many there are: one text, so that the server prepares it once.
      eb('partition', '=', sql<number>`any(${[...new Set(rideIds.map(partitionOf))]}::smallint[])`),
      eb('ride_id', '=', sql<string>`any(${rideIds}::uuid[])`),
    ])
}

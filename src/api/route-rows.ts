/** The queries behind the types Route, RideStatistics and Split. */
import { type ExpressionBuilder, type Kysely, sql } from 'kysely'
import { longestDegree } from '#projections/routes.ts'
import type { ReadTables } from '#projections/tables.ts'
import type { ExclusionReason } from '#ride/track/segment.ts'
import type { DistanceUnit, Split } from '#ride/track/splits.ts'
import type { TrackStatistics } from '#ride/track/statistics.ts'
import { type Gone, withoutGone } from './gone.ts'
import { degrees, orNull, roundedSplits, roundedStatistics } from './rounding.ts'
import type { GeoJson } from './scalars.ts'

export interface RouteRow extends TrackStatistics {
  readonly partition: number
  readonly rideId: string
  readonly pointCount: number | null
  readonly west: number | null
  readonly south: number | null
  readonly east: number | null
  readonly north: number | null
  readonly excluded: readonly { readonly reason: ExclusionReason; readonly count: number }[]
}

export type SplitsByUnit = Readonly<Record<DistanceUnit, readonly Split[]>>

/** A route thinned to a tolerance in metres; 0 for all of it. */
export interface ThinRoute {
  readonly rideId: string
  readonly tolerance: number
}

/**
 * Routes and statistics of those of these rides that have them, with the decimals that they are shown with.
 */
export async function routesById(
  read: Kysely<ReadTables>,
  partitionOf: (rideId: string) => number,
  rideIds: readonly string[],
  gone?: Gone,
): Promise<Map<string, RouteRow>> {
  const rows = await read
    .selectFrom('routes')
    .select([
      'partition',
      'ride_id as rideId',
      'point_count as pointCount',
      'west',
      'south',
      'east',
      'north',
      'excluded',
      'distance',
      'elapsed_time as elapsedTime',
      'timer_time as timerTime',
      'moving_time as movingTime',
      // Tables of an older version, which are being built anew, do not have it.
      sql<number>`coalesce(average_speed, distance / nullif(moving_time, 0), 0)`.as('averageSpeed'),
      'max_speed as maxSpeed',
      'elevation_gain as elevationGain',
      'elevation_loss as elevationLoss',
      'average_heart_rate as averageHeartRate',
      'max_heart_rate as maxHeartRate',
      'average_cadence as averageCadence',
      'average_power as averagePower',
    ])
    .where(isOneOf(partitionOf, rideIds))
    .execute()
  const kept = await withoutGone(rows, gone)
  return new Map(
    kept.map((row) => [row.rideId, { ...row, ...roundedStatistics(row), ...roundedBox(row) }] as const),
  )
}

type Box = Pick<RouteRow, 'west' | 'south' | 'east' | 'north'>

function roundedBox({ west, south, east, north }: Box): Box {
  return {
    west: orNull(west, degrees),
    south: orNull(south, degrees),
    east: orNull(east, degrees),
    north: orNull(north, degrees),
  }
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
): Promise<Map<string, Readonly<Record<string, readonly string[]>>>> {
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
      eb('partition', 'in', [...new Set(rideIds.map(partitionOf))]),
      // One parameter, however many ids.
      eb('ride_id', '=', sql<string>`any(${rideIds}::uuid[])`),
    ])
}

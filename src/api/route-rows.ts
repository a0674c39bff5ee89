/** The queries behind the types Route and RideStatistics. */
import { type Kysely, sql } from 'kysely'
import type { ReadTables } from '#projections/tables.ts'
import type { ExclusionReason } from '#ride/segment.ts'
import type { TrackStatistics } from '#ride/statistics.ts'
import { asGraphQLError } from './errors.ts'
import { type Gone, withoutGone } from './gone.ts'
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
  readonly distance: number
}

/** Routes and statistics of these rides, in their order; null where there is none. */
export async function routesById(
  read: Kysely<ReadTables>,
  partitionOf: (rideId: string) => number,
  rideIds: readonly string[],
  gone?: Gone,
): Promise<(RouteRow | null)[]> {
  const rows = await read
    .selectFrom('routes')
    .select([
      'partition',
      'ride_id as rideId',
      sql<number | null>`ST_NPoints(route)`.as('pointCount'),
      sql<number | null>`ST_XMin(route)`.as('west'),
      sql<number | null>`ST_YMin(route)`.as('south'),
      sql<number | null>`ST_XMax(route)`.as('east'),
      sql<number | null>`ST_YMax(route)`.as('north'),
      'excluded',
      'distance',
      'elapsed_time as elapsedTime',
      'timer_time as timerTime',
      'moving_time as movingTime',
      'max_speed as maxSpeed',
      'elevation_gain as elevationGain',
      'elevation_loss as elevationLoss',
      'average_heart_rate as averageHeartRate',
      'max_heart_rate as maxHeartRate',
      'average_cadence as averageCadence',
      'average_power as averagePower',
    ])
    .where('partition', 'in', [...new Set(rideIds.map(partitionOf))])
    .where('ride_id', 'in', rideIds)
    .execute()
  const kept = await withoutGone(rows, gone)
  const byId = new Map(kept.map((row) => [row.rideId, row]))
  return rideIds.map((id) => byId.get(id) ?? null)
}

/** Metres in a degree of latitude, near enough for thinning a drawing. */
const metresPerDegree = 111_195

/** The route as GeoJSON, thinned to a tolerance in metres where one is given. */
export async function geometryOf(
  read: Kysely<ReadTables>,
  route: RouteRow,
  tolerance: number | null | undefined,
): Promise<GeoJson> {
  if (tolerance != null && !(tolerance >= 0 && tolerance <= 100_000)) {
    throw asGraphQLError('INVALID_INPUT', 'A tolerance is 0 to 100,000 metres.')
  }
  const flat = sql`ST_Force2D(route)`
  const shape = tolerance ? sql`ST_SimplifyPreserveTopology(${flat}, ${tolerance / metresPerDegree})` : flat
  // Thinned, a route of one line comes out as that line; it is a MultiLineString to whoever reads it, always.
  const { geometry } = await read
    .selectFrom('routes')
    .select(sql<GeoJson>`ST_AsGeoJSON(ST_Multi(${shape}), 7)::json`.as('geometry'))
    .where('partition', '=', route.partition)
    .where('ride_id', '=', route.rideId)
    .executeTakeFirstOrThrow()
  return geometry
}

/** The route of a finished ride, and its statistics. */
import { type Kysely, sql } from 'kysely'
import type { ReadTables } from '#projections/tables.ts'
import type { ExclusionReason } from '#ride/segment.ts'
import { builder } from './builder.ts'
import { ExclusionReasonEnum } from './enums.ts'
import { asGraphQLError } from './errors.ts'
import { encodePolyline } from './polyline.ts'
import type { GeoJson } from './scalars.ts'

export interface RouteRow {
  readonly partition: number
  readonly rideId: string
  readonly pointCount: number | null
  readonly west: number | null
  readonly south: number | null
  readonly east: number | null
  readonly north: number | null
  readonly excluded: readonly { readonly reason: ExclusionReason; readonly count: number }[]
  readonly distance: number
  readonly elapsedTime: number
  readonly timerTime: number
  readonly movingTime: number
  readonly maxSpeed: number
  readonly elevationGain: number | null
  readonly elevationLoss: number | null
  readonly averageHeartRate: number | null
  readonly maxHeartRate: number | null
  readonly averageCadence: number | null
  readonly averagePower: number | null
}

/** Routes and statistics of these rides, in their order; null where there is none. */
export async function routesById(
  read: Kysely<ReadTables>,
  partitionOf: (rideId: string) => number,
  rideIds: readonly string[],
): Promise<(RouteRow | null)[]> {
  const rows = await read
    .selectFrom('routes_1')
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
  const byId = new Map(rows.map((row) => [row.rideId, row]))
  return rideIds.map((id) => byId.get(id) ?? null)
}

/** Metres in a degree of latitude, near enough for thinning a drawing. */
const metresPerDegree = 111_195

async function geometryOf(
  read: Kysely<ReadTables>,
  route: RouteRow,
  tolerance: number | null | undefined,
): Promise<GeoJson> {
  if (tolerance != null && !(tolerance >= 0 && tolerance <= 100_000)) {
    throw asGraphQLError('INVALID_INPUT', 'A tolerance is 0 to 100,000 metres.')
  }
  const flat = sql`ST_Force2D(route)`
  const shape = tolerance ? sql`ST_SimplifyPreserveTopology(${flat}, ${tolerance / metresPerDegree})` : flat
  const { geometry } = await read
    .selectFrom('routes_1')
    .select(sql<GeoJson>`ST_AsGeoJSON(${shape}, 7)::json`.as('geometry'))
    .where('partition', '=', route.partition)
    .where('ride_id', '=', route.rideId)
    .executeTakeFirstOrThrow()
  return geometry
}

const ExcludedPositions = builder
  .objectRef<{ readonly reason: ExclusionReason; readonly count: number }>('ExcludedPositions')
  .implement({
    fields: (t) => ({
      reason: t.expose('reason', { type: ExclusionReasonEnum }),
      count: t.exposeInt('count'),
    }),
  })

const BoundingBox = builder
  .objectRef<{
    readonly west: number
    readonly south: number
    readonly east: number
    readonly north: number
  }>('BoundingBox')
  .implement({
    fields: (t) => ({
      west: t.expose('west', { type: 'Longitude' }),
      south: t.expose('south', { type: 'Latitude' }),
      east: t.expose('east', { type: 'Longitude' }),
      north: t.expose('north', { type: 'Latitude' }),
    }),
  })

const toleranceDescription = 'Metres: thins the lines for display.'

export const Route = builder.objectRef<RouteRow>('Route').implement({
  fields: (t) => ({
    geometry: t.field({
      type: 'GeoJSON',
      description:
        'A MultiLineString: a line for each stretch between pauses. `tolerance` in metres thins it for display.',
      args: { tolerance: t.arg.float({ description: toleranceDescription }) },
      resolve: (route, { tolerance }, { read }) => geometryOf(read, route, tolerance),
    }),
    polylines: t.stringList({
      description: "Google's encoded polyline, precision 5, one for each line.",
      args: { tolerance: t.arg.float({ description: toleranceDescription }) },
      resolve: async (route, { tolerance }, { read }) => {
        const { coordinates } = await geometryOf(read, route, tolerance)
        return (coordinates as [number, number][][]).map(encodePolyline)
      },
    }),
    boundingBox: t.field({
      type: BoundingBox,
      resolve: ({ west, south, east, north }) => ({
        west: west ?? 0,
        south: south ?? 0,
        east: east ?? 0,
        north: north ?? 0,
      }),
    }),
    pointCount: t.int({ resolve: ({ pointCount }) => pointCount ?? 0 }),
    excluded: t.field({
      type: [ExcludedPositions],
      description: 'Positions left out of the route, by reason.',
      resolve: ({ excluded }) => excluded,
    }),
  }),
})

export const RideStatistics = builder.objectRef<RouteRow>('RideStatistics').implement({
  description: 'Metres, seconds, metres per second, beats and revolutions per minute, watts.',
  fields: (t) => ({
    distance: t.exposeFloat('distance'),
    elapsedTime: t.exposeFloat('elapsedTime', { description: 'From start to end.' }),
    timerTime: t.exposeFloat('timerTime', { description: 'Without pauses.' }),
    movingTime: t.exposeFloat('movingTime', { description: 'Without pauses and stops.' }),
    averageSpeed: t.float({
      description: 'Over moving time.',
      resolve: ({ distance, movingTime }) => (movingTime > 0 ? distance / movingTime : 0),
    }),
    maxSpeed: t.exposeFloat('maxSpeed'),
    elevationGain: t.exposeFloat('elevationGain', { nullable: true }),
    elevationLoss: t.exposeFloat('elevationLoss', { nullable: true }),
    averageHeartRate: t.exposeFloat('averageHeartRate', { nullable: true }),
    maxHeartRate: t.int({ nullable: true, resolve: ({ maxHeartRate }) => maxHeartRate }),
    averageCadence: t.exposeFloat('averageCadence', { nullable: true }),
    averagePower: t.exposeFloat('averagePower', { nullable: true }),
  }),
})

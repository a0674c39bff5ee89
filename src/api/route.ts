/** The route of a finished ride, and its statistics. */
import { thumbnailTolerances } from '#projections/routes.ts'
import type { ExclusionReason } from '#ride/track/segment.ts'
import { builder } from './builder.ts'
import type { RequestContext } from './context.ts'
import { ExclusionReasonEnum } from './enums.ts'
import { asGraphQLError } from './errors.ts'
import { encodePolyline } from './polyline.ts'
import type { RouteRow } from './route-rows.ts'
import type { GeoJson } from './scalars.ts'

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

function toleranceOf(tolerance: number | null | undefined): number {
  if (tolerance == null) return 0
  if (tolerance >= 0 && tolerance <= 100_000) return tolerance
  throw asGraphQLError('INVALID_INPUT', 'A tolerance is 0 to 100,000 metres.')
}

async function geometryOf(
  { rideId }: RouteRow,
  tolerance: number,
  { geometryLoader }: RequestContext,
): Promise<GeoJson> {
  return (await geometryLoader.load({ rideId, tolerance })) ?? { type: 'MultiLineString', coordinates: [] }
}

export const Route = builder.objectRef<RouteRow>('Route').implement({
  fields: (t) => ({
    geometry: t.field({
      type: 'GeoJSON',
      description:
        'A MultiLineString: a line for each stretch between pauses. `tolerance` in metres thins it for display.',
      args: { tolerance: t.arg.float({ description: toleranceDescription }) },
      resolve: (route, { tolerance }, context) => geometryOf(route, toleranceOf(tolerance), context),
    }),
    polylines: t.stringList({
      description: "Google's encoded polyline, precision 5, one for each line.",
      args: { tolerance: t.arg.float({ description: toleranceDescription }) },
      resolve: async (route, args, context) => {
        const tolerance = toleranceOf(args.tolerance)
        const kept = thumbnailTolerances.findLast((each) => each <= tolerance)
        const thumbnails = kept && (await context.thumbnailLoader.load(route.rideId))
        if (thumbnails) return thumbnails[kept] ?? []
        const { coordinates } = await geometryOf(route, tolerance, context)
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
    averageCadence: t.exposeFloat('averageCadence', {
      nullable: true,
      description: 'While pedalling.',
    }),
    averagePower: t.exposeFloat('averagePower', { nullable: true, description: 'Coasting included.' }),
  }),
})

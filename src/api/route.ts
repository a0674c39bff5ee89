/** The route of a finished ride, and its statistics. */
import type { ExclusionReason } from '#ride/segment.ts'
import { builder } from './builder.ts'
import { ExclusionReasonEnum } from './enums.ts'
import { encodePolyline } from './polyline.ts'
import { geometryOf, type RouteRow } from './route-rows.ts'

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

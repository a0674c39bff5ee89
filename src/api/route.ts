/** The route of a finished ride, and its statistics. */
import { type ExcludedPosition, mostExcludedPositions } from '#projections/excluded-positions.ts'
import { thumbnailTolerances } from '#projections/routes.ts'
import type { ExclusionReason } from '#ride/track/segment.ts'
import { isRider } from '#rights/may-see.ts'
import { builder } from './builder.ts'
import type { RequestContext } from './context.ts'
import { ExclusionReasonEnum } from './enums.ts'
import { asGraphQLError, notYet } from './errors.ts'
import { costOfPage, costOfTrack } from './field-cost.ts'
import { encodePolyline } from './polyline.ts'
import { thumbnailFor } from './ride-parts.ts'
import type { RouteDetails, RouteRow } from './route-row.ts'
import type { GeoJson } from './scalars.ts'

const ExcludedPositions = builder
  .objectRef<{ readonly reason: ExclusionReason; readonly count: number }>('ExcludedPositions')
  .implement({
    description: 'How many positions the route leaves out for one reason.',
    fields: (t) => ({
      reason: t.expose('reason', { type: ExclusionReasonEnum, description: 'Why.' }),
      count: t.exposeInt('count', { description: 'How many positions.' }),
    }),
  })

const ExcludedPositionRef = builder.objectRef<ExcludedPosition>('ExcludedPosition').implement({
  description: 'A position that the route leaves out.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When it was measured, by the device.' }),
    latitude: t.expose('latitude', {
      type: 'Latitude',
      nullable: true,
      description: 'Degrees north, as it was recorded; null where it came without a place.',
    }),
    longitude: t.expose('longitude', {
      type: 'Longitude',
      nullable: true,
      description: 'Degrees east, as it was recorded; null where it came without a place.',
    }),
    reason: t.expose('reason', { type: ExclusionReasonEnum, description: 'Why.' }),
  }),
})

/** All events of the ride are read and gone through for them; a thousand of them are 100 kB. */
const costOfExcluded = 10 * costOfTrack

async function excludedPositionsOf(
  { rideId }: RouteRow,
  first: number,
  { viewer, loaders, excludedPositions }: RequestContext,
): Promise<readonly ExcludedPosition[] | null> {
  const ride = await loaders.rideLoader.load(rideId)
  if (ride === null || !isRider(viewer, ride)) return null
  if (first < 0 || first > mostExcludedPositions) {
    throw asGraphQLError('INVALID_INPUT', `'first' is 0 to ${mostExcludedPositions}. Send such a number.`)
  }
  const found = await excludedPositions(rideId)
  if (found === 'too many')
    throw notYet('Too many ask for what is left out of rides. Ask again in a moment.', 1)
  return found?.slice(0, first) ?? null
}

const BoundingBox = builder
  .objectRef<{
    readonly west: number
    readonly south: number
    readonly east: number
    readonly north: number
  }>('BoundingBox')
  .implement({
    description: 'A box on the map. Where west is greater than east, it crosses the 180th meridian.',
    fields: (t) => ({
      west: t.expose('west', { type: 'Longitude', description: 'Degrees east of its western side.' }),
      south: t.expose('south', { type: 'Latitude', description: 'Degrees north of its southern side.' }),
      east: t.expose('east', { type: 'Longitude', description: 'Degrees east of its eastern side.' }),
      north: t.expose('north', { type: 'Latitude', description: 'Degrees north of its northern side.' }),
    }),
  })

const toleranceDescription = '0 to 100,000 metres: thins the lines for display.'

function toleranceOf(tolerance: number | null | undefined): number {
  if (tolerance == null) return 0
  if (tolerance >= 0 && tolerance <= 100_000) return tolerance
  throw asGraphQLError(
    'INVALID_INPUT',
    'A tolerance is 0 to 100,000 metres. Leave it out for the whole route.',
  )
}

async function geometryOf(
  { rideId }: RouteRow,
  tolerance: number,
  { loaders: { geometryLoader } }: RequestContext,
): Promise<GeoJson> {
  return (await geometryLoader.load({ rideId, tolerance })) ?? { type: 'MultiLineString', coordinates: [] }
}

function detailsOf({ details }: RouteRow): RouteDetails {
  if (details === undefined) throw new Error('A route was read without its details')
  return details
}

/** What did not come with the ride, or was made by an older program. */
async function readPolylines(route: RouteRow, tolerance: number, context: RequestContext): Promise<string[]> {
  const kept = thumbnailFor(tolerance)
  const thumbnails = kept && (await context.loaders.thumbnailLoader.load(route.rideId))
  if (thumbnails) return [...(thumbnails[kept] ?? [])]
  const { coordinates } = await geometryOf(route, tolerance, context)
  return (coordinates as [number, number][][]).map(encodePolyline)
}

export const Route = builder.objectRef<RouteRow>('Route').implement({
  description: 'The way of a finished ride, without what was left out and without jitter.',
  fields: (t) => ({
    geometry: t.field({
      type: 'GeoJSON',
      complexity: costOfTrack,
      description:
        'A MultiLineString: a line for each stretch between pauses. `tolerance` in metres thins it for display.',
      args: { tolerance: t.arg.float({ description: toleranceDescription }) },
      resolve: (route, { tolerance }, context) => geometryOf(route, toleranceOf(tolerance), context),
    }),
    polylines: t.stringList({
      description: "Google's encoded polyline, precision 5, one for each line.",
      args: {
        tolerance: t.arg.float({
          description: `${toleranceDescription} From ${thumbnailTolerances[0]} on they were made before, to ${thumbnailTolerances.join(', ')}: the coarsest of these that is fine enough.`,
        }),
      },
      resolve: (route, args, context) => {
        const tolerance = toleranceOf(args.tolerance)
        const kept = thumbnailFor(tolerance)
        const lines = kept && route.thumbnails[kept]
        return lines ? [...lines] : readPolylines(route, tolerance, context)
      },
    }),
    boundingBox: t.field({
      type: BoundingBox,
      description: 'The smallest that the route fits in.',
      resolve: (route) => {
        const { west, south, east, north } = detailsOf(route)
        return { west: west ?? 0, south: south ?? 0, east: east ?? 0, north: north ?? 0 }
      },
    }),
    pointCount: t.int({
      description:
        'How many recorded positions the lines go through, before thinning; those where a line is cut at the 180th meridian do not count.',
      resolve: ({ pointCount }) => pointCount ?? 0,
    }),
    excluded: t.field({
      type: [ExcludedPositions],
      description: 'Positions left out of the route, by reason.',
      resolve: (route) => detailsOf(route).excluded,
    }),
    excludedPositions: t.field({
      type: [ExcludedPositionRef],
      nullable: true,
      complexity: ({ first }) => costOfExcluded + costOfPage({ first }).multiplier / 10,
      description: `The positions that \`excluded\` counts, by their time, for the ride's rider; null for all others. Found in the log when they are asked for: at most ${mostExcludedPositions.toLocaleString('en')}.`,
      args: {
        first: t.arg.int({
          required: true,
          defaultValue: mostExcludedPositions,
          description: `How many, 0 to ${mostExcludedPositions}.`,
        }),
      },
      resolve: (route, { first }, context) => excludedPositionsOf(route, first, context),
    }),
  }),
})

function climbing(changes: string): string {
  return `Metres: the sum of ${changes}, each counted once it comes to 2 m where a barometer measured and 10 m where the altitude came from satellites. What changed during a pause does not count. Null where no altitude was measured.`
}

export const RideStatistics = builder.objectRef<RouteRow>('RideStatistics').implement({
  description: 'Metres, seconds, metres per second, beats and revolutions per minute, watts.',
  fields: (t) => ({
    distance: t.exposeFloat('distance', {
      description: 'Metres on the WGS 84 ellipsoid, stretch by stretch: nothing is added across a pause.',
    }),
    elapsedTime: t.exposeFloat('elapsedTime', { description: 'Seconds from start to end.' }),
    timerTime: t.exposeFloat('timerTime', { description: 'Seconds, without pauses.' }),
    movingTime: t.exposeFloat('movingTime', {
      description:
        'Seconds, without pauses and stops: slower than 0.5 metres per second, or over two minutes without a place.',
    }),
    averageSpeed: t.exposeFloat('averageSpeed', {
      description:
        'Metres per second over moving time: of the way in it, without what lies between two places over two minutes apart.',
    }),
    maxSpeed: t.exposeFloat('maxSpeed', {
      description:
        'Metres per second: the highest that was held, as the middle one of three or more of the speeds that the device measured; where it measured none, of five or more from fix to fix, in five seconds.',
    }),
    elevationGain: t.exposeFloat('elevationGain', { nullable: true, description: climbing('rises') }),
    elevationLoss: t.exposeFloat('elevationLoss', { nullable: true, description: climbing('falls') }),
    averageHeartRate: t.exposeFloat('averageHeartRate', {
      nullable: true,
      description: 'Beats per minute, over time; null where none was measured.',
    }),
    maxHeartRate: t.int({
      nullable: true,
      description: 'Beats per minute; null where none was measured.',
      resolve: ({ maxHeartRate }) => maxHeartRate,
    }),
    averageCadence: t.exposeFloat('averageCadence', {
      nullable: true,
      description: 'Revolutions per minute, over the time of pedalling; null where none was measured.',
    }),
    averagePower: t.exposeFloat('averagePower', {
      nullable: true,
      description: 'Watts, over time, coasting included; null where none was measured.',
    }),
  }),
})

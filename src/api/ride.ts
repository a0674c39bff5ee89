/** The ride: as it stands on the read side, one or a page of them. */

import { type ResolveCursorConnectionArgs, resolveCursorConnection } from '@pothos/plugin-relay'
import type DataLoader from 'dataloader'
import { writeCursor } from '#log/cursor.ts'
import type { RideProgress } from '#ride/events.ts'
import { defaultTitle } from '#ride/time-zone.ts'
import { along } from '#ride/track/along.ts'
import { streamsOf } from '#ride/track/streams.ts'
import { builder } from './builder.ts'
import { DistanceUnitEnum, RideStatusEnum, VisibilityEnum } from './enums.ts'
import { asGraphQLError, OverloadedError } from './errors.ts'
import { PositionObject } from './position.ts'
import { countRides, exactCountBound, type RideRow, type RidesKey, ridesPage } from './ride-rows.ts'
import { Rider } from './rider.ts'
import { RideStatistics, Route } from './route.ts'
import { SplitObject } from './split.ts'
import { RideStreams, resolutionOf } from './streams.ts'
import { isUuid } from './uuid.ts'

/** How long an answer waits for the read side to have a version. */
export const arrivalTimeoutMs = 2_000

export const RideProgressObject = builder.objectRef<RideProgress>('RideProgress').implement({
  description: 'Running numbers: metres, seconds, metres per second.',
  fields: (t) => ({
    distance: t.exposeFloat('distance'),
    movingTime: t.exposeFloat('movingTime', { description: 'Without pauses and stops.' }),
    timerTime: t.exposeFloat('timerTime', { description: 'Without pauses.' }),
    speed: t.exposeFloat('speed', { nullable: true }),
  }),
})

export const Ride = builder.objectRef<RideRow>('Ride').implement({
  fields: (t) => ({
    id: t.exposeID('rideId'),
    version: t.exposeInt('version'),
    cursor: t.field({
      type: 'Cursor',
      description: '`rideFeed(after: cursor)` continues exactly behind this object.',
      resolve: ({ rideId, version, position }, _, { log }) =>
        writeCursor(log, { streamId: rideId, version, position }),
    }),
    status: t.expose('status', { type: RideStatusEnum }),
    title: t.string({ resolve: titleOf }),
    description: t.exposeString('description', { nullable: true }),
    visibility: t.expose('visibility', { type: VisibilityEnum }),
    rider: t.field({ type: Rider, resolve: ({ riderId }) => riderId }),
    startedAt: t.field({ type: 'DateTime', resolve: ({ startedAt }) => startedAt.getTime() }),
    endedAt: t.field({ type: 'DateTime', nullable: true, resolve: ({ endedAt }) => endedAt?.getTime() }),
    finishedAt: t.field({
      type: 'DateTime',
      nullable: true,
      resolve: ({ finishedAt }) => finishedAt?.getTime(),
    }),
    timeZone: t.exposeString('timeZone', {
      nullable: true,
      description: 'IANA name, of the place where the ride began; null until there is a position.',
    }),
    latestPosition: t.field({ type: PositionObject, nullable: true, resolve: ({ latest }) => latest }),
    progress: t.field({
      type: RideProgressObject,
      nullable: true,
      description: 'Running numbers, while it is being ridden and after.',
      resolve: (ride) => ride,
    }),
    route: t.field({
      type: Route,
      nullable: true,
      description: 'Null until FINISHED, and where there is nothing that the viewer may see.',
      resolve: async (ride, _, { routeLoader }) => {
        const route = await ofFinished(ride, routeLoader)
        // A ride without two fixes in a row has statistics, but no route.
        return route?.pointCount == null ? null : route
      },
    }),
    statistics: t.field({
      type: RideStatistics,
      nullable: true,
      description: 'Null until FINISHED. Of what the viewer may see.',
      resolve: (ride, _, { routeLoader }) => ofFinished(ride, routeLoader),
    }),
    splits: t.field({
      type: [SplitObject],
      description: 'Together they are the ride from start to end. None until FINISHED.',
      args: { unit: t.arg({ type: DistanceUnitEnum, required: true, defaultValue: 'KILOMETRE' }) },
      resolve: async (ride, { unit }, { splitsLoader }) =>
        (await ofFinished(ride, splitsLoader))?.[unit] ?? [],
    }),
    streams: t.field({
      type: RideStreams,
      nullable: true,
      description:
        'Aligned arrays, thinned to at most `resolution` samples without losing extremes; null until FINISHED.',
      args: { resolution: t.arg.int({ description: '2 or more; all samples where it is left out.' }) },
      resolve: async (ride, args, { trackLoader }) => {
        const resolution = resolutionOf(args.resolution)
        const track = await ofFinished(ride, trackLoader)
        return track && streamsOf(track.startedAt, along(track), resolution)
      },
    }),
  }),
})

/** A ride that nobody gave a title is named by the time of day. */
export function titleOf({ title, startedAt, timeZone }: RideRow): string {
  return title ?? defaultTitle(startedAt.getTime(), timeZone)
}

function ofFinished<Row>(
  { status, rideId }: RideRow,
  loader: DataLoader<string, Row | null>,
): Promise<Row | null> {
  return status === 'FINISHED' ? loader.load(rideId) : Promise.resolve(null)
}

builder.queryField('ride', (t) =>
  t.field({
    type: Ride,
    nullable: true,
    description:
      'With `minVersion`, waits up to two seconds for the read side to have it; then an error OVERLOADED. Null where there is no such ride, or none that the viewer may see.',
    args: { id: t.arg.id({ required: true }), minVersion: t.arg.int() },
    resolve: async (_, { id, minVersion }, { arrivals, log, rideLoader }) => {
      const rideId = id.toLowerCase()
      if (!isUuid(rideId)) return null
      if (minVersion != null && minVersion > 0) {
        const partition = log.partitionOf(rideId)
        if (!(await arrivals.arrived({ partition, rideId, version: minVersion }, arrivalTimeoutMs))) {
          const { code, message } = new OverloadedError()
          throw asGraphQLError(code, message)
        }
      }
      return rideLoader.load(rideId)
    },
  }),
)

builder.queryField('rides', (t) =>
  t.connection(
    {
      type: Ride,
      description:
        'The rides that the viewer may list, newest start first. At most 100 a page; 20 unless asked.',
      resolve: (_, args, { read, viewer, gone }) =>
        resolveCursorConnection(
          { args, toCursor: writeKey },
          ({ after, before, limit, inverted }: ResolveCursorConnectionArgs) =>
            ridesPage(
              read,
              viewer,
              { after: readKey(after), before: readKey(before), limit, inverted },
              gone,
            ),
        ),
    },
    {
      name: 'RideConnection',
      fields: (connection) => ({
        totalCount: connection.int({
          description: 'Exact up to 10,000; then 10,000 and not exact.',
          resolve: async (_, __, { read, viewer }) =>
            Math.min(await countRides(read, viewer), exactCountBound),
        }),
        totalCountIsExact: connection.boolean({
          resolve: async (_, __, { read, viewer }) => (await countRides(read, viewer)) <= exactCountBound,
        }),
      }),
    },
    { name: 'RideEdge' },
  ),
)

function writeKey({ startedAt, rideId }: RidesKey): string {
  return Buffer.from(`${startedAt.getTime()}.${rideId}`).toString('base64url')
}

function readKey(cursor: string | undefined): RidesKey | undefined {
  if (cursor === undefined) return undefined
  const [startedAt, rideId] = Buffer.from(cursor, 'base64url').toString().split('.')
  if (!/^-?\d{1,14}$/.test(startedAt ?? '') || !isUuid(rideId ?? '')) {
    throw asGraphQLError('CURSOR_UNKNOWN', 'This is no cursor of a list of rides. Start again without one.')
  }
  return { startedAt: new Date(Number(startedAt)), rideId: rideId ?? '' }
}

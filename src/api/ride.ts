/** The ride: as it stands on the read side, one or a page of them. */
import { type ResolveCursorConnectionArgs, resolveCursorConnection } from '@pothos/plugin-relay'
import { writeCursor } from '#log/cursor.ts'
import type { RideProgress } from '#ride/events.ts'
import { builder } from './builder.ts'
import { RideStatusEnum, VisibilityEnum } from './enums.ts'
import { asGraphQLError, OverloadedError } from './errors.ts'
import { PositionObject } from './position.ts'
import { countRides, exactCountBound, type RideRow, type RidesKey, ridesPage } from './ride-rows.ts'
import { Rider } from './rider.ts'
import { RideStatistics, Route } from './route.ts'
import { routesById } from './route-rows.ts'
import { isUuid } from './uuid.ts'

/** How long an answer waits for the read side to have a version. */
export const arrivalTimeoutMs = 2_000
const untitled = 'Ride'

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
    latestPosition: t.field({ type: PositionObject, nullable: true, resolve: ({ latest }) => latest }),
    progress: t.field({
      type: RideProgressObject,
      nullable: true,
      description: 'Running numbers, while it is being ridden and after.',
      resolve: (ride) => ride,
    }),
    route: t.loadable({
      type: Route,
      nullable: true,
      description: 'Null until FINISHED, and where there is nothing that the viewer may see.',
      load: (ids: string[], { read, log, gone }) => routesById(read, log.partitionOf, ids, gone).then(drawn),
      resolve: finishedId,
    }),
    statistics: t.loadable({
      type: RideStatistics,
      nullable: true,
      description: 'Null until FINISHED. Of what the viewer may see.',
      load: (ids: string[], { read, log, gone }) => routesById(read, log.partitionOf, ids, gone),
      resolve: finishedId,
    }),
  }),
})

export function titleOf({ title }: { readonly title: string | null }): string {
  return title ?? untitled
}

function finishedId({ status, rideId }: RideRow): string | null {
  return status === 'FINISHED' ? rideId : null
}

/** A ride without two fixes in a row has statistics, but no route. */
function drawn(routes: Awaited<ReturnType<typeof routesById>>) {
  return routes.map((route) => (route?.pointCount == null ? null : route))
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

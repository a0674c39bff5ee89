/** The ride: as it stands on the read side. */
import { defaultTitle } from '#ride/time-zone.ts'
import { isRider } from '#rights/may-see.ts'
import { builder } from './builder.ts'
import { DistanceUnitEnum, RideStatusEnum, VisibilityEnum } from './enums.ts'
import { asGraphQLError, notYet } from './errors.ts'
import { costOfTrack } from './field-cost.ts'
import { PositionObject } from './position.ts'
import { cursorBehind } from './ride-cursor.ts'
import { RideProgressObject } from './ride-progress.ts'
import type { RideRow } from './ride-row.ts'
import { Rider, riderOf } from './rider.ts'
import { RideStatistics, Route } from './route.ts'
import { SplitObject } from './split.ts'
import { RideStreams, resolutionDescription, resolutionOf } from './streams.ts'
import { isUuid } from './uuid.ts'

/** How long an answer waits for the read side to have a version. */
export const arrivalTimeoutMs = 2_000

export const Ride = builder.objectRef<RideRow>('Ride').implement({
  description: 'A ride as far as it has been read from the log: in its version `version`.',
  fields: (t) => ({
    id: t.exposeID('rideId', { description: 'A UUID, made by the client that started it.' }),
    version: t.exposeInt('version', {
      description:
        'How many events it has; one more with each. To others than its rider: grows with what they are shown of it.',
    }),
    cursor: t.field({
      type: 'Cursor',
      description: '`rideFeed(after: cursor)` continues exactly behind this object.',
      resolve: (ride, _, { log, viewer }) => cursorBehind(log, ride, isRider(viewer, ride)),
    }),
    status: t.expose('status', { type: RideStatusEnum, description: 'Where it stands.' }),
    title: t.string({
      description: 'Where nobody gave it one, what time of day it began at.',
      resolve: titleOf,
    }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What its rider says of it; null where he says nothing.',
    }),
    visibility: t.expose('visibility', { type: VisibilityEnum, description: 'Who may see it.' }),
    rider: t.field({ type: Rider, description: 'Who rode it.', resolve: riderOf }),
    startedAt: t.field({
      type: 'DateTime',
      description: 'When it began, by the device.',
      resolve: ({ startedAt }) => startedAt.getTime(),
    }),
    endedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it ended, by the device; null until ENDED.',
      resolve: ({ endedAt }) => endedAt?.getTime(),
    }),
    finishedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When its route was there, by the server; null until FINISHED.',
      resolve: ({ finishedAt }) => finishedAt?.getTime(),
    }),
    timeZone: t.exposeString('timeZone', {
      nullable: true,
      description: 'IANA name, of the place where the ride began; null until there is a position.',
    }),
    latestPosition: t.field({
      type: PositionObject,
      nullable: true,
      description: 'The newest by its own time; null where there is none yet.',
      resolve: ({ latest }) => latest,
    }),
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
      // A ride without two fixes in a row has statistics, but no route.
      resolve: ({ route }) => (route?.pointCount == null ? null : route),
    }),
    statistics: t.field({
      type: RideStatistics,
      nullable: true,
      description: 'Of what the viewer may see; null until FINISHED.',
      resolve: ({ route }) => route,
    }),
    splits: t.field({
      type: [SplitObject],
      description: 'Together they are the ride from start to end. None until FINISHED.',
      args: {
        unit: t.arg({
          type: DistanceUnitEnum,
          required: true,
          defaultValue: 'KILOMETRE',
          description: 'What a split is long.',
        }),
      },
      resolve: async (ride, { unit }, { loaders }) => {
        const splits = ride.status === 'FINISHED' ? await loaders.splitsLoader.load(ride.rideId) : null
        if (splits === null) refuseWhileBuilt(ride)
        return splits?.[unit] ?? []
      },
    }),
    streams: t.field({
      type: RideStreams,
      complexity: costOfTrack,
      nullable: true,
      description:
        'Aligned arrays, thinned to at most `resolution` samples without losing extremes; null until FINISHED. A request may ask for 1,000,000 samples, counted before they are thinned.',
      args: { resolution: t.arg.int({ description: resolutionDescription }) },
      resolve: async (ride, args, { loaders }) => {
        const resolution = resolutionOf(args.resolution)
        if (ride.status !== 'FINISHED') return null
        const streams = await loaders.streamsLoader.load({ rideId: ride.rideId, resolution })
        if (streams === null) refuseWhileBuilt(ride)
        return streams
      },
    }),
  }),
})

/** A ride that nobody gave a title is named by the time of day. */
export function titleOf({ title, startedAt, timeZone }: RideRow): string {
  return title ?? defaultTitle(startedAt.getTime(), timeZone)
}

/** Seconds until what a new version of the program keeps of rides may be there. */
const rebuildRetryAfter = 60

/**
 * A ride whose route is there and nothing else has it from
 * an older program, and its tables are being built anew.
 */
function refuseWhileBuilt({ route }: RideRow): void {
  if (route === null) return
  throw notYet(
    'The tables that splits and streams are read from are being built anew. Ask again in a minute.',
    rebuildRetryAfter,
  )
}

const anId = '6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506'

builder.queryField('ride', (t) =>
  t.field({
    type: Ride,
    nullable: true,
    description:
      'One ride. With `minVersion`, waits up to two seconds for the read side to have it; then an error OVERLOADED. Null where there is no such ride, or none that the viewer may see.',
    args: {
      id: t.arg.id({ required: true, description: 'A UUID, in capitals or not.' }),
      minVersion: t.arg.int({
        description: 'The version that a mutation or a feed answered: the ride is that new or newer.',
      }),
    },
    resolve: async (_, { id, minVersion }, { arrivals, log, loaders, viewer, readRights }) => {
      if (!isUuid(id)) throw asGraphQLError('INVALID_INPUT', `\`id\` is a UUID, such as ${anId}.`)
      if (minVersion != null && minVersion < 0) {
        throw asGraphQLError(
          'INVALID_INPUT',
          '`minVersion` is 0 or more, as a mutation or a feed answered it.',
        )
      }
      const rideId = id.toLowerCase()
      if (minVersion != null && minVersion > 0) {
        // Whose it is says the log, which knows it at once. Of a ride that is not shown to him somebody else learns what he would
        // of one that is not there, and as soon: nothing is waited for.
        const rights = await readRights(rideId)
        const isOwn = rights !== undefined && isRider(viewer, rights)
        if (!isOwn && (await loaders.rideLoader.load(rideId)) === null) return null
        const audience = isOwn ? 'rider' : 'others'
        const awaited = { partition: log.partitionOf(rideId), rideId, version: minVersion, audience } as const
        if (!(await arrivals.arrived(awaited, arrivalTimeoutMs))) {
          throw notYet(
            `What is read does not have version ${minVersion} of this ride yet. Ask again in a moment, with the id and the version that a mutation answered.`,
            1,
          )
        }
        loaders.rideLoader.clear(rideId)
      }
      return loaders.rideLoader.load(rideId)
    },
  }),
)

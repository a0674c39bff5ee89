/** The feed of one ride. */
import type { Rights } from '#live/feed-cursor.ts'
import { type Source, sourceOf } from '#live/source.ts'
import { readCursor, writeCursor } from '#log/cursor.ts'
import { type RecordedEvent, readLastOf, readState } from '#log/read.ts'
import { decodeRideEvent } from '#ride/encoding.ts'
import { type RideEvent, type RideEventType, type RideStatus, statusAfter } from '#ride/events.ts'
import type { RideState } from '#ride/ride.ts'
import { isRider } from '#rights/may-see.ts'
import { builder } from './builder.ts'
import type { RequestContext } from './context.ts'
import { RideEventTypeEnum, RideStatusEnum } from './enums.ts'
import { asGraphQLError, RideNotFoundError } from './errors.ts'
import { othersRights, ownersRights } from './feed-rights.ts'
import { PositionObject } from './position.ts'
import { RideProgressObject } from './ride-progress.ts'
import { isUuid } from './uuid.ts'

export interface FeedItem {
  readonly recorded: RecordedEvent
  readonly event: RideEvent
}

const publicType = {
  RideStarted: 'STARTED',
  RidePositionsRecorded: 'POSITIONS_RECORDED',
  RidePaused: 'PAUSED',
  RideResumed: 'RESUMED',
  RideEnded: 'ENDED',
  RideFinished: 'FINISHED',
  RideEdited: 'EDITED',
  RideMasked: 'EDITED',
  RideDeleted: 'DELETED',
} as const satisfies Record<RideEventType, typeof RideEventTypeEnum.$inferType>

/** What came before it is nobody's to read any more. */
const deletion: RideEventType = 'RideDeleted'

/** The events that bring a ride to a status. */
const bringing: Record<RideStatus, readonly RideEventType[]> = {
  ACTIVE: ['RideStarted', 'RideResumed'],
  PAUSED: ['RidePaused'],
  ENDED: ['RideEnded'],
  FINISHED: ['RideFinished'],
}

const RideFeedItem = builder.objectRef<FeedItem>('RideFeedItem').implement({
  description: 'One event of a ride.',
  fields: (t) => ({
    cursor: t.field({
      type: 'Cursor',
      description: 'Subscribe again with the last one seen to continue exactly behind it.',
      resolve: ({ recorded }, _, { log }) => writeCursor(log, recorded),
    }),
    version: t.int({
      description: "The ride's with this event.",
      resolve: ({ recorded }) => recorded.version,
    }),
    type: t.field({ type: RideEventTypeEnum, resolve: ({ event }) => publicType[event.type] }),
    status: t.field({
      type: RideStatusEnum,
      description: "The ride's status after the event.",
      resolve: ({ event }) => statusAfter(event),
    }),
    at: t.field({
      type: 'DateTime',
      description: 'When it happened, by the device.',
      resolve: ({ event }) => event.at,
    }),
    positions: t.field({
      type: [PositionObject],
      description: 'Of POSITIONS_RECORDED those of the upload, in its order; else none.',
      resolve: ({ event }) => (event.type === 'RidePositionsRecorded' ? event.positions : []),
    }),
    progress: t.field({
      type: RideProgressObject,
      nullable: true,
      description: 'Running numbers with this event, where it moves them on.',
      resolve: ({ event }) => ('progress' in event ? event.progress : null),
    }),
  }),
})

builder.subscriptionField('rideFeed', (t) =>
  t.field({
    type: RideFeedItem,
    description: `What happens to a ride, in order, each event once: first what is behind \`after\` (without it, the ride from its start),
then what comes. Completes after DELETED or when the viewer loses the right; with \`until\`, also once that status is
reached, at once where it was reached before. Re-subscribe with the last cursor to continue. Errors carry
\`extensions.code\`.`,
    args: {
      rideId: t.arg.id({ required: true }),
      after: t.arg({ type: 'Cursor' }),
      until: t.arg({ type: RideStatusEnum }),
    },
    subscribe: async (_, { rideId: id, after, until }, context) => {
      const rideId = id.toLowerCase()
      const watched = isUuid(rideId) ? await watchable(rideId, context) : undefined
      if (watched === undefined) {
        const { code, message } = new RideNotFoundError()
        throw asGraphQLError(code, message)
      }
      const { newest, rights } = watched
      const version = after == null ? 0 : versionBehind(after, rideId, newest, context)
      if (until != null && (await wasReached(rideId, until, version, context))) return nothing()
      const types: readonly string[] = until == null ? [] : bringing[until]
      return context.feeds.open(rideId, {
        after: version,
        newest,
        rights,
        isLast: ({ type }) => types.includes(type),
        isTombstone: ({ type }) => type === deletion,
      })
    },
    resolve: (recorded: RecordedEvent): FeedItem => ({
      recorded,
      event: decodeRideEvent(recorded),
    }),
  }),
)

interface Watchable {
  /** The ride's version. */
  readonly newest: number
  readonly rights: Rights
}

/**
 * A ride that the viewer may watch, or undefined. A rider's own ride is known by the log at
 * once, whatever the read side has.
 */
async function watchable(
  rideId: string,
  { log, viewer, loaders, now }: RequestContext,
): Promise<Watchable | undefined> {
  const { actual, isGone } = await readState(log, rideId, rideId)
  const newest = actual.version
  if (newest === 0 || isGone) return undefined
  const state = actual.state as RideState
  if ('riderId' in state && isRider(viewer, state)) return { newest, rights: ownersRights(viewer) }
  const ride = await loaders.rideLoader.load(rideId)
  return ride === null ? undefined : { newest, rights: othersRights(viewer, ride, now) }
}

function versionBehind(cursor: string, rideId: string, newest: number, { log }: RequestContext): number {
  const reading = readCursor(log, cursor)
  const isKnown =
    reading.outcome === 'read' && reading.cursor.streamId === rideId && reading.cursor.version <= newest
  if (!isKnown) {
    throw asGraphQLError(
      'CURSOR_UNKNOWN',
      'This cursor is not of this ride, or from before a restore. Start again without one.',
    )
  }
  return reading.cursor.version
}

async function wasReached(
  rideId: string,
  until: RideStatus,
  version: number,
  { log }: RequestContext,
): Promise<boolean> {
  if (version === 0) return false
  return (await readLastOf(log, rideId, { types: bringing[until], upTo: version })) !== undefined
}

/** A feed that is complete. */
function nothing(): Source<RecordedEvent> {
  return sourceOf('', (sink) => ({
    resume: () => sink.end(),
    forget: () => undefined,
    stop: () => undefined,
  }))
}

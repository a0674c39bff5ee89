/** The feed of one ride, as it is asked for; how it is opened: `open-feed.ts`. */
import { writeCursor } from '#log/cursor.ts'
import type { RecordedEvent } from '#log/read.ts'
import { writeSealedCursor } from '#log/sealed-cursor.ts'
import { decodeRideEvent } from '#ride/encoding.ts'
import { type RideEvent, type RideEventType, statusAfter } from '#ride/events.ts'
import { builder } from './builder.ts'
import { RideEventTypeEnum, RideStatusEnum } from './enums.ts'
import { asGraphQLError, RideNotFoundError } from './errors.ts'
import { openFeed } from './open-feed.ts'
import type { ShownItem, ShownPlace } from './others-feed.ts'
import { PositionObject } from './position.ts'
import { RideProgressObject } from './ride-progress.ts'
import { isUuid } from './uuid.ts'

export interface FeedItem {
  readonly event: RideEvent
  /** The ride's, as the viewer is told it. */
  readonly version: number
  readonly recorded: RecordedEvent
  /** For all but its rider. */
  readonly place?: ShownPlace
}

/** In which trace an item of a ride's feed is; undefined of items of other feeds, which gather many events. */
export function traceOfItem(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined
  const recorded = 'recorded' in item ? item.recorded : item
  const trace =
    typeof recorded === 'object' && recorded !== null && 'traceparent' in recorded && recorded.traceparent
  return typeof trace === 'string' ? trace : undefined
}

export const publicType = {
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

const RideFeedItem = builder.objectRef<FeedItem>('RideFeedItem').implement({
  description: 'One event of a ride.',
  fields: (t) => ({
    cursor: t.field({
      type: 'Cursor',
      description: 'Subscribe again with the last one seen to continue exactly behind it.',
      resolve: ({ recorded, place }, _, { log }) =>
        place === undefined
          ? writeCursor(log, recorded)
          : writeSealedCursor(log, { streamId: recorded.streamId, position: recorded.position, ...place }),
    }),
    version: t.exposeInt('version', { description: "The ride's version with this event." }),
    type: t.field({
      type: RideEventTypeEnum,
      description: 'What happened.',
      resolve: ({ event }) => publicType[event.type],
    }),
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
      rideId: t.arg.id({ required: true, description: 'Which ride.' }),
      after: t.arg({
        type: 'Cursor',
        description: 'The last one seen, of this feed, of a command or of `Ride.cursor`.',
      }),
      until: t.arg({ type: RideStatusEnum, description: 'The status with which the feed is to complete.' }),
    },
    subscribe: async (_, { rideId: id, after, until }, context) => {
      const rideId = id.toLowerCase()
      const feed = isUuid(rideId) ? await openFeed({ rideId, after, until }, context) : undefined
      if (feed !== undefined) return feed
      const { code, message } = new RideNotFoundError()
      throw asGraphQLError(code, message)
    },
    resolve: (item: RecordedEvent | ShownItem): FeedItem =>
      'recorded' in item
        ? { ...item, event: item.event ?? decodeRideEvent(item.recorded) }
        : { recorded: item, event: decodeRideEvent(item), version: item.version },
  }),
)

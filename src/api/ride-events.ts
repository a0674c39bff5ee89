/** A ride's history as it was recorded: for its rider. */
import { Buffer } from 'node:buffer'
import { type RecordedEvent, readStream } from '#log/read.ts'
import { decodeRideEvent } from '#ride/encoding.ts'
import type { RideEvent } from '#ride/events.ts'
import { isRider } from '#rights/may-see.ts'
import { builder, placeOfEdge } from './builder.ts'
import { RideEventTypeEnum } from './enums.ts'
import { asGraphQLError, ForbiddenError } from './errors.ts'
import { PositionObject } from './position.ts'
import { Ride } from './ride.ts'
import { publicType } from './ride-feed.ts'

interface RecordedRideEvent {
  readonly recorded: RecordedEvent
  readonly event: RideEvent
}

const RideEventObject = builder.objectRef<RecordedRideEvent>('RideEvent').implement({
  description: 'What happened to a ride.',
  fields: (t) => ({
    id: t.id({
      description: 'That its command or upload came with.',
      resolve: ({ recorded }) => recorded.eventId,
    }),
    version: t.int({
      description: "The ride's version with it.",
      resolve: ({ recorded }) => recorded.version,
    }),
    type: t.field({
      type: RideEventTypeEnum,
      description: 'What it was.',
      resolve: ({ event }) => publicType[event.type],
    }),
    at: t.field({
      type: 'DateTime',
      description: 'When it happened, by the device.',
      resolve: ({ event }) => event.at,
    }),
    recordedAt: t.field({
      type: 'DateTime',
      description: 'When it was appended.',
      resolve: ({ recorded }) => recorded.recordedAt,
    }),
    positions: t.field({
      type: [PositionObject],
      description: 'Of POSITIONS_RECORDED those of the upload, in its order; else none.',
      resolve: ({ event }) => (event.type === 'RidePositionsRecorded' ? event.positions : []),
    }),
  }),
})

interface Connection {
  readonly events: readonly RecordedRideEvent[]
  readonly hasPreviousPage: boolean
  readonly hasNextPage: boolean
}

const RideEventEdge = builder.objectRef<RecordedRideEvent>('RideEventEdge').implement({
  description: 'An event in the history of a ride.',
  fields: (t) => ({
    cursor: t.string({ description: placeOfEdge, resolve: ({ recorded }) => writeVersion(recorded) }),
    node: t.field({ type: RideEventObject, description: 'The event.', resolve: (event) => event }),
  }),
})

const RideEventConnection = builder.objectRef<Connection>('RideEventConnection').implement({
  description: 'A page of the history of a ride, in order.',
  fields: (t) => ({
    edges: t.field({
      type: [RideEventEdge],
      description: 'What is on the page, each with its cursor.',
      complexity: { field: 0, multiplier: 1 },
      resolve: ({ events }) => [...events],
    }),
    nodes: t.field({
      type: [RideEventObject],
      description: 'What is on the page, without cursors.',
      complexity: { field: 0, multiplier: 1 },
      resolve: ({ events }) => [...events],
    }),
    pageInfo: t.field({
      type: builder.pageInfoRef(),
      description: 'How to go on from this page.',
      complexity: { field: 0, multiplier: 1 },
      resolve: ({ events, hasNextPage, hasPreviousPage }) => ({
        hasNextPage,
        hasPreviousPage,
        startCursor: cursorOf(events[0]),
        endCursor: cursorOf(events.at(-1)),
      }),
    }),
  }),
})

const ordinaryPage = 20
const mostOfPage = 100

builder.objectField(Ride, 'events', (t) =>
  t.field({
    type: RideEventConnection,
    description:
      "The ride's history as it was recorded; for its rider, to all others FORBIDDEN. At most 100 a page; 20 unless asked.",
    args: {
      first: t.arg.int({ description: `How many, 0 to ${mostOfPage}; ${ordinaryPage} where left out.` }),
      after: t.arg.string({ description: 'Behind this cursor: the `endCursor` of the page before.' }),
    },
    resolve: async (ride, { first, after }, { viewer, log }) => {
      if (!isRider(viewer, ride)) {
        const { code, message } = new ForbiddenError(
          "A ride's history is for its rider. `rideFeed` has what you may see of it.",
        )
        throw asGraphQLError(code, message)
      }
      const limit = first ?? ordinaryPage
      if (limit < 0 || limit > mostOfPage) {
        throw asGraphQLError(
          'INVALID_INPUT',
          `'first' is ${limit}, and a page has 0 to ${mostOfPage} events. Send such a number.`,
        )
      }
      const behind = after == null ? 0 : readVersion(after)
      const recorded = await readStream(log, ride.rideId, { after: behind, limit: limit + 1 })
      return {
        // Of a ride that was deleted meanwhile nothing is left.
        events: recorded
          .slice(0, limit)
          .filter(({ data }) => data !== null)
          .map((each) => ({ recorded: each, event: decodeRideEvent(each) })),
        hasPreviousPage: behind > 0,
        hasNextPage: recorded.length > limit,
      }
    },
  }),
)

function cursorOf(event: RecordedRideEvent | undefined): string | null {
  return event === undefined ? null : writeVersion(event.recorded)
}

function writeVersion({ version }: RecordedEvent): string {
  return Buffer.from(`version ${version}`).toString('base64url')
}

function readVersion(cursor: string): number {
  const [, version] = /^version (\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (version !== undefined) return Number(version)
  throw asGraphQLError('CURSOR_UNKNOWN', "This is no cursor of a ride's events. Start again without one.")
}

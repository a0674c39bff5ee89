/** What changed: for keeping a copy of the rides that one sees. */
import { readerOf } from '#rights/viewer.ts'
import { builder } from './builder.ts'
import { type ChangedRide, changedRides } from './changed-rides.ts'
import { readChangesCursor, writeChangesCursor } from './changes-cursor.ts'
import { asGraphQLError } from './errors.ts'
import { ofItsPage } from './field-cost.ts'
import { Ride } from './ride.ts'

const RideChange = builder.objectRef<ChangedRide>('RideChange').implement({
  description: 'A ride that has changed.',
  fields: (t) => ({
    rideId: t.exposeID('rideId', { description: 'Which ride.' }),
    version: t.exposeInt('version', { description: 'The version that it has come to.' }),
    ride: t.field({
      type: Ride,
      nullable: true,
      description: 'As it is now; null where it is gone, or gone for the viewer: drop the copy.',
      resolve: ({ ride }) => ride,
    }),
  }),
})

interface Changes {
  readonly changes: readonly ChangedRide[]
  readonly cursor: string
  readonly hasMore: boolean
}

const RideChanges = builder.objectRef<Changes>('RideChanges').implement({
  description: 'Some of what changed.',
  fields: (t) => ({
    changes: t.field({
      type: [RideChange],
      complexity: ofItsPage,
      description: 'Each ride once.',
      resolve: ({ changes }) => [...changes],
    }),
    cursor: t.field({
      type: 'Cursor',
      description: 'Ask again behind this one.',
      resolve: ({ cursor }) => cursor,
    }),
    hasMore: t.exposeBoolean('hasMore', { description: 'There is more already: ask again at once.' }),
  }),
})

const ordinaryPage = 100
const mostOfPage = 500

builder.queryField('rideChanges', (t) =>
  t.field({
    type: RideChanges,
    description:
      'Every ride that the viewer may list, his own and the public ones, that changed behind the cursor, each once, in its newest version: for keeping a copy. Without a cursor all there are. At most 500 a page; 100 unless asked. A cursor is for whom it was made.',
    args: {
      first: t.arg.int({ description: `How many, 1 to ${mostOfPage}; ${ordinaryPage} where left out.` }),
      after: t.arg({
        type: 'Cursor',
        description: 'What the page before answered; from the beginning, where left out.',
      }),
    },
    complexity: ({ first }) => ({
      field: 1,
      // It is counted as it came: a variable may be anything.
      multiplier: typeof first === 'number' ? Math.min(Math.max(first, 0), mostOfPage) : ordinaryPage,
    }),
    resolve: async (_, { first, after }, { read, log, viewer, afresh }) => {
      const size = first ?? ordinaryPage
      if (size < 1 || size > mostOfPage) {
        throw asGraphQLError(
          'INVALID_INPUT',
          `'first' is ${size}, and a page has 1 to ${mostOfPage} changes. Send such a number.`,
        )
      }
      const readerId = readerOf(viewer)
      const cursor = after == null ? undefined : readChangesCursor(log, after)
      if (after != null && cursor?.readerId !== readerId) {
        throw asGraphQLError(
          'CURSOR_UNKNOWN',
          'This is no cursor of rideChanges, or one of somebody else, or from before a restore. Start again without one.',
        )
      }
      const { changes, partitions, hasMore } = await changedRides(
        { read, partitionOf: log.partitionOf, viewer, afresh },
        { after: cursor?.partitions, partitions: log.partitions, first: size },
      )
      return { changes, hasMore, cursor: writeChangesCursor(log, { readerId, partitions }) }
    },
  }),
)

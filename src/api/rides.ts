/** The rides that a viewer may list, a page of them. */
import { type ResolveCursorConnectionArgs, resolveCursorConnection } from '@pothos/plugin-relay'
import { builder } from './builder.ts'
import { asGraphQLError } from './errors.ts'
import { Ride } from './ride.ts'
import { countRides, exactCountBound, type RidesKey, ridesPage } from './ride-rows.ts'
import { isUuid } from './uuid.ts'

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
          description: 'False where there are more than 10,000.',
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

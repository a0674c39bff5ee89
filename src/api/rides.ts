/** The rides that a viewer may list, a page of them. */
import { type ResolveCursorConnectionArgs, resolveCursorConnection } from '@pothos/plugin-relay'
import { builder } from './builder.ts'
import { asGraphQLError } from './errors.ts'
import { checkPage } from './page-bounds.ts'
import { Ride } from './ride.ts'
import { askedParts } from './ride-parts.ts'
import { countRides, exactCountBound, type RidesKey, ridesPage } from './rides-page.ts'
import { isUuid } from './uuid.ts'

builder.queryField('rides', (t) =>
  t.connection(
    {
      type: Ride,
      description:
        'The rides that the viewer may list, newest start first. At most 100 a page; 20 unless asked.',
      resolve: async (_, args, { read, viewer, gone }, info) => {
        checkPage(args)
        const parts = askedParts(info)
        const page = await resolveCursorConnection(
          { args, toCursor: writeKey },
          ({ after, before, limit, inverted }: ResolveCursorConnectionArgs) =>
            ridesPage(
              read,
              viewer,
              { after: readKey(after), before: readKey(before), limit, inverted, parts },
              gone,
            ),
        )
        return { ...page, count: once(() => countRides(read, viewer)) }
      },
    },
    {
      name: 'RideConnection',
      fields: (connection) => ({
        totalCount: connection.int({
          description: 'Exact up to 10,000; then 10,000 and not exact.',
          resolve: async ({ count }) => Math.min(await count(), exactCountBound),
        }),
        totalCountIsExact: connection.boolean({
          description: 'False where there are more than 10,000.',
          resolve: async ({ count }) => (await count()) <= exactCountBound,
        }),
      }),
    },
    { name: 'RideEdge' },
  ),
)

/** Two fields of a page tell its number, which is counted once, and only where one of them is asked for. */
function once<Value>(find: () => Promise<Value>): () => Promise<Value> {
  let found: Promise<Value> | undefined
  return () => (found ??= find())
}

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

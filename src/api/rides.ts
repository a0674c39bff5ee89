/** The rides that a viewer may list, a page of them. */
import { type ResolveCursorConnectionArgs, resolveCursorConnection } from '@pothos/plugin-relay'
import { builder } from './builder.ts'
import { asGraphQLError } from './errors.ts'
import { Ride } from './ride.ts'
import { checkedFilter, RideFilterInput } from './ride-filter.ts'
import { askedParts } from './ride-parts.ts'
import { costOfCount, ridesCost } from './rides-cost.ts'
import { readPlace, writePlace } from './rides-cursor.ts'
import { countFound, everyRide, foundRides, type RideOrder, rideOrders } from './rides-found.ts'
import { countRides, exactCountBound, ridesPage } from './rides-page.ts'

const RideOrderEnum = builder.enumType('RideOrder', {
  description: 'Rides of which what they are ordered by is the same are ordered by their ids.',
  values: {
    STARTED_AT_DESC: { description: 'The newest start first.' },
    STARTED_AT_ASC: { description: 'The oldest start first.' },
    DISTANCE_DESC: {
      description:
        'The longest first, as the viewer is shown them. Those in progress move while they are ridden.',
    },
  } satisfies Record<RideOrder, object>,
})

/** Where it is asked for, its page costs `costOfCount` more. */
const countsItsPage = { countsItsPage: true } as const

builder.queryField('rides', (t) =>
  t.connection(
    {
      type: Ride,
      description:
        'The rides that the viewer may list, his own and the public ones. At most 100 a page; 20 unless asked. A cursor is a place in one order: what comes in meanwhile shifts nothing, and the filter may change.',
      args: {
        filter: t.arg({ type: RideFilterInput, description: 'Which of them; all, where left out.' }),
        orderBy: t.arg({ type: RideOrderEnum, description: 'STARTED_AT_DESC, where left out.' }),
      },
      complexity: ridesCost,
      extensions: { costOfCount },
      resolve: async (_, { filter: asked, orderBy, ...args }, { read, viewer, afresh }, info) => {
        checkSize(args)
        const filter = checkedFilter(asked)
        const order = orderBy ?? rideOrders[0]
        const parts = askedParts(info)
        const page = await resolveCursorConnection(
          { args, toCursor: (ride) => writePlace(order, ride) },
          ({ after, before, limit, inverted }: ResolveCursorConnectionArgs) => {
            const places = { after: readPlace(order, after), before: readPlace(order, before) }
            // The plain list, which is most of what is asked for, is composed once.
            if (filter === undefined && order !== 'DISTANCE_DESC') {
              const isTurned = order === 'STARTED_AT_ASC'
              const { after, before } = isTurned ? { after: places.before, before: places.after } : places
              const plain = { after, before, limit, inverted: inverted !== isTurned, parts }
              return ridesPage(read, viewer, plain, afresh)
            }
            const found = { filter: filter ?? everyRide, order, ...places, limit, inverted, parts }
            return foundRides(read, viewer, found, afresh)
          },
        )
        const count = async () => {
          const unlisted = (await afresh?.unlistedFor(viewer)) ?? []
          return filter === undefined && unlisted.length === 0
            ? countRides(read, viewer)
            : countFound(read, viewer, filter ?? everyRide, unlisted)
        }
        return { ...page, count: once(count) }
      },
    },
    {
      name: 'RideConnection',
      description: 'A page of rides, in the order that was asked for.',
      fields: (connection) => ({
        totalCount: connection.int({
          extensions: countsItsPage,
          description: 'How many there are on all pages: exact up to 10,000; then 10,000 and not exact.',
          resolve: async ({ count }) => Math.min(await count(), exactCountBound),
        }),
        totalCountIsExact: connection.boolean({
          extensions: countsItsPage,
          description: 'False where there are more than 10,000.',
          resolve: async ({ count }) => (await count()) <= exactCountBound,
        }),
      }),
    },
    { name: 'RideEdge', description: 'A ride on a page.' },
  ),
)

const mostOfPage = 100

interface Size {
  readonly first?: number | null | undefined
  readonly last?: number | null | undefined
  readonly before?: string | null | undefined
}

function checkSize({ first, last }: Size): void {
  if (first != null && last != null)
    throw asGraphQLError('INVALID_INPUT', "'first' and 'last' are two pages. Send one of them.")
  checkOne('first', first)
  checkOne('last', last)
}

function checkOne(name: keyof Size, size: number | null | undefined): void {
  if (size == null || (size >= 0 && size <= mostOfPage)) return
  throw asGraphQLError(
    'INVALID_INPUT',
    `'${name}' is ${size}, and a page has 0 to ${mostOfPage} rides. Send such a number, and ask for the next page with a cursor.`,
  )
}

/** Two fields of a page tell its number, which is counted once, and only where one of them is asked for. */
function once<Value>(find: () => Promise<Value>): () => Promise<Value> {
  let found: Promise<Value> | undefined
  return () => (found ??= find())
}

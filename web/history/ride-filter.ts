/** What is wanted, as the server is asked for it. */
import type { VariablesOf } from '../graphql/graphql.ts'
import type { historyQuery } from './documents.ts'
import { parseBox, parseNear, type Sort, type Wanted } from './search.ts'

type Asked = VariablesOf<typeof historyQuery>
export type RideFilter = NonNullable<Asked['filter']>
export type RideOrder = NonNullable<Asked['orderBy']>

/**
 * @param viewerId of whom the rides are unless all are wanted; null where nobody is signed in.
 * @returns null where all rides are asked for: the server has its quickest list for that.
 */
export function filterOf(wanted: Wanted, viewerId: string | null): RideFilter | null {
  const near = parseNear(wanted.near)
  const within = parseBox(wanted.within)
  const filter: RideFilter = {
    ...(viewerId !== null && wanted.whose !== 'all' && { riderId: viewerId }),
    ...(wanted.status !== undefined && { status: [wanted.status] }),
    ...(wanted.from !== undefined && { firstDay: wanted.from }),
    ...(wanted.to !== undefined && { lastDay: wanted.to }),
    ...(wanted.min !== undefined && { minDistance: wanted.min }),
    ...(wanted.max !== undefined && { maxDistance: wanted.max }),
    ...(near !== null && { near }),
    ...(within !== null && { within }),
    ...(wanted.text !== undefined && { text: wanted.text }),
  }
  return Object.keys(filter).length === 0 ? null : filter
}

const orders: Record<Sort, RideOrder> = {
  newest: 'STARTED_AT_DESC',
  oldest: 'STARTED_AT_ASC',
  longest: 'DISTANCE_DESC',
}

export function orderOf(sort: Sort = 'newest'): RideOrder {
  return orders[sort]
}

/**
 * The lists of rides that were looked for lately, each with the pages that were loaded of it. They outlive the page, so that whoever
 * comes back from a ride finds what he left.
 *
 * ```
 * loading ──► ready ⇄ ready (asked again, while what is known stays)
 *    └──► failed ──► loading …
 * ```
 */
import { backoffMs } from '../graphql/backoff.ts'
import type { Answer, Server } from '../graphql/client.ts'
import type { Failure } from '../graphql/failure.ts'
import type { ResultOf } from '../graphql/graphql.ts'
import { type Cell, createCell } from '../state/cell.ts'
import { type HistoryRide, historyCountQuery, historyQuery } from './documents.ts'
import type { RideFilter, RideOrder } from './ride-filter.ts'

export interface RideCount {
  readonly count: number
  readonly isExact: boolean
}

export interface HistoryListState {
  readonly status: 'loading' | 'ready' | 'failed'
  readonly rides: readonly HistoryRide[]
  readonly endCursor: string | null
  readonly hasMore: boolean
  readonly more: 'idle' | 'loading' | 'failed'
  /** Null until it is counted. */
  readonly total: RideCount | null
  /** Of the last attempt. */
  readonly failure: Failure | null
}

export interface HistoryList {
  readonly key: string
  readonly state: Cell<HistoryListState>
  loadMore(): Promise<void>
  /** Asks again for all that is loaded: rides may have been hidden, or come to their end. */
  reload(): Promise<void>
}

type Asker = Pick<Server, 'query'> & { readonly socket: Pick<Server['socket'], 'pause'> }

const pageSize = 30
/** The server gives no more on a page. */
const mostAtOnce = 100

export const ridesToCome: HistoryListState = {
  status: 'loading',
  rides: [],
  endCursor: null,
  hasMore: false,
  more: 'idle',
  total: null,
  failure: null,
}

export function createHistoryList(
  server: Asker,
  of: { readonly filter: RideFilter | null; readonly order: RideOrder },
): HistoryList {
  const { filter, order: orderBy } = of
  const state = createCell(ridesToCome)
  let attempt = 0
  /** Only what was asked last counts. */
  let asked = 0

  function change(changes: Partial<HistoryListState>): void {
    state.set({ ...state.get(), ...changes })
  }

  async function reload(): Promise<void> {
    const order = ++asked
    const wanted = state.get().rides.length
    const rides: HistoryRide[] = []
    let pageInfo: { hasNextPage: boolean; endCursor: string | null } = { hasNextPage: true, endCursor: null }
    while (pageInfo.hasNextPage && (rides.length < wanted || rides.length === 0)) {
      const first = Math.min(mostAtOnce, Math.max(pageSize, wanted - rides.length))
      const answer: Answer<ResultOf<typeof historyQuery>> = await server.query(historyQuery, {
        first,
        after: pageInfo.endCursor,
        filter,
        orderBy,
      })
      if (order !== asked) return
      if (!answer.ok) return failed(answer.failure)
      rides.push(...answer.data.rides.nodes)
      pageInfo = answer.data.rides.pageInfo
      if (answer.data.rides.nodes.length === 0) break
    }
    attempt = 0
    // What came in while this was asked for stands behind it.
    const behind = state.get().rides.slice(wanted)
    const { hasNextPage: hasMore, endCursor } = pageInfo
    const next = behind.length === 0 ? { hasMore, endCursor } : {}
    change({ status: 'ready', rides: joined(rides, behind), failure: null, ...next })
    await count()
  }

  /** Later than the rides: where there are many it takes longer. */
  async function count(): Promise<void> {
    const { rides, hasMore } = state.get()
    if (!hasMore) return change({ total: { count: rides.length, isExact: true } })
    const total = await countRides(server, filter)
    if (total !== null) change({ total })
  }

  function failed(failure: Failure): void {
    change({ status: state.get().rides.length === 0 ? 'failed' : state.get().status, failure })
    if (failure.kind !== 'again') return
    const waitMs = failure.retryAfterMs ?? backoffMs(attempt, Math.random())
    attempt += 1
    void server.socket.pause(waitMs).then(() => {
      if (state.get().failure === failure) void reload()
    })
  }

  void reload()
  return {
    key: keyOf(of),
    state,
    reload() {
      if (state.get().status === 'failed') change({ status: 'loading' })
      return reload()
    },
    async loadMore() {
      const { hasMore, more, endCursor, status } = state.get()
      if (!hasMore || more === 'loading' || status !== 'ready') return
      change({ more: 'loading' })
      const answer = await server.query(historyQuery, { first: pageSize, after: endCursor, filter, orderBy })
      if (!answer.ok) return change({ more: 'failed' })
      const { nodes, pageInfo } = answer.data.rides
      const rides = joined(state.get().rides, nodes)
      const isAll = !pageInfo.hasNextPage
      change({
        rides,
        endCursor: pageInfo.endCursor,
        hasMore: pageInfo.hasNextPage,
        more: 'idle',
        ...(isAll && { total: { count: rides.length, isExact: true } }),
      })
    },
  }
}

/** Null where there is no answer. */
export async function countRides(
  server: Pick<Server, 'query'>,
  filter: RideFilter | null,
): Promise<RideCount | null> {
  const answer = await server.query(historyCountQuery, { filter })
  if (!answer.ok) return null
  const { totalCount: count, totalCountIsExact: isExact } = answer.data.rides
  return { count, isExact }
}

export function keyOf(asked: { readonly filter: RideFilter | null; readonly order: RideOrder }): string {
  return JSON.stringify([asked.filter, asked.order])
}

/** In order, each once: of a ride that moved while it was paged, the later word. */
function joined(before: readonly HistoryRide[], behind: readonly HistoryRide[]): HistoryRide[] {
  const byId = new Map(before.map((ride) => [ride.id, ride]))
  for (const ride of behind) byId.set(ride.id, ride)
  return [...byId.values()]
}

/**
 * The state behind the page of rides: the live board, the list, and how a ride goes from one to the other.
 *
 * A ride that leaves the board was ended or deleted; until the server has finished it its row waits, following its feed, and
 * is then read once more. It outlives the page, so that coming back to it shows at once what was there.
 */
import type { Answer, Server } from '../graphql/client.ts'
import type { ResultOf } from '../graphql/graphql.ts'
import { insist } from '../graphql/insist.ts'
import { subscribe } from '../graphql/subscribe.ts'
import { rideRowQuery, ridesQuery } from '../rides/documents.ts'
import {
  addPage,
  dropRide,
  emptyRideList,
  putRide,
  type RideList,
  type RidePage,
  refresh,
} from '../rides/ride-list.ts'
import { type Cell, createCell } from '../state/cell.ts'
import { onLook } from '../state/looks.ts'
import { liveRidesSubscription, rideUntilFinishedSubscription } from './documents.ts'
import { applyLiveRides, type LiveBoard } from './live-board.ts'
import { withoutZone } from './live-zones.ts'

export interface RidesState extends RideList {
  status: 'loading' | 'ready' | 'failed'
  more: 'idle' | 'loading' | 'failed'
}

export interface RidesModel {
  readonly list: Cell<RidesState>
  /** Null until the first snapshot. */
  readonly live: Cell<LiveBoard | null>
  /** Loads and follows until the returned function is called. */
  open(): () => void
  loadMore(): Promise<void>
  retry(): Promise<void>
}

const pageSize = 30
/** The server gives no more on a page. */
const mostAtOnce = 100

export function createRidesModel(server: Server): RidesModel {
  const list = createCell<RidesState>({ ...emptyRideList, status: 'loading', more: 'idle' })
  const live = createCell<LiveBoard | null>(null)

  /** All that was loaded so far is asked for again: whatever its rider has hidden meanwhile goes. */
  async function loadShown(): Promise<void> {
    const wanted = list.get().rides.length
    const pages: RidePage[] = []
    let after: string | null = null
    do {
      const first = Math.min(mostAtOnce, Math.max(pageSize, wanted - countOf(pages)))
      const answer: Answer<ResultOf<typeof ridesQuery>> = await server.query(ridesQuery, { first, after })
      const state = list.get()
      if (!answer.ok) {
        if (state.status === 'loading') list.set({ ...state, status: 'failed' })
        return
      }
      pages.push(answer.data.rides)
      after = answer.data.rides.pageInfo.hasNextPage ? answer.data.rides.pageInfo.endCursor : null
    } while (after !== null && countOf(pages) < wanted)
    const state = list.get()
    list.set({ ...state, ...refresh(state, pages), status: 'ready' })
  }

  async function loadMore(): Promise<void> {
    const { endCursor, hasMore, more } = list.get()
    if (!hasMore || more === 'loading') return
    list.set({ ...list.get(), more: 'loading' })
    const answer = await server.query(ridesQuery, { first: pageSize, after: endCursor })
    const state = list.get()
    if (answer.ok) list.set({ ...state, ...addPage(state, answer.data.rides), more: 'idle' })
    else list.set({ ...state, more: 'failed' })
  }

  async function refreshRide(id: string, minVersion: number | null, signal: AbortSignal): Promise<void> {
    const answer = await insist(server, rideRowQuery, { id, minVersion }, signal)
    if (!answer.ok) return
    const { ride } = answer.data
    const state = list.get()
    list.set({ ...state, ...(ride === null ? dropRide(state, id) : putRide(state, ride)) })
  }

  function open(): () => void {
    const closing = new AbortController()
    const { signal } = closing
    const waiting = new Set<string>()

    /** Follows every row that says ENDED until it says FINISHED. */
    function awaitFinished(): void {
      for (const { id, cursor, status } of list.get().rides) {
        if (status !== 'ENDED' || waiting.has(id)) continue
        waiting.add(id)
        const end = subscribe(
          server.socket.client,
          rideUntilFinishedSubscription,
          { rideId: id, after: cursor },
          {
            cursorOf: ({ rideFeed }) => rideFeed.cursor,
            next({ rideFeed }) {
              const isNews = rideFeed.status === 'FINISHED' || rideFeed.type === 'DELETED'
              if (isNews) void refreshRide(id, rideFeed.version, signal)
            },
            isOver: () => true,
            refused: () => void refreshRide(id, null, signal),
          },
        )
        signal.addEventListener('abort', end)
      }
    }

    const asked = new Set<string>()

    /** Once a ride: where its zone cannot be told it is not asked for with every position. What is live was read, so it can be read. */
    function askZones(): void {
      if (list.get().status !== 'ready') return
      for (const { rideId } of withoutZone(live.get() ?? new Map(), list.get().rides)) {
        if (asked.has(rideId)) continue
        asked.add(rideId)
        void refreshRide(rideId, null, signal)
      }
    }

    const endList = list.subscribe(() => {
      awaitFinished()
      askZones()
    })
    const endLive = subscribe(
      server.socket.client,
      liveRidesSubscription,
      {},
      {
        next({ liveRides }) {
          const { board, left } = applyLiveRides(live.get() ?? new Map(), liveRides)
          live.set(board)
          askZones()
          for (const rideId of left) void refreshRide(rideId, null, signal)
        },
        refused: () => live.set(new Map()),
      },
    )
    // What was missed while the server was away is read again when it is back.
    const endConnection = server.socket.connection.status.subscribe(() => {
      if (server.socket.connection.status.get() === 'connected') void loadShown()
    })
    const endLooks = onLook(() => void loadShown())
    void loadShown()
    awaitFinished()
    return () => {
      closing.abort()
      endLooks()
      endList()
      endLive()
      endConnection()
    }
  }

  return {
    list,
    live,
    open,
    loadMore,
    retry: () => {
      list.set({ ...list.get(), status: 'loading' })
      server.socket.retryNow()
      return loadShown()
    },
  }
}

function countOf(pages: readonly RidePage[]): number {
  return pages.reduce((sum, { edges }) => sum + edges.length, 0)
}

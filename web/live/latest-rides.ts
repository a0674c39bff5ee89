/**
 * The rides that are over, as far as the live page shows them: the newest few, and those that ended while it was open, followed
 * until they are finished.
 */
import type { Server } from '../graphql/client.ts'
import { insist } from '../graphql/insist.ts'
import { subscribe } from '../graphql/subscribe.ts'
import { type RideSummary, rideRowQuery, ridesQuery } from '../rides/documents.ts'
import { type Cell, createCell } from '../state/cell.ts'
import { onLook } from '../state/looks.ts'
import { rideUntilFinishedSubscription } from './documents.ts'
import { dropLatest, emptyLatest, type Latest, putEnded, putNewest } from './latest.ts'

export interface LatestRides {
  readonly latest: Cell<Latest>
  /** It has left the board: whether it is over is asked. */
  left(rideId: string): void
  /** Follows until the returned function is called. */
  open(): () => void
  retry(): void
}

/** Some of them may be in progress. */
const asked = 30

export function createLatestRides(server: Server): LatestRides {
  const latest = createCell<Latest>(emptyLatest)
  const waiting = new Set<string>()
  let closing = new AbortController()

  async function load(): Promise<void> {
    const { signal } = closing
    const answer = await server.query(ridesQuery, { first: asked, after: null })
    if (signal.aborted) return
    if (answer.ok) {
      const newest = answer.data.rides.edges.map(({ node }) => node)
      latest.set(putNewest(latest.get(), newest))
      const read = new Set(newest.map(({ id }) => id))
      for (const { id } of latest.get().ended) if (!read.has(id)) void refresh(id, null)
    } else if (latest.get().status === 'loading') {
      latest.set({ ...latest.get(), status: 'failed' })
    }
    awaitFinished()
  }

  async function refresh(id: string, minVersion: number | null): Promise<void> {
    const answer = await insist(server, rideRowQuery, { id, minVersion }, closing.signal)
    if (!answer.ok) return
    const { ride } = answer.data
    latest.set(ride === null ? dropLatest(latest.get(), id) : putEnded(latest.get(), ride))
    awaitFinished()
  }

  /** Follows every ride that is ENDED until it is FINISHED. */
  function awaitFinished(): void {
    const { newest, ended } = latest.get()
    for (const ride of [...ended, ...newest]) if (ride.status === 'ENDED') awaitOne(ride)
  }

  function awaitOne({ id, cursor }: RideSummary): void {
    if (waiting.has(id)) return
    waiting.add(id)
    const { signal } = closing
    const end = subscribe(
      server.socket.client,
      rideUntilFinishedSubscription,
      { rideId: id, after: cursor },
      {
        cursorOf: ({ rideFeed }) => rideFeed.cursor,
        next({ rideFeed }) {
          const isNews = rideFeed.status === 'FINISHED' || rideFeed.type === 'DELETED'
          if (isNews) void refresh(id, rideFeed.version)
        },
        isOver: () => true,
        refused: () => void refresh(id, null),
      },
    )
    signal.addEventListener('abort', end)
  }

  return {
    latest,
    left: (rideId) => void refresh(rideId, null),
    open() {
      closing = new AbortController()
      waiting.clear()
      const { status } = server.socket.connection
      // What was missed while the server was away is read again when it is back.
      const endConnection = status.subscribe(() => {
        if (status.get() === 'connected') void load()
      })
      const endLooks = onLook(() => void load())
      void load()
      return () => {
        closing.abort()
        endConnection()
        endLooks()
      }
    },
    retry() {
      latest.set({ ...latest.get(), status: 'loading' })
      server.socket.retryNow()
      void load()
    },
  }
}

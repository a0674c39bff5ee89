/**
 * The rides that are over, as far as the live page shows them: the newest few, and those that ended while it was open. Those
 * that can be seen are followed until they are finished, and what is asked does not grow with how many end at once.
 */
import type { FollowedServer } from '../graphql/client.ts'
import { insist } from '../graphql/insist.ts'
import { subscribe } from '../graphql/subscribe.ts'
import { type RideSummary, rideRowQuery } from '../rides/documents.ts'
import { type Cell, createCell } from '../state/cell.ts'
import { onLook } from '../state/looks.ts'
import { overRidesQuery, rideUntilFinishedSubscription } from './documents.ts'
import {
  dropLatest,
  emptyLatest,
  type Latest,
  mostEnded,
  mostShown,
  putEnded,
  putNewest,
  shownLatest,
} from './latest.ts'

export interface LatestRides {
  readonly latest: Cell<Latest>
  /** It has left the board: whether it is over is asked. */
  left(rideId: string): void
  /** Follows until the returned function is called. */
  open(): () => void
  retry(): void
}

/** On most days all of those that end while the page is open are among them. */
const asked = 30

export function createLatestRides(server: FollowedServer, looks: typeof onLook = onLook): LatestRides {
  const latest = createCell<Latest>(emptyLatest)
  /** Until they are FINISHED. */
  const followed = new Map<string, () => void>()
  let gone = new Set<string>()
  let isReading = false
  let lists = 0
  let closing = new AbortController()

  /** One question for all of them, however many ended. */
  async function load(ended: ReadonlySet<string> = new Set()): Promise<void> {
    const { signal } = closing
    const order = ++lists
    const first = Math.max(asked, Math.min(mostEnded, latest.get().ended.length + ended.size))
    const answer = await server.query(overRidesQuery, { first })
    if (signal.aborted || (order < lists && ended.size === 0)) return
    if (answer.ok) {
      const { nodes } = answer.data.rides
      if (order === lists) latest.set(putNewest(latest.get(), nodes))
      for (const ride of nodes) if (ended.has(ride.id)) latest.set(putEnded(latest.get(), ride))
    } else if (latest.get().status === 'loading') {
      latest.set({ ...latest.get(), status: 'failed' })
    }
    followShown()
  }

  async function refresh(id: string, minVersion: number | null): Promise<void> {
    const answer = await insist(server, rideRowQuery, { id, minVersion }, closing.signal)
    if (!answer.ok) return
    const { ride } = answer.data
    latest.set(ride === null ? dropLatest(latest.get(), id) : putEnded(latest.get(), ride))
    followShown()
  }

  /** A few are read one by one; where many leave at once, or while these are read, all with the list. */
  async function readGone(): Promise<void> {
    if (isReading || gone.size === 0) return
    isReading = true
    const { signal } = closing
    const ids = gone
    gone = new Set()
    if (ids.size > mostShown) await load(ids)
    else await Promise.all([...ids].map((id) => refresh(id, null)))
    if (signal.aborted) return
    isReading = false
    void readGone()
  }

  /** Those that can be seen and are ENDED, and no others. */
  function followShown(): void {
    const shown = shownLatest(latest.get(), new Map()).filter(({ status }) => status === 'ENDED')
    const ids = new Set(shown.map(({ id }) => id))
    for (const id of [...followed.keys()]) if (!ids.has(id)) unfollow(id)
    for (const ride of shown) if (!followed.has(ride.id)) followed.set(ride.id, follow(ride))
  }

  function unfollow(id: string): void {
    followed.get(id)?.()
    followed.delete(id)
  }

  function follow({ id, cursor }: RideSummary): () => void {
    return subscribe(
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
  }

  return {
    latest,
    left(rideId) {
      gone.add(rideId)
      queueMicrotask(() => void readGone())
    },
    open() {
      closing = new AbortController()
      gone.clear()
      isReading = false
      const { status } = server.socket.connection
      // What was missed while the server was away is read again when it is back.
      const endConnection = status.subscribe(() => {
        if (status.get() === 'connected') void load()
      })
      const endLooks = looks(() => void load())
      void load()
      return () => {
        closing.abort()
        for (const id of [...followed.keys()]) unfollow(id)
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

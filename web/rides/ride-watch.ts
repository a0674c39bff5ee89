/**
 * The state behind the page of one ride: what the server read for it, and its feed on top.
 *
 * While it is being ridden the feed begins at the ride's start, so that its whole trail is drawn; once FINISHED the
 * route says more than the trail, and the feed is only followed for edits and deletion, from the ride's cursor on.
 */
import type { Server } from '../graphql/client.ts'
import { insist } from '../graphql/insist.ts'
import { subscribe } from '../graphql/subscribe.ts'
import { type RideFeedItem, rideFeedSubscription } from '../live/documents.ts'
import { applyFeedItem, createTrack, type Track } from '../live/track.ts'
import { type Cell, createCell } from '../state/cell.ts'
import { type Ride, rideQuery } from './documents.ts'

export type RideView =
  | { status: 'loading' }
  /** Unknown, not the viewer's to see, or deleted while it was watched. */
  | { status: 'missing'; wasDeleted: boolean }
  | { status: 'failed' }
  | {
      status: 'ready'
      ride: Ride
      /** Grows in place; `revision` says when. */
      track: Track
      revision: number
    }

export interface RideWatch {
  readonly view: Cell<RideView>
  retry(): void
  close(): void
}

/** @param schedule runs a function soon, once for many calls: a feed may tell a thousand items between two frames. */
export function watchRide(server: Server, id: string, schedule: (publish: () => void) => void): RideWatch {
  const view = createCell<RideView>({ status: 'loading' })
  const closing = new AbortController()
  let track = createTrack()
  let ride: Ride | null = null
  let isScheduled = false
  let endFeed: (() => void) | null = null

  async function load(): Promise<void> {
    const answer = await server.query(rideQuery, { id, minVersion: null })
    if (closing.signal.aborted) return
    if (answer.ok) take(answer.data.ride)
    else if (answer.failure.kind === 'final') miss(false)
    else if (ride === null) view.set({ status: 'failed' })
  }

  async function reload(minVersion: number): Promise<void> {
    const answer = await insist(server, rideQuery, { id, minVersion }, closing.signal)
    if (answer.ok) take(answer.data.ride)
  }

  function take(answered: Ride | null): void {
    if (answered === null) {
      miss(false)
    } else if (ride === null || answered.version >= ride.version) {
      ride = answered
      publish()
      endFeed ??= follow(answered)
    }
  }

  function follow(from: Ride): () => void {
    const after = from.status === 'FINISHED' ? from.cursor : null
    let isDeleted = false
    return subscribe(
      server.socket.client,
      rideFeedSubscription,
      { rideId: id, after },
      {
        cursorOf: ({ rideFeed }) => rideFeed.cursor,
        next({ rideFeed }) {
          isDeleted ||= rideFeed.type === 'DELETED'
          hear(rideFeed)
        },
        restart() {
          track = createTrack()
        },
        isOver: () => isDeleted,
        refused: () => miss(false),
      },
    )
  }

  function hear(item: RideFeedItem): void {
    if (!applyFeedItem(track, item) || ride === null) return
    if (item.type === 'DELETED') {
      miss(true)
      return
    }
    const isNews = item.version > ride.version
    if (isNews && (item.type === 'FINISHED' || item.type === 'EDITED')) void reload(item.version)
    if (isScheduled) return
    isScheduled = true
    schedule(() => {
      isScheduled = false
      if (!closing.signal.aborted && view.get().status === 'ready') publish()
    })
  }

  function publish(): void {
    if (ride !== null) view.set({ status: 'ready', ride, track, revision: track.revision })
  }

  function miss(wasDeleted: boolean): void {
    endFeed?.()
    view.set({ status: 'missing', wasDeleted })
  }

  const endConnection = server.socket.connection.status.subscribe(() => {
    if (server.socket.connection.status.get() === 'connected' && view.get().status === 'failed') void load()
  })
  void load()
  return {
    view,
    retry() {
      if (ride === null) view.set({ status: 'loading' })
      server.socket.retryNow()
      void load()
    },
    close() {
      closing.abort()
      endConnection()
      endFeed?.()
    },
  }
}

/** What is true now: the newer of what was read and what the feed told since. */
export function newest(ride: Ride, track: Track): Pick<Ride, 'status' | 'progress'> {
  if (track.version <= ride.version || track.status === null) return ride
  return { status: track.status, progress: track.progress ?? ride.progress }
}

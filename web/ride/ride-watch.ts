/**
 * The state behind the page of one ride: what the server read for it, and its feed on top.
 *
 * While it is being ridden the feed begins at the ride's start, so that its whole trail is drawn; once FINISHED the
 * route says more than the trail, and the feed is only followed for edits and deletion, from the ride's cursor on.
 *
 *   loading ─► ready ◄─► missing: what may not be seen any more is let go of, and shown again when it may
 *      └─► failed ─► ready
 *
 * The feed does not tell others of the rider's zones. So the ride is read again with each look.
 */
import type { FollowedServer } from '../graphql/client.ts'
import { insist } from '../graphql/insist.ts'
import { subscribe } from '../graphql/subscribe.ts'
import { type RideFeedItem, rideFeedSubscription } from '../live/documents.ts'
import { applyFeedItem, createTrack, type Track } from '../live/track.ts'
import { type Cell, createCell } from '../state/cell.ts'
import { type Ride, rideQuery } from './documents.ts'

export type RideView =
  | { status: 'loading' }
  /** `unknown` is also what is not the viewer's to see; the others happened while it was watched. */
  | { status: 'missing'; why: 'unknown' | 'deleted' | 'no longer shown' }
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

/**
 * @param schedule runs a function soon, once for many calls: a feed may tell a thousand items between two frames.
 * @param looks calls a function whenever somebody looks at the page again, until what it returns is called.
 */
export function watchRide(
  server: FollowedServer,
  id: string,
  schedule: (publish: () => void) => void,
  looks: (look: () => void) => () => void,
): RideWatch {
  const view = createCell<RideView>({ status: 'loading' })
  const closing = new AbortController()
  let track = createTrack()
  let ride: Ride | null = null
  let wasShown = false
  /** How often it went: what was asked for before says nothing any more. */
  let misses = 0
  /** How often it was asked for, and which of these answers it is of that is shown: an older one says nothing any more. */
  let asked = 0
  let shownOf = 0
  let isScheduled = false
  let endFeed: (() => void) | null = null
  /** The version at which the trail was last fetched anew: what is told up to there is told again. */
  let renewedAt = 0

  async function load(): Promise<void> {
    const before = misses
    const order = ++asked
    const answer = await server.query(rideQuery, { id, minVersion: null })
    if (closing.signal.aborted || misses !== before || order < shownOf) return
    if (answer.ok) take(answer.data.ride, order)
    else if (answer.failure.kind === 'final') miss()
    else if (view.get().status === 'loading') view.set({ status: 'failed' })
  }

  async function reload(minVersion: number): Promise<void> {
    const before = misses
    const order = ++asked
    const answer = await insist(server, rideQuery, { id, minVersion }, closing.signal)
    if (!answer.ok || misses !== before) return
    if (order >= shownOf) take(answer.data.ride, order)
    else if (ride !== null && ride.version < minVersion) void reload(minVersion)
  }

  function take(answered: Ride | null, order: number): void {
    if (answered === null) {
      miss()
    } else if (ride === null || isNews(ride, answered)) {
      const isLess = answered.shares === null && isLeap(answered)
      ride = ride === null ? answered : keepingRoute(ride, answered)
      shownOf = order
      wasShown = true
      if (isLess) dropTrail(answered.version)
      publish()
      endFeed ??= follow(answered)
    }
  }

  /** Whether the feed has told what others may not be shown any more: the ride, or its next item, does not follow on. */
  function isLeap({ version }: { version: number }): boolean {
    return track.version > 0 && version > track.version + 1 && version > renewedAt
  }

  /** Whoever calls this follows the feed anew. */
  function dropTrail(version: number): void {
    renewedAt = version
    endFeed?.()
    endFeed = null
    track = createTrack()
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
        refused: () => miss(),
      },
    )
  }

  /**
   * To others versions count what they are shown, one by one. Where they leap, the rider has changed his zones: what was
   * told before may not be shown any more, so all of it is asked for again.
   */
  function renew(item: RideFeedItem): boolean {
    if (ride === null || ride.shares !== null || ride.status === 'FINISHED' || !isLeap(item)) return false
    dropTrail(item.version)
    publish()
    endFeed = follow(ride)
    void load()
    return true
  }

  function hear(item: RideFeedItem): void {
    if (renew(item)) return
    if (!applyFeedItem(track, item) || ride === null) return
    if (item.type === 'DELETED') {
      miss('deleted')
      return
    }
    const isAhead = item.version > ride.version
    if (isAhead && (item.type === 'FINISHED' || item.type === 'EDITED')) void reload(item.version)
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

  function miss(why?: 'deleted'): void {
    endFeed?.()
    endFeed = null
    ride = null
    track = createTrack()
    misses += 1
    view.set({ status: 'missing', why: why ?? (wasShown ? 'no longer shown' : 'unknown') })
    if (why === 'deleted') endLooks()
  }

  const endConnection = server.socket.connection.status.subscribe(() => {
    if (server.socket.connection.status.get() === 'connected' && view.get().status === 'failed') void load()
  })
  const endLooks = looks(() => void load())
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
      endLooks()
      endFeed?.()
    },
  }
}

/** What is true now: the newer of what was read and what the feed told since. */
export function newest(ride: Ride, track: Track): Pick<Ride, 'status' | 'progress'> {
  if (track.version <= ride.version || track.status === null) return ride
  return { status: track.status, progress: track.progress ?? ride.progress }
}

/** Of a ride that is over others are shown what they may see now, whatever they were shown before. */
function isNews(known: Ride, answered: Ride): boolean {
  const isOthers = answered.shares === null && answered.status === 'FINISHED'
  return isOthers || answered.version >= known.version
}

/** The same route stays the same object: it is neither drawn nor framed anew, nor are its samples fetched again. */
function keepingRoute(known: Ride, answered: Ride): Ride {
  const { route, statistics } = known
  const isSame = JSON.stringify([route, statistics]) === JSON.stringify([answered.route, answered.statistics])
  return isSame ? { ...answered, route, statistics } : answered
}

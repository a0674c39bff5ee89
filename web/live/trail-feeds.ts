/**
 * The trails of rides in progress, each from its ride's own feed, read from the ride's start: who comes late sees what was ridden.
 *
 * What others are shown of a ride may become less while they watch: its rider adds a privacy zone. The feed does not take back
 * what it has told, but the versions of what it tells next do not follow on. Then, and when a ride has left the board, its trail
 * is dropped and read anew from the start.
 *
 *   reading ─► live ─┬─ what follows on ─► live
 *                    └─ what does not ───► reading, from the start, nothing shown
 */
import type { Socket } from '../graphql/socket.ts'
import { subscribe } from '../graphql/subscribe.ts'
import { type Cell, createCell } from '../state/cell.ts'
import { rideFeedSubscription } from './documents.ts'
import { createNextFrame } from './next-frame.ts'
import { thinTrack } from './thin-track.ts'
import { applyFeedItem, createTrack, type Track } from './track.ts'
import { mostPointsEach } from './trails-wanted.ts'

export interface TrailFeeds {
  /** Changes, at most once a frame, when a track has grown or gone. */
  readonly revision: Cell<number>
  /** Grows in place. Undefined: it is not wanted, or nothing of it is known. */
  trackOf(rideId: string): Track | undefined
  /** Follows these and no others. */
  want(rideIds: ReadonlySet<string>): void
  /** Forgets what was told of it; where it is wanted, it is read from the start. */
  forget(rideId: string): void
}

interface TrailFeed {
  track: Track
  end(): void
}

/** @param versionOf of a ride as the board has it: a feed that was read up to that follows on. */
export function createTrailFeeds(
  server: { readonly socket: Pick<Socket, 'client'> },
  versionOf: (rideId: string) => number,
): TrailFeeds {
  const feeds = new Map<string, TrailFeed>()
  const revision = createCell(0)
  const frame = createNextFrame(() => revision.set(revision.get() + 1))

  /** @param readTo up to which version gaps are of the past, and say nothing. */
  function open(rideId: string, readTo: number): void {
    const feed: TrailFeed = { track: createTrack(), end: () => {} }
    feeds.set(rideId, feed)
    feed.end = subscribe(
      server.socket.client,
      rideFeedSubscription,
      { rideId, after: null },
      {
        cursorOf: ({ rideFeed }) => rideFeed.cursor,
        next({ rideFeed }) {
          if (feeds.get(rideId) !== feed) return
          const { version } = feed.track
          const isGap = version > 0 && version >= readTo && rideFeed.version > version + 1
          if (isGap) return reopen(rideId, rideFeed.version)
          applyFeedItem(feed.track, rideFeed)
          thinTrack(feed.track, mostPointsEach(feeds.size))
          frame.ask()
        },
        restart() {
          feed.track = createTrack()
          frame.ask()
        },
        isOver: () => false,
        refused: () => {
          if (feeds.get(rideId) === feed) close(rideId)
        },
      },
    )
  }

  function reopen(rideId: string, readTo: number): void {
    close(rideId)
    open(rideId, readTo)
  }

  function close(rideId: string): void {
    feeds.get(rideId)?.end()
    feeds.delete(rideId)
    frame.ask()
  }

  return {
    revision,
    trackOf: (rideId) => feeds.get(rideId)?.track,
    want(rideIds) {
      for (const rideId of [...feeds.keys()]) if (!rideIds.has(rideId)) close(rideId)
      for (const rideId of rideIds) if (!feeds.has(rideId)) open(rideId, versionOf(rideId))
    },
    forget(rideId) {
      if (feeds.has(rideId)) close(rideId)
    },
  }
}

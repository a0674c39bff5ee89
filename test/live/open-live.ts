/** Feeds over rides on an empty log, with the tail running. */

import { type Feeds, openFeeds } from '#live/feed.ts'
import type { FeedOptions } from '#live/feed-cursor.ts'
import { openTail, type Tail } from '#live/tail.ts'
import type { Listener } from '#log/listener.ts'
import type { RecordedEvent } from '#log/read.ts'
import { type OpenedRides, openRides } from '../projections/open-rides.ts'

export interface OpenedLive extends OpenedRides {
  readonly tail: Tail
  readonly feeds: Feeds
  /** A feed as one who waits for its events one by one. */
  follow(streamId: string, options: FeedOptions): AsyncIterator<RecordedEvent, void>
}

export async function openLive(
  options: { partitions?: number; listener?: Listener } = {},
): Promise<OpenedLive> {
  const opened = await openRides(options)
  const stopping = new AbortController()
  const tail = await openTail({
    log: opened.log,
    listener: options.listener ?? opened.listener,
    signal: stopping.signal,
    onHole: ({ position }) => {
      throw new Error(`A hole at ${position}`)
    },
    onFault: (error) => {
      throw error
    },
  })
  const feeds = openFeeds(opened.log, tail)
  const running = tail.run()
  return {
    ...opened,
    tail,
    feeds,
    follow: (streamId, options) => feeds.open(streamId, options)[Symbol.asyncIterator](),
    async [Symbol.asyncDispose]() {
      feeds.close()
      stopping.abort()
      await running
      await opened[Symbol.asyncDispose]()
    },
  }
}

export const never = () => false

/** Takes this many events from a feed. */
export async function take(feed: AsyncIterator<RecordedEvent>, count: number): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = []
  while (events.length < count) {
    const { done, value } = await feed.next()
    if (done) break
    events.push(value)
  }
  return events
}

export const versionsOf = (events: readonly RecordedEvent[]) => events.map(({ version }) => version)
export const upTo = (count: number, from = 1) =>
  Array.from({ length: count - from + 1 }, (_, index) => from + index)

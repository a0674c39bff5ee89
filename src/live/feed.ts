/**
 * Feeds: what happens to one ride, in order, each event once. They pull: a subscriber is a cursor (the ride's version)
 * over a bounded ring of the ride's newest events, which all its subscribers share, and reads the log where the ring
 * does not reach. A slow one holds no queue; contiguous versions mean that there is no gap.
 *
 *   subscriber ─► ring holds version + 1 ─► from the ring ──────────────┐
 *        ▲   └──► else ─► from the log ─┬─ events ──────────────────────┤ yielded, one by one, as they are asked for
 *        │                              └─ none ─► waits for the tail   │
 *        └──────────────────────────────────────────────────────────────┘
 *
 * Of a stream that ends in a tombstone whoever is behind it gets the tombstone alone, and nothing before it is kept.
 */
import { isUnavailable } from '#database/faults.ts'
import { createHint } from '#log/hint.ts'
import type { Log } from '#log/log.ts'
import { type RecordedEvent, readStream } from '#log/read.ts'
import { stoppable } from './stoppable.ts'
import type { Tail } from './tail.ts'

export interface Feeds {
  /** A stream's events behind version `after`, then what comes, until it is returned or its end is reached. */
  open(streamId: string, options: FeedOptions): AsyncIterableIterator<RecordedEvent>
  /** Ends all feeds. */
  close(): void
}

export interface FeedOptions {
  readonly after: number
  /** Behind this one the subscriber wants nothing more. */
  readonly isLast: (event: RecordedEvent) => boolean
  /** The stream's end, after which nothing of it is to be read. The same for all who watch a stream. */
  readonly isTombstone?: (event: RecordedEvent) => boolean
}

interface Subscriber {
  /** Read, and not asked for yet. */
  readonly pending: RecordedEvent[]
  readonly wake: () => void
}

interface Watch {
  readonly isTombstone: (event: RecordedEvent) => boolean
  readonly subscribers: Set<Subscriber>
  /** The newest events, of contiguous versions. */
  ring: RecordedEvent[]
  /** The tombstone's version, once it has come. */
  endsAt: number | undefined
}

const ringSize = 256
const pageSize = 100
/** How long it takes to see what the tail did not tell of. */
const backstopMs = 10_000
/** A read that cannot be sent is refused at once, so that asking often costs nothing while the database is away. */
const longestWaitMs = 1_000

export function openFeeds(log: Log, tail: Tail): Feeds {
  const watches = new Map<string, Watch>()
  const open = new Set<AbortController>()

  tail.onEvent((event) => {
    const watch = watches.get(event.streamId)
    if (watch === undefined) return
    const newest = watch.ring.at(-1)
    const isFollowing = event.data !== null && (newest === undefined || event.version === newest.version + 1)
    if (watch.isTombstone(event)) end(watch, event)
    else if (!isFollowing) watch.ring = event.data === null ? [] : [event]
    else if (watch.ring.push(event) > ringSize) watch.ring.shift()
    for (const { wake } of watch.subscribers) wake()
  })

  /** Lets go of all that came before it, also of what a slow subscriber has read and not asked for. */
  function end(watch: Watch, tombstone: RecordedEvent): void {
    watch.endsAt = tombstone.version
    watch.ring = tombstone.data === null ? [] : [tombstone]
    for (const { pending } of watch.subscribers) pending.length = 0
  }

  function enter(streamId: string, isTombstone: Watch['isTombstone'], subscriber: Subscriber): Watch {
    let watch = watches.get(streamId)
    if (watch === undefined) {
      watch = { isTombstone, subscribers: new Set(), ring: [], endsAt: undefined }
      watches.set(streamId, watch)
    }
    watch.subscribers.add(subscriber)
    tail.watch(streamId)
    return watch
  }

  function leave(streamId: string, watch: Watch, subscriber: Subscriber): void {
    tail.unwatch(streamId)
    watch.subscribers.delete(subscriber)
    if (watch.subscribers.size === 0) watches.delete(streamId)
  }

  /** What is behind `version` right now: from the ring where it reaches, else from the log. */
  async function behind(streamId: string, watch: Watch, version: number): Promise<readonly RecordedEvent[]> {
    const after = watch.endsAt === undefined ? version : Math.max(version, watch.endsAt - 1)
    const oldest = watch.ring[0]
    if (oldest !== undefined && oldest.version <= after + 1)
      return watch.ring.slice(after + 1 - oldest.version)
    const page = await readStream(log, streamId, { after, limit: pageSize })
    const tombstone = page.find(watch.isTombstone)
    return tombstone === undefined ? page : [tombstone]
  }

  async function* events(
    streamId: string,
    { after, isLast, isTombstone = never }: FeedOptions,
    signal: AbortSignal,
  ): AsyncGenerator<RecordedEvent, void, undefined> {
    const hint = createHint()
    const pending: RecordedEvent[] = []
    const subscriber: Subscriber = { pending, wake: hint.give }
    const watch = enter(streamId, isTombstone, subscriber)
    let version = after
    let failures = 0
    try {
      while (!signal.aborted) {
        const event = pending.shift()
        if (event === undefined) {
          let page: readonly RecordedEvent[]
          try {
            page = await behind(streamId, watch, version)
            failures = 0
          } catch (error) {
            if (!isUnavailable(error)) throw error
            failures++
            await hint.wait(Math.min(longestWaitMs, 50 * 2 ** failures), signal)
            continue
          }
          if (page.length === 0) await hint.wait(backstopMs, signal)
          // Unless the stream has ended while the page was read.
          else if (page[0]!.version >= (watch.endsAt ?? 0)) pending.push(...page)
          continue
        }
        version = event.version
        // Read with its data, it has none any more: it was redacted, and the tombstone is to come.
        if (event.data === null) continue
        yield event
        if (isLast(event) || isTombstone(event)) return
      }
    } finally {
      leave(streamId, watch, subscriber)
    }
  }

  return {
    open(streamId, options) {
      const aborter = new AbortController()
      open.add(aborter)
      return stoppable(events(streamId, options, aborter.signal), aborter, () => open.delete(aborter))
    },
    close() {
      for (const aborter of open) aborter.abort()
    },
  }
}

function never(): boolean {
  return false
}

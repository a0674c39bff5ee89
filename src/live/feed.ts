/**
 * Feeds: what happens to one ride, in order, each event once. They pull: a subscriber is a cursor (the ride's version)
 * over a bounded ring of the ride's newest events, which all its subscribers share, and reads the log where the ring
 * does not reach. A slow one holds no queue; contiguous versions mean that there is no gap. Who is at the newest event
 * is given the next one at once, in the same pass as all the others.
 *
 *   subscriber ─► ring holds version + 1 ─► from the ring ─────────┐
 *        ▲   └──► else ─► from the log ─┬─ events ─────────────────┤ given, one by one, as long as they are taken
 *        │                              └─ none ─► waits: the tail │ tells it of the next, and gives it where it follows
 *        └─────────────────────────────────────────────────────────┘
 *
 * Of a stream that ends in a tombstone whoever is behind it gets the tombstone alone, and nothing before it is kept.
 */
import type { Log } from '#log/log.ts'
import type { RecordedEvent } from '#log/read.ts'
import { Cursor, type FeedOptions, type Watch } from './feed-cursor.ts'
import { History } from './history.ts'
import { type Source, sourceOf } from './source.ts'
import type { Tail } from './tail.ts'

export interface Feeds {
  /** A stream's events behind version `after`, then what comes, until it is left or its end is reached. */
  open(streamId: string, options: FeedOptions): Source<RecordedEvent>
  /** How many streams are watched. */
  watched(): number
  /** Ends all feeds. */
  close(): void
}

const ringSize = 256
/** How long it takes to see what the tail did not tell of. */
const backstopMs = 10_000

export function openFeeds(log: Log, tail: Tail): Feeds {
  const watches = new Map<string, Watch>()
  const closing = new AbortController()

  tail.onEvent((event) => {
    const watch = watches.get(event.streamId)
    if (watch === undefined || event.version <= (watch.ring.at(-1)?.version ?? 0)) return
    remember(watch, event)
    for (const cursor of watch.cursors) cursor.hear(event)
  })

  function remember(watch: Watch, event: RecordedEvent): void {
    const { ring } = watch
    watch.newest = Math.max(watch.newest, event.version)
    if (watch.isTombstone(event)) end(watch, event)
    else if (event.data === null) ring.length = 0
    else if (ring.length > 0 && event.version !== ring.at(-1)!.version + 1) ring.splice(0, ring.length, event)
    else if (ring.push(event) > ringSize) ring.shift()
  }

  /** Lets go of all that came before it, also of what was read and not given yet. */
  function end(watch: Watch, tombstone: RecordedEvent): void {
    watch.endsAt = tombstone.version
    watch.ring.splice(0, watch.ring.length, ...(tombstone.data === null ? [] : [tombstone]))
    watch.history.forget()
    for (const cursor of watch.cursors) cursor.forget()
  }

  function watch(streamId: string, { after, isTombstone = never }: FeedOptions): Watch {
    const opened: Watch = {
      isTombstone,
      history: new History({ log, streamId, isTombstone, signal: closing.signal }),
      cursors: new Set(),
      ring: [],
      newest: after,
      endsAt: undefined,
      leave(cursor) {
        opened.cursors.delete(cursor)
        if (opened.cursors.size > 0) return
        tail.unwatch(streamId)
        watches.delete(streamId)
        if (watches.size === 0) clearInterval(backstop)
      },
    }
    tail.watch(streamId)
    if (watches.size === 0) backstop = setInterval(look, backstopMs)
    watches.set(streamId, opened)
    return opened
  }

  let backstop: NodeJS.Timeout | undefined
  function look(): void {
    for (const { cursors } of watches.values()) for (const cursor of cursors) cursor.look()
  }

  return {
    open(streamId, options) {
      return sourceOf(streamId, (sink) => {
        const entered = watches.get(streamId) ?? watch(streamId, options)
        entered.newest = Math.max(entered.newest, options.newest ?? 0)
        return new Cursor(entered, options, sink)
      })
    },
    watched: () => watches.size,
    close() {
      closing.abort()
      for (const { cursors } of watches.values()) for (const cursor of [...cursors]) cursor.end()
    },
  }
}

function never(): boolean {
  return false
}

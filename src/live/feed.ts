/**
 * Feeds: what happens to one ride, in order, each event once. They pull: a subscriber is a cursor (the ride's version)
 * over a bounded ring of the ride's newest events, which all its subscribers share, and reads the log where the ring
 * does not reach. A slow one holds no queue; contiguous versions mean that there is no gap.
 *
 *   subscriber ─► ring holds version + 1 ─► from the ring ──────────────┐
 *        ▲   └──► else ─► from the log ─┬─ events ──────────────────────┤ yielded, one by one, as they are asked for
 *        │                              └─ none ─► waits for the tail   │
 *        └──────────────────────────────────────────────────────────────┘
 */
import { isUnavailable } from '#database/faults.ts'
import { createHint } from '#log/hint.ts'
import type { Log } from '#log/log.ts'
import { type RecordedEvent, readStream } from '#log/read.ts'
import { stoppable } from './stoppable.ts'
import type { Tail } from './tail.ts'

export interface Feeds {
  /** A stream's events behind version `after`, then what comes, until it is returned or `isLast` says so. */
  open(
    streamId: string,
    options: { after: number; isLast: (event: RecordedEvent) => boolean },
  ): AsyncIterableIterator<RecordedEvent>
  /** Ends all feeds. */
  close(): void
}

interface Watch {
  subscribers: number
  /** The newest events, of contiguous versions. */
  ring: RecordedEvent[]
  readonly wakers: Set<() => void>
}

const ringSize = 256
const pageSize = 100
/** How long it takes to see what the tail did not tell of. */
const backstopMs = 10_000
const longestWaitMs = 5_000

export function openFeeds(log: Log, tail: Tail): Feeds {
  const watches = new Map<string, Watch>()
  const open = new Set<AbortController>()

  tail.onEvent((event) => {
    const watch = watches.get(event.streamId)
    if (watch === undefined) return
    const newest = watch.ring.at(-1)
    if (event.data === null || (newest !== undefined && event.version !== newest.version + 1)) watch.ring = []
    if (event.data !== null) watch.ring.push(event)
    if (watch.ring.length > ringSize) watch.ring.shift()
    for (const wake of watch.wakers) wake()
  })

  function enter(streamId: string): Watch {
    let watch = watches.get(streamId)
    if (watch === undefined) {
      watch = { subscribers: 0, ring: [], wakers: new Set() }
      watches.set(streamId, watch)
    }
    watch.subscribers++
    tail.watch(streamId)
    return watch
  }

  function leave(streamId: string, watch: Watch): void {
    tail.unwatch(streamId)
    watch.subscribers--
    if (watch.subscribers === 0) watches.delete(streamId)
  }

  /** What is behind `version` right now: from the ring where it reaches, else from the log. */
  function behind(
    streamId: string,
    watch: Watch,
    version: number,
  ): readonly RecordedEvent[] | Promise<RecordedEvent[]> {
    const oldest = watch.ring[0]
    if (oldest !== undefined && oldest.version <= version + 1)
      return watch.ring.slice(version + 1 - oldest.version)
    return readStream(log, streamId, { after: version, limit: pageSize })
  }

  async function* events(
    streamId: string,
    after: number,
    isLast: (event: RecordedEvent) => boolean,
    signal: AbortSignal,
  ): AsyncGenerator<RecordedEvent, void, undefined> {
    const watch = enter(streamId)
    const hint = createHint()
    watch.wakers.add(hint.give)
    let version = after
    let failures = 0
    try {
      while (!signal.aborted) {
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
        for (const event of page) {
          if (signal.aborted) return
          yield event
          version = event.version
          if (isLast(event)) return
        }
        if (page.length === 0) await hint.wait(backstopMs, signal)
      }
    } finally {
      watch.wakers.delete(hint.give)
      leave(streamId, watch)
    }
  }

  return {
    open(streamId, { after, isLast }) {
      const aborter = new AbortController()
      open.add(aborter)
      return stoppable(events(streamId, after, isLast, aborter.signal), aborter, () => open.delete(aborter))
    },
    close() {
      for (const aborter of open) aborter.abort()
    },
  }
}

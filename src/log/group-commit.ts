/**
 * Group commit. All entries that arrive while a partition's commit is under way go into its next one: one call of
 * `append_events`, arrays in, one outcome an entry out. One call is in flight a partition and process. It begins at the end of
 * the event loop's turn, so that what one turn brings goes into one commit: with 64 clients 31 events instead of 24 in each, and
 * an eighth more of them a second.
 *
 *   idle ── append ──► committing ── answered, more waits ──► committing
 *                          └──────── answered, none waits ──► idle
 */
import { setImmediate as turnEnds } from 'node:timers/promises'
import { type ConnectionPool, sql } from '@databases/pg'
import { isTooMuch, isUnavailable } from '#database/faults.ts'
import type { Tracing } from '#telemetry/tracing.ts'
import { type AppendEntry, type AppendResult, appendEntries } from './append.ts'
import { keepOwnAppends, type OwnAppends } from './own-events.ts'
import { traceCommit } from './traced-commit.ts'

export interface Appender {
  /** Rejects where the statement itself fails for this entry. */
  append(entry: AppendEntry): Promise<AppendResult>
  readonly own: OwnAppends
  /** What waits for a commit, in bytes. */
  waitingBytes(): number
  close(): Promise<void>
}

/** Commits of this size were measured at 57,000 events a second (PostgreSQL 15, two cores): some 9 ms each. */
const groupEvents = 500
const groupBytes = 4 * 1024 * 1024
/**
 * Hints are no more frequent than this: whoever is woken finds what came meanwhile. Each is work for the server, which hands it
 * to all who listen, and for each of these.
 */
const hintEveryMs = 10
/** What may wait for a commit before appends are refused. */
const waitingBytesBound = 64 * 1024 * 1024

export interface AppenderOptions extends CommitHearer {
  readonly database: ConnectionPool
  readonly partition: number
  readonly hintInside: boolean
}

export interface CommitHearer {
  /** Hears of each statement that was sent, whatever became of it. */
  readonly onCommit?: ((commit: Commit) => void) | undefined
  /** Undefined where nothing is traced. */
  readonly tracing?: Tracing | undefined
}

export interface Commit {
  readonly outcome: 'committed' | 'unavailable' | 'failed'
  readonly events: number
  readonly seconds: number
}

interface Waiting {
  readonly entry: AppendEntry
  /** By `performance.now()`. */
  readonly since: number
  readonly bytes: number
  readonly settle: (result: AppendResult) => void
  readonly fail: (error: unknown) => void
}

export function openAppender(options: AppenderOptions): Appender {
  const { database, partition, hintInside, onCommit, tracing } = options
  const own = keepOwnAppends()
  let waiting: Waiting[] = []
  let waitingBytes = 0
  let committing: Promise<void> | undefined

  /** When the last hint was given, and the one that is to be given for what was appended since. */
  let hintedAt = Number.NEGATIVE_INFINITY
  let hinting: NodeJS.Timeout | undefined
  /** Of what is known to be appended here; undefined where the last commit may have brought more. */
  let head: number | undefined

  async function commitAll(): Promise<void> {
    try {
      while (waiting.length > 0) await commitNext()
    } finally {
      // In the same breath as nothing waits any more: what comes later begins anew.
      committing = undefined
    }
  }

  async function commitNext(): Promise<void> {
    await turnEnds()
    const isHintDue = hintInside && performance.now() - hintedAt >= hintEveryMs
    own.begin()
    const appended = await commit(takeGroup(), isHintDue)
    own.end()
    if (!appended) return
    if (isHintDue) hinted()
    else hinting ??= setTimeout(hint, Math.max(0, hintedAt + hintEveryMs - performance.now()))
  }

  function hinted(): void {
    hintedAt = performance.now()
    clearTimeout(hinting)
    hinting = undefined
  }

  function takeGroup(): Waiting[] {
    let events = 0
    let bytes = 0
    let count = 0
    const streams = new Set<string>()
    for (const { entry, bytes: entryBytes } of waiting) {
      if (count > 0 && (events + entry.events.length > groupEvents || bytes + entryBytes > groupBytes)) break
      if (streams.has(entry.streamId)) break
      streams.add(entry.streamId)
      events += entry.events.length
      bytes += entryBytes
      count++
    }
    const group = waiting.slice(0, count)
    waiting = waiting.slice(count)
    waitingBytes -= bytes
    return group
  }

  /**
   * Answers whether anything was appended, or may have been. A group whose statement fails is split until the guilty entry is
   * alone.
   */
  async function commit(group: readonly Waiting[], withHint: boolean): Promise<boolean> {
    const begunAt = performance.now()
    const entries = group.map(({ entry }) => entry)
    let appended: Awaited<ReturnType<typeof appendEntries>>
    try {
      appended = await appendEntries(database, partition, withHint, entries)
    } catch (error) {
      return notAppended(group, { error, begunAt, withHint })
    }
    const { results, recordedAt } = appended
    for (const [index, { settle }] of group.entries()) settle(results[index]!)
    if (recordedAt !== undefined) {
      own.keep(entries, results, recordedAt)
      for (const [index, result] of results.entries()) {
        if (result.outcome === 'appended') head = result.firstPosition + entries[index]!.events.length - 1
      }
    }
    tell(group, begunAt, 'committed')
    return recordedAt !== undefined
  }

  async function notAppended(
    group: readonly Waiting[],
    {
      error,
      begunAt,
      withHint,
    }: { readonly error: unknown; readonly begunAt: number; readonly withHint: boolean },
  ): Promise<boolean> {
    // Where one statement took too much, one of its entries may be what was too much.
    const isSplit = isTooMuch(error) && group.length > 1
    const isLost = isUnavailable(error) && !isSplit
    if (isLost) {
      for (const { settle } of group) settle({ outcome: 'unavailable' })
      // It may have been committed all the same.
      head = undefined
    } else if (group.length === 1) group[0]!.fail(error)
    tell(group, begunAt, isUnavailable(error) ? 'unavailable' : 'failed')
    if (isLost || group.length === 1) return isLost
    const half = group.length >> 1
    const first = await commit(group.slice(0, half), withHint)
    const second = await commit(group.slice(half), withHint)
    return first || second
  }

  /** Behind what it tells of: whoever waits for an answer does not wait for this. */
  function tell(group: readonly Waiting[], begunAt: number, outcome: Commit['outcome']): void {
    if (onCommit !== undefined) {
      let events = 0
      for (const { entry } of group) events += entry.events.length
      onCommit({ outcome, events, seconds: (performance.now() - begunAt) / 1_000 })
    }
    if (tracing === undefined) return
    const failure = outcome === 'committed' ? undefined : outcome
    traceCommit(tracing, group, { partition, begunAt, failure })
  }

  /** A hint may be lost, for whatever reason: whoever follows looks by itself now and then. */
  async function hint(): Promise<void> {
    hinted()
    await database
      .query(sql`select pg_notify('log', ${head === undefined ? `${partition}` : `${partition} ${head}`})`)
      .catch(() => undefined)
  }

  return {
    append(entry) {
      let bytes = entry.state?.length ?? 0
      for (const event of entry.events) bytes += event.data.length + (event.metadata?.length ?? 0)
      if (waitingBytes + bytes > waitingBytesBound) return Promise.resolve({ outcome: 'overloaded' })
      waitingBytes += bytes
      return new Promise((settle, fail) => {
        waiting.push({ entry, since: performance.now(), bytes, settle, fail })
        committing ??= commitAll()
      })
    },
    own,
    waitingBytes: () => waitingBytes,
    async close() {
      await committing
      if (hinting !== undefined) await hint()
    },
  }
}

/**
 * Group commit. All entries that arrive while a partition's commit is under way go into its next one: one call of
 * `append_events`, arrays in, one outcome an entry out. One call is in flight a partition and process.
 *
 *   idle ── append ──► committing ── answered, more waits ──► committing
 *                          └──────── answered, none waits ──► idle
 */
import { type ConnectionPool, sql } from '@databases/pg'
import { isUnavailable } from '#database/faults.ts'

export interface NewEvent {
  /** Unique in its stream; the same one again is a duplicate. */
  readonly eventId: string
  readonly type: string
  readonly schemaVersion: number
  /** Hex. */
  readonly contentHash: string
  /** JSON text. */
  readonly data: string
  /** JSON text. */
  readonly metadata: string | null
}

/** One or more events for one stream, all or nothing. */
export interface AppendEntry {
  readonly streamId: string
  /** The stream's version that the decision was made on; 0 for a new stream. */
  readonly baseVersion: number
  readonly events: readonly NewEvent[]
  /** The stream's state after the events, as JSON text. */
  readonly state: string
}

export interface StreamState {
  readonly version: number
  /** Parsed JSON; null where there is no stream. */
  readonly state: unknown
}

export interface KnownEvent {
  readonly eventId: string
  readonly version: number
  readonly position: number
  /** Hex. */
  readonly contentHash: string | null
}

export type AppendResult =
  | { readonly outcome: 'appended'; readonly firstPosition: number }
  /** `known` are those of the entry's events that the log had; none was written. */
  | { readonly outcome: 'duplicate'; readonly known: readonly KnownEvent[]; readonly actual: StreamState }
  | { readonly outcome: 'conflict'; readonly actual: StreamState }
  /** Nothing was taken on: too much waits already. */
  | { readonly outcome: 'overloaded' }
  /** The database did not answer. Whether the events were written only a retry with the same ids can tell. */
  | { readonly outcome: 'unavailable' }

export interface Appender {
  /** Rejects where the statement itself fails for this entry. */
  append(entry: AppendEntry): Promise<AppendResult>
  close(): Promise<void>
}

/** Measured on two cores: larger commits gain no more events a second, and each holds the partition longer. */
const groupEvents = 500
const groupBytes = 4 * 1024 * 1024
/** What may wait for a commit before appends are refused. */
const waitingBytesBound = 64 * 1024 * 1024

interface Waiting {
  readonly entry: AppendEntry
  readonly bytes: number
  readonly settle: (result: AppendResult) => void
  readonly fail: (error: unknown) => void
}

export function openAppender(options: {
  database: ConnectionPool
  partition: number
  hintInside: boolean
}): Appender {
  const { database, partition, hintInside } = options
  let waiting: Waiting[] = []
  let waitingBytes = 0
  let committing: Promise<void> | undefined

  async function commitAll(): Promise<void> {
    while (waiting.length > 0) {
      const group = takeGroup()
      const appended = await commit(group)
      if (appended && !hintInside) await hint()
    }
    committing = undefined
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

  /** Answers whether anything was appended. A group whose statement fails is split until the guilty entry is alone. */
  async function commit(group: readonly Waiting[]): Promise<boolean> {
    try {
      const results = await callAppend(
        database,
        partition,
        hintInside,
        group.map(({ entry }) => entry),
      )
      for (const [index, { settle }] of group.entries()) settle(results[index]!)
      return results.some(({ outcome }) => outcome === 'appended')
    } catch (error) {
      if (isUnavailable(error)) {
        for (const { settle } of group) settle({ outcome: 'unavailable' })
        return false
      }
      if (group.length === 1) {
        group[0]!.fail(error)
        return false
      }
      const half = group.length >> 1
      const first = await commit(group.slice(0, half))
      const second = await commit(group.slice(half))
      return first || second
    }
  }

  /** The hint may be lost: whoever follows looks by itself now and then. */
  async function hint(): Promise<void> {
    try {
      await database.query(sql`select pg_notify('log', ${String(partition)})`)
    } catch (error) {
      if (!isUnavailable(error)) throw error
    }
  }

  return {
    append(entry) {
      let bytes = entry.state.length
      for (const event of entry.events) bytes += event.data.length + (event.metadata?.length ?? 0)
      if (waitingBytes + bytes > waitingBytesBound) return Promise.resolve({ outcome: 'overloaded' })
      waitingBytes += bytes
      return new Promise((settle, fail) => {
        waiting.push({ entry, bytes, settle, fail })
        // Begun behind a microtask, so that what one turn of the event loop brings goes into one commit.
        committing ??= Promise.resolve().then(commitAll)
      })
    },
    async close() {
      await committing
    },
  }
}

interface AppendRow {
  readonly outcome: 'appended' | 'duplicate' | 'conflict'
  readonly event_version: number | null
  readonly event_position: number | null
  readonly event_hash: Buffer | null
  readonly stream_version: number | null
  readonly stream_state: unknown
}

async function callAppend(
  database: ConnectionPool,
  partition: number,
  notify: boolean,
  entries: readonly AppendEntry[],
): Promise<AppendResult[]> {
  const numbers: number[] = []
  const streams: string[] = []
  const baseVersions: number[] = []
  const states: (string | null)[] = []
  const events: NewEvent[] = []
  for (const [number, entry] of entries.entries()) {
    for (const [index, event] of entry.events.entries()) {
      numbers.push(number)
      streams.push(entry.streamId)
      baseVersions.push(entry.baseVersion)
      states.push(index === entry.events.length - 1 ? entry.state : null)
      events.push(event)
    }
  }
  const rows: AppendRow[] = await database.query(sql`
    select * from append_events(
      ${partition}::smallint, ${notify}::boolean,
      ${numbers}::integer[], ${streams}::uuid[], ${baseVersions}::integer[], ${states}::json[],
      ${events.map((event) => event.eventId)}::uuid[], ${events.map((event) => event.type)}::text[],
      ${events.map((event) => event.schemaVersion)}::smallint[], ${events.map((event) => `\\x${event.contentHash}`)}::bytea[],
      ${events.map((event) => event.metadata)}::json[], ${events.map((event) => event.data)}::json[])`)
  let at = 0
  return entries.map((entry) => {
    const own = rows.slice(at, at + entry.events.length)
    at += entry.events.length
    return resultOf(entry, own)
  })
}

function resultOf(entry: AppendEntry, rows: readonly AppendRow[]): AppendResult {
  const first = rows[0]!
  if (first.outcome === 'appended') return { outcome: 'appended', firstPosition: first.event_position! }
  const actual = { version: first.stream_version!, state: first.stream_state }
  if (first.outcome === 'conflict') return { outcome: 'conflict', actual }
  const known: KnownEvent[] = []
  for (const [index, row] of rows.entries()) {
    if (row.event_version === null || row.event_position === null) continue
    known.push({
      eventId: entry.events[index]!.eventId,
      version: row.event_version,
      position: row.event_position,
      contentHash: row.event_hash?.toString('hex') ?? null,
    })
  }
  return { outcome: 'duplicate', known, actual }
}

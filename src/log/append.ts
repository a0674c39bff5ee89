/** An append: what goes to the log, what comes back, and the one call between them (db/migrations/0003_tombstones.sql). */
import { type Queryable, sql } from '@databases/pg'

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

/**
 * The version that a stream must have for an append: the one a decision was made on (0 for a new stream), `none` (as 0),
 * `any`, or `exists` (any but 0).
 */
export type ExpectedVersion = number | 'none' | 'any' | 'exists'

/** One or more events for one stream, all or nothing. */
export interface AppendEntry {
  readonly streamId: string
  /** What the stream is a stream of. */
  readonly streamType: string
  readonly expectedVersion: ExpectedVersion
  readonly events: readonly NewEvent[]
  /** The stream's state after the events, as JSON text; null leaves it as it is. */
  readonly state: string | null
  /** The last event is the stream's end: from then on it is gone, and what it held is redacted (`redact.ts`). */
  readonly isTombstone?: boolean
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
  /** The others follow one by one. */
  | { readonly outcome: 'appended'; readonly firstVersion: number; readonly firstPosition: number }
  /** `known` are those of the entry's events that the log had; none was written. */
  | { readonly outcome: 'duplicate'; readonly known: readonly KnownEvent[]; readonly actual: StreamState }
  | { readonly outcome: 'conflict'; readonly actual: StreamState }
  /** The stream has ended in a tombstone. Also for what was appended before it. */
  | { readonly outcome: 'gone' }
  /** Nothing was taken on: too much waits already. */
  | { readonly outcome: 'overloaded' }
  /** The database did not answer. Whether the events were written only a retry with the same ids can tell. */
  | { readonly outcome: 'unavailable' }

/** Sends entries as one commit; answers an outcome for each, in order. Rejects where the statement fails as a whole. */
export async function appendEntries(
  database: Queryable,
  partition: number,
  notify: boolean,
  entries: readonly AppendEntry[],
): Promise<AppendResult[]> {
  const numbers: number[] = []
  const streams: string[] = []
  const streamTypes: string[] = []
  const expectedVersions: number[] = []
  const states: (string | null)[] = []
  const tombstones: boolean[] = []
  const events: NewEvent[] = []
  for (const [number, entry] of entries.entries()) {
    for (const [index, event] of entry.events.entries()) {
      const isLast = index === entry.events.length - 1
      numbers.push(number)
      streams.push(entry.streamId)
      streamTypes.push(entry.streamType)
      expectedVersions.push(versionNumber(entry.expectedVersion))
      states.push(isLast ? entry.state : null)
      tombstones.push(isLast && entry.isTombstone === true)
      events.push(event)
    }
  }
  const rows: AppendRow[] = await database.query(sql`
    select * from append_events(
      ${partition}::smallint, ${notify}::boolean,
      ${numbers}::integer[], ${streams}::uuid[], ${streamTypes}::text[], ${expectedVersions}::integer[], ${states}::json[],
      ${tombstones}::boolean[], ${events.map((event) => event.eventId)}::uuid[], ${events.map((event) => event.type)}::text[],
      ${events.map((event) => event.schemaVersion)}::smallint[], ${events.map((event) => `\\x${event.contentHash}`)}::bytea[],
      ${events.map((event) => event.metadata)}::json[], ${events.map((event) => event.data)}::json[])`)
  let at = 0
  return entries.map((entry) => {
    const own = rows.slice(at, at + entry.events.length)
    at += entry.events.length
    return resultOf(entry, own)
  })
}

function versionNumber(expected: ExpectedVersion): number {
  switch (expected) {
    case 'none':
      return 0
    case 'any':
      return -1
    case 'exists':
      return -2
    default:
      return expected
  }
}

interface AppendRow {
  readonly outcome: 'appended' | 'duplicate' | 'conflict' | 'gone'
  readonly event_version: number | null
  readonly event_position: number | null
  readonly event_hash: Buffer | null
  readonly stream_version: number | null
  readonly stream_state: unknown
}

function resultOf(entry: AppendEntry, rows: readonly AppendRow[]): AppendResult {
  const first = rows[0]!
  if (first.outcome === 'appended') {
    return { outcome: 'appended', firstVersion: first.event_version!, firstPosition: first.event_position! }
  }
  if (first.outcome === 'gone') return { outcome: 'gone' }
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

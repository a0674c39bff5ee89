/** An append: what goes to the log, what comes back, and the one call between them (db/migrations/0009_quick_append.sql). */
import { type Queryable, sql } from '@databases/pg'
import {
  booleanArray,
  bytesArray,
  integerArray,
  jsonArray,
  smallintArray,
  textArray,
  uuidArray,
} from '#database/binary-array.ts'
import { prepared } from '#database/prepared.ts'

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
  /** Of the trace that it belongs to, where that is recorded; it stands in the metadata too. */
  readonly traceparent?: string | undefined
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

/** A group of entries as the log took it: an outcome for each, in order, and when it was recorded. */
export interface Appended {
  readonly results: readonly AppendResult[]
  /** Milliseconds since 1970, by the database's clock; undefined where nothing was appended. */
  readonly recordedAt: number | undefined
}

/** Sends entries as one commit. Rejects where the statement fails as a whole. */
export async function appendEntries(
  database: Queryable,
  partition: number,
  notify: boolean,
  entries: readonly AppendEntry[],
): Promise<Appended> {
  const entryOf: number[] = []
  const numbers: number[] = []
  const events: NewEvent[] = []
  for (let entry = 0; entry < entries.length; entry++) {
    const own = entries[entry]!.events
    for (let number = 0; number < own.length; number++) {
      entryOf.push(entry + 1)
      numbers.push(number + 1)
      events.push(own[number]!)
    }
  }
  const statement = sql`
    select * from append_events(
      ${partition}::smallint, ${notify}::boolean,
      ${uuidArray(entries.map((entry) => entry.streamId))}::uuid[],
      ${textArray(entries.map((entry) => entry.streamType))}::text[],
      ${integerArray(entries.map((entry) => versionNumber(entry.expectedVersion)))}::integer[],
      ${jsonArray(entries.map((entry) => entry.state))}::json[],
      ${booleanArray(entries.map((entry) => entry.isTombstone === true))}::boolean[],
      ${integerArray(entries.map((entry) => entry.events.length))}::integer[],
      ${integerArray(entryOf)}::integer[], ${integerArray(numbers)}::integer[],
      ${uuidArray(events.map((event) => event.eventId))}::uuid[],
      ${textArray(events.map((event) => event.type))}::text[],
      ${smallintArray(events.map((event) => event.schemaVersion))}::smallint[],
      ${bytesArray(events.map((event) => event.contentHash))}::bytea[],
      ${jsonArray(events.map((event) => event.metadata))}::json[],
      ${jsonArray(events.map((event) => event.data))}::json[])`
  const rows: AppendRow[] = await database.query(prepared('append_events', statement))
  const [first] = rows
  if (first?.outcome === 'all')
    return { results: placed(entries, first.event_position!), recordedAt: first.recorded_at! }
  let at = 0
  const results = entries.map((entry) => {
    const own = rows.slice(at, at + entry.events.length)
    at += entry.events.length
    return resultOf(entry, own)
  })
  return { results, recordedAt: rows.find((row) => row.recorded_at !== null)?.recorded_at ?? undefined }
}

/** Where all were appended, just as expected: one after the other. */
function placed(entries: readonly AppendEntry[], position: number): AppendResult[] {
  let firstPosition = position
  return entries.map(({ events, expectedVersion }) => {
    const firstVersion = versionNumber(expectedVersion) + 1
    const result: AppendResult = { outcome: 'appended', firstVersion, firstPosition }
    firstPosition += events.length
    return result
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
  readonly outcome: 'all' | 'appended' | 'duplicate' | 'conflict' | 'gone'
  readonly event_version: number | null
  readonly event_position: number | null
  readonly event_hash: Buffer | null
  readonly stream_version: number | null
  readonly stream_state: unknown
  readonly recorded_at: number | null
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

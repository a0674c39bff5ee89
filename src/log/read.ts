/** Reading a stream: its state, what is known of it, its events. Reading all streams: `read-all.ts`. */
import { type Queryable, type SQLQuery, sql } from '@databases/pg'
import { recordedTrace } from '#telemetry/traceparent.ts'
import type { KnownEvent, StreamState } from './append.ts'
import type { CommandMetadata } from './commands.ts'
import type { Log } from './log.ts'

/** Beside each event: which command made it, for whom, in which trace. */
export interface EventMetadata extends CommandMetadata {
  readonly commandId: string
}

export interface RecordedEvent {
  readonly partition: number
  readonly position: number
  readonly streamId: string
  readonly version: number
  readonly eventId: string
  readonly type: string
  readonly schemaVersion: number
  /** Milliseconds since 1970, by the database's clock. */
  readonly recordedAt: number
  /** Parsed JSON; null where it was not asked for, and where it was redacted. */
  readonly data: unknown
  /** Null where it was not asked for (pages of a stream have it), or was redacted. */
  readonly metadata: EventMetadata | null
  /** Of the trace that it belongs to, where that is recorded and was asked for. */
  readonly traceparent?: string | undefined
}

export interface StateReading {
  readonly actual: StreamState
  readonly known: KnownEvent | undefined
  /** The stream has ended in a tombstone. */
  readonly isGone: boolean
}

/** A stream's version and state now, and the event of that id where the stream has it. */
export async function readState(log: Log, streamId: string, eventId: string): Promise<StateReading> {
  const partition = log.partitionOf(streamId)
  const rows = await log.database.query(sql`
    select s.version, s.state, s.deleted, e.version as event_version, e.position as event_position, e.content_hash as event_hash
      from streams s
      left join events e on e.partition = s.partition and e.stream_id = s.stream_id and e.event_id = ${eventId}
     where s.partition = ${partition} and s.stream_id = ${streamId}
     order by s.version desc limit 1`)
  const row = rows[0] as
    | {
        version: number
        state: unknown
        deleted: boolean
        event_version: number | null
        event_position: number
        event_hash: Buffer | null
      }
    | undefined
  if (row === undefined) return { actual: { version: 0, state: null }, known: undefined, isGone: false }
  const actual = { version: row.version, state: row.state }
  const isGone = row.deleted
  if (row.event_version === null) return { actual, known: undefined, isGone }
  const { event_version: version, event_position: position, event_hash: hash } = row
  const known = { eventId, version, position, contentHash: hash?.toString('hex') ?? null }
  return { actual, known, isGone }
}

/** In which trace an event of a stream is, where that is recorded: the one of a version, or the newest of a type. */
export async function readTrace(
  log: Pick<Log, 'database' | 'partitionOf'>,
  streamId: string,
  which: { readonly version: number } | { readonly type: string },
): Promise<string | undefined> {
  const isIt = 'version' in which ? sql`version = ${which.version}` : sql`type = ${which.type}`
  const [row] = await log.database.query(sql`
    select ${traceColumn} from events
     where partition = ${log.partitionOf(streamId)} and stream_id = ${streamId} and ${isIt}
     order by version desc limit 1`)
  return recordedTrace((row as { traceparent: string | null } | undefined)?.traceparent)
}

/** Forwards behind a version, or backwards from before one. */
export type StreamPage = { readonly limit: number } & (
  | { readonly after: number }
  | { readonly before: number }
)

/** A stream's events, in the order that the page asks for. */
export async function readStream(log: Log, streamId: string, page: StreamPage): Promise<RecordedEvent[]> {
  const partition = log.partitionOf(streamId)
  const range =
    'after' in page
      ? sql`version > ${page.after} order by version`
      : sql`version < ${Math.min(page.before, newestVersion)} order by version desc`
  return eventsOf(
    await log.database.query(sql`
      select ${columns}, metadata from events
       where partition = ${partition} and stream_id = ${streamId} and ${range} limit ${page.limit}`),
  )
}

/** Larger than any version: PostgreSQL's largest integer. */
const newestVersion = 2_147_483_647

export interface StreamDescription {
  readonly type: string
  readonly version: number
  /** It ends in a tombstone. */
  readonly isGone: boolean
  /** The content of its events is gone as well. */
  readonly isRedacted: boolean
  /** When its first and its newest event were appended, in milliseconds since 1970. */
  readonly createdAt: number
  readonly updatedAt: number
}

/** What is known of a stream, without its events; undefined where there never was one. */
export async function describeStream(log: Log, streamId: string): Promise<StreamDescription | undefined> {
  const partition = log.partitionOf(streamId)
  const [row] = await log.database.query(sql`
    select s.type, s.version, s.deleted, s.redacted, ${milliseconds(sql`first.recorded_at`)} as created_at,
           ${milliseconds(sql`newest.recorded_at`)} as updated_at
      from (select * from streams where partition = ${partition} and stream_id = ${streamId} order by version desc limit 1) s
      join events first on first.partition = ${partition} and first.stream_id = ${streamId} and first.version = 1
      join events newest on newest.partition = ${partition} and newest.stream_id = ${streamId} and newest.version = s.version`)
  if (row === undefined) return undefined
  const {
    type,
    version,
    deleted: isGone,
    redacted: isRedacted,
    created_at: createdAt,
    updated_at: updatedAt,
  } = row
  return { type, version, isGone, isRedacted, createdAt, updatedAt }
}

/**
 * All events of one stream, for what needs the whole of it at once, in the transaction given: one JSON text, an array of
 * `[type, schemaVersion, data]` in order. It can be handed to another thread, and costs this one next to nothing.
 */
export async function readWholeStream(
  database: Queryable,
  log: Pick<Log, 'partitionOf'>,
  streamId: string,
): Promise<string> {
  const partition = log.partitionOf(streamId)
  const [row] = await database.query(sql`
    select '[' || string_agg('[' || to_json(type) || ',' || schema_version || ',' || data || ']', ',' order by version)
           || ']' as events
      from events where partition = ${partition} and stream_id = ${streamId}`)
  return row.events ?? '[]'
}

/** The newest event of these types at or before a version, or undefined. */
export async function readLastOf(
  log: Log,
  streamId: string,
  { types, upTo }: { types: readonly string[]; upTo: number },
): Promise<RecordedEvent | undefined> {
  const partition = log.partitionOf(streamId)
  const events = eventsOf(
    await log.database.query(sql`
      select ${columns} from events
       where partition = ${partition} and stream_id = ${streamId} and version <= ${upTo} and type = any(${types}::text[])
       order by version desc limit 1`),
  )
  return events[0]
}

/** Of the stream's event at a position of its partition; undefined where that is none of its own. */
export async function versionAt(log: Log, streamId: string, position: number): Promise<number | undefined> {
  const [row] = await log.database.query(sql`
    select version from events
     where partition = ${log.partitionOf(streamId)} and position = ${position} and stream_id = ${streamId}`)
  return row?.version
}

export function milliseconds(time: SQLQuery): SQLQuery {
  return sql`(extract(epoch from ${time}) * 1000)::float8`
}

/** All but the data. */
export const eventColumns = sql`partition, position, stream_id, version, event_id, type, schema_version,
  ${milliseconds(sql`recorded_at`)} as recorded_at`
const columns = sql`${eventColumns}, data`
/** For who goes on with the trace of an event. */
export const traceColumn = sql`metadata->>'traceparent' as traceparent`

export interface EventRow {
  readonly partition: number
  readonly position: number
  readonly stream_id: string
  readonly version: number
  readonly event_id: string
  readonly type: string
  readonly schema_version: number
  readonly recorded_at: number
  readonly data: unknown
  readonly metadata?: EventMetadata | null
  readonly traceparent?: string | null
}

export function eventsOf(rows: readonly EventRow[]): RecordedEvent[] {
  return rows.map((row) => ({
    partition: row.partition,
    position: row.position,
    streamId: row.stream_id,
    version: row.version,
    eventId: row.event_id,
    type: row.type,
    schemaVersion: row.schema_version,
    recordedAt: row.recorded_at,
    data: row.data,
    metadata: row.metadata ?? null,
    traceparent: recordedTrace(row.traceparent),
  }))
}

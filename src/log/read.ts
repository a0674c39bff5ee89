/** Reading the log: a stream's state, a stream's events, all events of a partition behind a position. */
import { type Queryable, sql } from '@databases/pg'
import type { KnownEvent, StreamState } from './append.ts'
import type { Log } from './log.ts'

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
  /** Parsed JSON; null where it was not asked for. */
  readonly data: unknown
}

/** A stream's version and state now, and the event of that id where the stream has it. */
export async function readState(
  log: Log,
  streamId: string,
  eventId: string,
): Promise<{ readonly actual: StreamState; readonly known: KnownEvent | undefined }> {
  const partition = log.partitionOf(streamId)
  const rows = await log.database.query(sql`
    select s.version, s.state, e.version as event_version, e.position as event_position, e.content_hash as event_hash
      from streams s
      left join events e on e.partition = s.partition and e.stream_id = s.stream_id and e.event_id = ${eventId}
     where s.partition = ${partition} and s.stream_id = ${streamId}`)
  const row = rows[0] as
    | {
        version: number
        state: unknown
        event_version: number | null
        event_position: number
        event_hash: Buffer | null
      }
    | undefined
  if (row === undefined) return { actual: { version: 0, state: null }, known: undefined }
  const actual = { version: row.version, state: row.state }
  if (row.event_version === null) return { actual, known: undefined }
  const { event_version: version, event_position: position, event_hash: hash } = row
  return { actual, known: { eventId, version, position, contentHash: hash?.toString('hex') ?? null } }
}

/** A stream's events behind a version, in order. */
export async function readStream(
  log: Log,
  streamId: string,
  { after, limit }: { after: number; limit: number },
): Promise<RecordedEvent[]> {
  const partition = log.partitionOf(streamId)
  return eventsOf(
    await log.database.query(sql`
      select ${columns} from events
       where partition = ${partition} and stream_id = ${streamId} and version > ${after}
       order by version limit ${limit}`),
  )
}

/** All events of one stream; for what needs the whole of it at once, in the transaction given. */
export async function readWholeStream(
  database: Queryable,
  log: Log,
  streamId: string,
): Promise<RecordedEvent[]> {
  const partition = log.partitionOf(streamId)
  return eventsOf(
    await database.query(sql`
      select ${columns} from events
       where partition = ${partition} and stream_id = ${streamId}
       order by version`),
  )
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

export interface PageOfPartition {
  readonly partition: number
  readonly after: number
  readonly limit: number
  /** Data is read of these streams only; of all where left out. */
  readonly withDataOf?: readonly string[]
}

/** Events of a partition behind a position, in order. */
export async function readAll(
  database: Queryable,
  { partition, after, limit, withDataOf }: PageOfPartition,
): Promise<RecordedEvent[]> {
  const data =
    withDataOf === undefined
      ? sql`data`
      : sql`case when stream_id = any(${withDataOf}::uuid[]) then data end as data`
  return eventsOf(
    await database.query(sql`
      select ${columnsButData}, ${data} from events
       where partition = ${partition} and position > ${after}
       order by position limit ${limit}`),
  )
}

/** The position of a partition's newest event; 0 while it has none. */
export async function readHead(database: Queryable, partition: number): Promise<number> {
  const [row] = await database.query(
    sql`select coalesce(max(position), 0) as head from events where partition = ${partition}`,
  )
  return (row as { head: number }).head
}

const columnsButData = sql`partition, position, stream_id, version, event_id, type, schema_version,
  (extract(epoch from recorded_at) * 1000)::float8 as recorded_at`
const columns = sql`${columnsButData}, data`

interface EventRow {
  readonly partition: number
  readonly position: number
  readonly stream_id: string
  readonly version: number
  readonly event_id: string
  readonly type: string
  readonly schema_version: number
  readonly recorded_at: number
  readonly data: unknown
}

function eventsOf(rows: readonly EventRow[]): RecordedEvent[] {
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
  }))
}

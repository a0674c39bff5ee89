/** Reading all events of a partition behind a position, by pages. */
import { type Queryable, type SQLQuery, sql } from '@databases/pg'
import { type EventRow, eventColumns, eventsOf, type RecordedEvent, traceColumn } from './read.ts'

export interface PageOfPartition {
  readonly partition: number
  readonly after: number
  readonly limit: number
  /** Events of these types only; of all where left out. */
  readonly types?: readonly string[] | undefined
  /** Events of streams of these types only; of all where left out. */
  readonly streamTypes?: readonly string[] | undefined
  /** Data is read of these streams only; of all where left out. */
  readonly withDataOf?: readonly string[]
  /** Whether somebody goes on with their traces. */
  readonly traced?: boolean | undefined
}

export interface LogPage {
  /** In order. */
  readonly events: readonly RecordedEvent[]
  /** Up to here nothing is left behind: the position to go on from. */
  readonly upTo: number
  /** There may be more behind it; false where the log's end was reached. */
  readonly hasMore: boolean
  /** Where the log has no event although it has later ones; what is behind it is not in the page. That cannot be. */
  readonly hole: number | undefined
}

/** How many events a page with a filter looks through: wanted ones may be few and far between. */
const widestLook = 5_000

/** The position of a partition's newest event; 0 while it has none. */
export async function readHead(database: Queryable, partition: number): Promise<number> {
  const [row] = await database.query(
    sql`select position from events where partition = ${partition} order by position desc limit 1`,
  )
  return (row as { position: number } | undefined)?.position ?? 0
}

export function readAll(database: Queryable, page: PageOfPartition): Promise<LogPage> {
  return page.types === undefined && page.streamTypes === undefined
    ? readEvery(database, page)
    : readWanted(database, page)
}

async function readEvery(
  database: Queryable,
  { partition, after, limit, withDataOf, traced }: PageOfPartition,
): Promise<LogPage> {
  const data =
    withDataOf === undefined
      ? sql`data`
      : sql`case when stream_id = any(${withDataOf}::uuid[]) then data end as data`
  const events = eventsOf(
    await database.query(sql`
      select ${eventColumns}, ${data}${ifTraced(traced)} from events
       where partition = ${partition} and position > ${after}
       order by position limit ${limit}`),
  )
  const gap = events.findIndex(({ position }, index) => position !== after + 1 + index)
  if (gap < 0)
    return { events, upTo: after + events.length, hasMore: events.length === limit, hole: undefined }
  return { events: events.slice(0, gap), upTo: after + gap, hasMore: false, hole: after + gap + 1 }
}

/** Looks at the types of what is behind the position, and reads the rest of those that are wanted. */
async function readWanted(
  database: Queryable,
  page: PageOfPartition,
  upToPosition = Number.MAX_SAFE_INTEGER,
): Promise<LogPage> {
  const { partition, after, limit, types, streamTypes, traced } = page
  const widest = Math.max(limit, widestLook)
  const ofType = types === undefined ? sql`true` : sql`type = any(${types}::text[])`
  const ofStreamType =
    streamTypes === undefined
      ? sql`true`
      : sql`exists (select from streams s where s.partition = ${partition} and s.stream_id = events.stream_id
                       and s.type = any(${streamTypes}::text[]))`
  const rows: (EventRow & { seen: number; last: number | null })[] = await database.query(sql`
    with seen as materialized (
      select position, ${ofType} and ${ofStreamType} as wanted from events
       where partition = ${partition} and position > ${after} and position <= ${upToPosition}
       order by position limit ${widest}
    ), bounds as (
      select count(*) as seen, max(position) as last from seen
    ), wanted as (
      select position from seen where wanted order by position limit ${limit}
    )
    select bounds.seen, bounds.last, e.*
      from bounds
      left join lateral (
        select ${eventColumns}, data${ifTraced(traced)} from events
         where partition = ${partition} and position in (select position from wanted)
      ) e on true
     order by e.position`)
  const { seen, last } = rows[0]!
  if (last !== null && last !== after + seen) return upToHole(database, page)
  const events = rows[0]!.position === null ? [] : eventsOf(rows)
  // A full page may have left wanted ones behind.
  const upTo = events.length === limit ? events.at(-1)!.position : (last ?? after)
  return { events, upTo, hasMore: events.length === limit || seen === widest, hole: undefined }
}

/** A hole is so rare that it may be searched for. */
async function upToHole(database: Queryable, page: PageOfPartition): Promise<LogPage> {
  const limit = Math.max(page.limit, widestLook)
  const { partition, after } = page
  const { upTo, hole } = await readEvery(database, { partition, after, limit, withDataOf: [] })
  const wanted = await readWanted(database, page, upTo)
  return wanted.upTo < upTo ? wanted : { ...wanted, hasMore: false, hole }
}

function ifTraced(traced: boolean | undefined): SQLQuery {
  return traced === true ? sql`, ${traceColumn}` : sql``
}

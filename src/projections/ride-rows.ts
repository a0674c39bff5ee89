/** The rows of the projection `rides`: as they are kept in memory while a batch is applied, read and written back. */
import { sql, type Transaction } from '@databases/pg'
import type { RideStatus, Visibility } from '#ride/events.ts'
import type { MaskedFold } from '#ride/masking/masked-fold.ts'
import type { Position } from '#ride/position.ts'
import type { RideShare } from '#ride/shares.ts'
import { tableOf } from './projection.ts'

/** Whom a row is for: everyone where nothing of the ride was ever its rider's alone, else its rider or all the others. */
export type Audience = 'everyone' | 'rider' | 'others'

export interface RideRow {
  readonly partition: number
  readonly ride_id: string
  readonly audience: Audience
  readonly mask_version: number
  readonly rider_id: string
  readonly status: RideStatus
  readonly visibility: Visibility
  readonly title: string | null
  readonly description: string | null
  readonly started_at: number
  readonly ended_at: number | null
  readonly finished_at: number | null
  readonly shares: readonly RideShare[] | null
}

export interface ProgressRow {
  readonly partition: number
  readonly ride_id: string
  readonly audience: Audience
  readonly version: number
  readonly position: number
  readonly updated_at: number
  readonly latest: Position | null
  readonly time_zone: string | null
  readonly distance: number
  readonly moving_time: number
  readonly timer_time: number
  readonly speed: number | null
  readonly masked: MaskedFold | null
  readonly is_hidden: boolean
}

/** Moved on in place while a batch is applied, when nobody has seen it yet. */
export type ProgressDraft = { -readonly [column in keyof ProgressRow]: ProgressRow[column] }

/** The rows of one audience, by ride. */
export interface Rows {
  readonly rides: Map<string, RideRow>
  readonly progress: Map<string, ProgressDraft>
}

/** What a batch has to do with: the rows for everyone or for riders, and beside them those for the others. */
export interface BothRows {
  readonly own: Rows
  readonly others: Rows
}

/** Times as milliseconds since 1970. */
const epoch = (column: 'started_at' | 'ended_at' | 'finished_at' | 'updated_at') =>
  sql`(extract(epoch from ${sql.ident(column)}) * 1000)::float8 as ${sql.ident(column)}`

/** `touched`: those whose row in `rides` is needed, too. */
export async function loadRows(
  transaction: Transaction,
  version: number,
  { partition, ids, touched }: { partition: number; ids: readonly string[]; touched: readonly string[] },
): Promise<BothRows> {
  const rides = touched.length === 0 ? [] : await loadRides(transaction, version, partition, touched)
  const progress = await loadProgress(transaction, version, partition, ids)
  const rowsOf = (isIn: (row: { readonly audience: Audience }) => boolean): Rows => ({
    rides: new Map(rides.filter(isIn).map((row) => [row.ride_id, row])),
    progress: new Map(progress.filter(isIn).map((row) => [row.ride_id, row])),
  })
  return {
    own: rowsOf(({ audience }) => audience !== 'others'),
    others: rowsOf(({ audience }) => audience === 'others'),
  }
}

async function loadRides(
  transaction: Transaction,
  version: number,
  partition: number,
  ids: readonly string[],
): Promise<RideRow[]> {
  return transaction.query(sql`
    select partition, ride_id, audience, mask_version, rider_id, status, visibility, title, description, shares,
           ${epoch('started_at')}, ${epoch('ended_at')}, ${epoch('finished_at')}
      from ${tableOf('rides', version)} where partition = ${partition} and ride_id = any(${ids}::uuid[])`)
}

async function loadProgress(
  transaction: Transaction,
  version: number,
  partition: number,
  ids: readonly string[],
): Promise<ProgressDraft[]> {
  return transaction.query(sql`
    select partition, ride_id, audience, version, position, ${epoch('updated_at')}, latest, time_zone,
           distance, moving_time, timer_time, speed, masked, is_hidden
      from ${tableOf('ride_progress', version)}
     where partition = ${partition} and ride_id = any(${ids}::uuid[])`)
}

/** Rows go in as one JSON array; times as milliseconds since 1970. */
export async function saveRides(
  transaction: Transaction,
  version: number,
  rows: readonly RideRow[],
): Promise<void> {
  if (rows.length === 0) return
  await transaction.query(sql`
    insert into ${tableOf('rides', version)} (
      partition, ride_id, audience, mask_version, rider_id, status, visibility, title, description, shares,
      started_at, ended_at, finished_at)
    select partition, ride_id, audience, mask_version, rider_id, status, visibility, title, description, shares,
           to_timestamp(started_at / 1000), to_timestamp(ended_at / 1000), to_timestamp(finished_at / 1000)
      from json_to_recordset(${JSON.stringify(rows.map(readable))}::json) as row (
        partition smallint, ride_id uuid, audience text, mask_version integer, rider_id uuid, status text,
        visibility text, title text, description text, shares json,
        started_at float8, ended_at float8, finished_at float8)
     order by ride_id
    on conflict (partition, ride_id, audience) do update set
      mask_version = excluded.mask_version, status = excluded.status, visibility = excluded.visibility,
      title = excluded.title, description = excluded.description, shares = excluded.shares,
      started_at = excluded.started_at, ended_at = excluded.ended_at, finished_at = excluded.finished_at`)
}

/** PostgreSQL reads no half characters out of JSON, and an event that holds one must not hold up the others. */
function readable(row: RideRow): RideRow {
  return {
    ...row,
    title: row.title?.toWellFormed() ?? null,
    description: row.description?.toWellFormed() ?? null,
  }
}

export async function saveProgress(
  transaction: Transaction,
  version: number,
  rows: readonly ProgressRow[],
): Promise<void> {
  if (rows.length === 0) return
  await transaction.query(sql`
    insert into ${tableOf('ride_progress', version)} (
      partition, ride_id, audience, version, position, updated_at, latest, time_zone,
      distance, moving_time, timer_time, speed, masked, is_hidden)
    select partition, ride_id, audience, version, position, to_timestamp(updated_at / 1000), latest, time_zone,
           distance, moving_time, timer_time, speed, masked, is_hidden
      from json_to_recordset(${JSON.stringify(rows)}::json) as row (
        partition smallint, ride_id uuid, audience text, version integer, position bigint, updated_at float8,
        latest json, time_zone text, distance float8, moving_time float8, timer_time float8, speed float8,
        masked json, is_hidden boolean)
     order by ride_id
    on conflict (partition, ride_id, audience) do update set
      version = excluded.version, position = excluded.position, updated_at = excluded.updated_at,
      latest = excluded.latest, time_zone = excluded.time_zone, distance = excluded.distance,
      moving_time = excluded.moving_time, timer_time = excluded.timer_time, speed = excluded.speed,
      masked = excluded.masked, is_hidden = excluded.is_hidden`)
}

/** Of all audiences. */
export async function removeRows(
  transaction: Transaction,
  version: number,
  partition: number,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  for (const table of ['rides', 'ride_progress']) {
    await transaction.query(
      sql`delete from ${tableOf(table, version)}
           where partition = ${partition} and ride_id = any(${ids}::uuid[])`,
    )
  }
}

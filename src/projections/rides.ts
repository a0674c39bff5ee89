/**
 * Projection `rides`: a row a ride, and beside it a narrow one with the ride's version and running numbers,
 * which alone moves while positions come in. Rows are folds: those that a batch touches are loaded, moved on
 * in memory by the pure functions below, and written back in one statement a table.
 */
import { sql, type Transaction } from '@databases/pg'
import type { RecordedEvent } from '#log/read.ts'
import { decodePositions, decodeRideEvent, type PositionColumns, readUpload } from '#ride/encoding.ts'
import type {
  RideDeleted,
  RideEvent,
  RidePositionsRecorded,
  RideProgress,
  RideStatus,
  Visibility,
} from '#ride/events.ts'
import { newestFixIn } from '#ride/newest-fix.ts'
import type { Position } from '#ride/position.ts'
import { timeZoneAt } from '#ride/time-zone.ts'
import { isUsable } from '#ride/track/usable.ts'
import { type Projection, tableOf } from './projection.ts'

export const rides: Projection = {
  name: 'rides',
  // 2: the time zone of the place where a ride began.
  revision: 2,
  tables: ['rides', 'ride_progress'],
  apply,
}

/** All that say more of a ride than where it is. */
type ChangingEvent = Exclude<RideEvent, RideDeleted | RidePositionsRecorded>

interface RideRow {
  readonly partition: number
  readonly ride_id: string
  readonly rider_id: string
  readonly status: RideStatus
  readonly visibility: Visibility
  readonly title: string | null
  readonly description: string | null
  readonly started_at: number
  readonly ended_at: number | null
  readonly finished_at: number | null
}

interface ProgressRow {
  readonly partition: number
  readonly ride_id: string
  readonly version: number
  readonly position: number
  readonly updated_at: number
  readonly latest: Position | null
  readonly time_zone: string | null
  readonly distance: number
  readonly moving_time: number
  readonly timer_time: number
  readonly speed: number | null
}

type ProgressDraft = { -readonly [column in keyof ProgressRow]: ProgressRow[column] }

async function apply(
  transaction: Transaction,
  version: number,
  events: readonly RecordedEvent[],
): Promise<void> {
  const partition = events[0]!.partition
  const touched = new Set<string>()
  for (const { type, streamId } of events) if (type !== 'RidePositionsRecorded') touched.add(streamId)
  const rideRows = await loadRides(transaction, version, partition, [...touched])
  const progressRows = await loadProgress(transaction, version, partition, [
    ...new Set(events.map((event) => event.streamId)),
  ])
  const deleted: string[] = []
  for (const recorded of events) {
    const id = recorded.streamId
    if (recorded.type === 'RidePositionsRecorded') {
      if (touched.has(id) && !rideRows.has(id)) throw notStarted(recorded)
      // Uploads are most of what there is: of their positions the newest is all that is decoded.
      const { positions, progress } = readUpload(recorded)
      const row = moveProgress(progressRows, recorded)
      row.latest = newestFixIn(row.latest, positions)
      row.time_zone ??= timeZoneOf(positions)
      setNumbers(row, progress)
      continue
    }
    const event = decodeRideEvent(recorded)
    if (event.type === 'RideDeleted') {
      rideRows.delete(id)
      progressRows.delete(id)
      deleted.push(id)
    } else if (event.type !== 'RidePositionsRecorded') {
      rideRows.set(id, rideAfter(rideRows.get(id), recorded, event))
      const row = moveProgress(progressRows, recorded)
      if ('progress' in event && event.progress !== null) setNumbers(row, event.progress)
    }
  }
  await saveRides(transaction, version, [...rideRows.values()].map(readable))
  await saveProgress(transaction, version, [...progressRows.values()])
  await remove(transaction, version, partition, deleted)
}

function rideAfter(row: RideRow | undefined, recorded: RecordedEvent, event: ChangingEvent): RideRow {
  if (event.type === 'RideStarted') {
    return {
      partition: recorded.partition,
      ride_id: recorded.streamId,
      rider_id: event.riderId,
      status: 'ACTIVE',
      visibility: event.visibility,
      title: event.title,
      description: null,
      started_at: event.at,
      ended_at: null,
      finished_at: null,
    }
  }
  if (row === undefined) throw notStarted(recorded)
  switch (event.type) {
    case 'RidePaused':
      return { ...row, status: 'PAUSED' }
    case 'RideResumed':
      return { ...row, status: 'ACTIVE' }
    case 'RideEnded':
      return { ...row, status: 'ENDED', ended_at: event.at }
    case 'RideFinished':
      return { ...row, status: 'FINISHED', finished_at: event.at }
    case 'RideEdited':
      return { ...row, ...event.changes }
    default:
      return event satisfies never
  }
}

/**
 * PostgreSQL reads no half characters out of JSON, and an event that holds one must not hold up the others.
 */
function readable(row: RideRow): RideRow {
  return {
    ...row,
    title: row.title?.toWellFormed() ?? null,
    description: row.description?.toWellFormed() ?? null,
  }
}

function notStarted({ type }: RecordedEvent): Error {
  return new Error(`${type} of a ride that was not started`)
}

/**
 * Moves a ride's row on in place, for nobody has seen it yet: of a row anew
 * for each upload most of the time went to the collector of garbage.
 */
function moveProgress(rows: Map<string, ProgressDraft>, recorded: RecordedEvent): ProgressDraft {
  const { partition, streamId, version, position, recordedAt } = recorded
  const row = rows.get(streamId)
  if (row !== undefined) {
    row.version = version
    row.position = position
    row.updated_at = recordedAt
    return row
  }
  const begun = {
    ...{ partition, ride_id: streamId, version, position, updated_at: recordedAt },
    ...{ latest: null, time_zone: null, distance: 0, moving_time: 0, timer_time: 0, speed: null },
  }
  rows.set(streamId, begun)
  return begun
}

function setNumbers(row: ProgressDraft, { distance, movingTime, timerTime, speed }: RideProgress): void {
  row.distance = distance
  row.moving_time = movingTime
  row.timer_time = timerTime
  row.speed = speed
}

/** Of the first place that came: a finished ride has that of its route, whose first place may be another. */
function timeZoneOf(positions: PositionColumns): string | null {
  const first = decodePositions(positions).find(isUsable)
  return first === undefined ? null : timeZoneAt(first)
}

/** Times as milliseconds since 1970. */
const epoch = (column: 'started_at' | 'ended_at' | 'finished_at' | 'updated_at') =>
  sql`(extract(epoch from ${sql.ident(column)}) * 1000)::float8 as ${sql.ident(column)}`

async function loadRides(
  transaction: Transaction,
  version: number,
  partition: number,
  ids: readonly string[],
) {
  if (ids.length === 0) return new Map<string, RideRow>()
  const rows: RideRow[] = await transaction.query(sql`
    select partition, ride_id, rider_id, status, visibility, title, description,
           ${epoch('started_at')}, ${epoch('ended_at')}, ${epoch('finished_at')}
      from ${tableOf('rides', version)} where partition = ${partition} and ride_id = any(${ids}::uuid[])`)
  return new Map(rows.map((row) => [row.ride_id, row]))
}

async function loadProgress(
  transaction: Transaction,
  version: number,
  partition: number,
  ids: readonly string[],
) {
  const rows: ProgressDraft[] = await transaction.query(sql`
    select partition, ride_id, version, position, ${epoch('updated_at')}, latest, time_zone,
           distance, moving_time, timer_time, speed
      from ${tableOf('ride_progress', version)}
     where partition = ${partition} and ride_id = any(${ids}::uuid[])`)
  return new Map(rows.map((row) => [row.ride_id, row]))
}

/** Rows go in as one JSON array; `ms` columns become times. */
async function saveRides(transaction: Transaction, version: number, rows: readonly RideRow[]): Promise<void> {
  if (rows.length === 0) return
  await transaction.query(sql`
    insert into ${tableOf('rides', version)} (
      partition, ride_id, rider_id, status, visibility, title, description, started_at, ended_at, finished_at)
    select partition, ride_id, rider_id, status, visibility, title, description,
           to_timestamp(started_at / 1000), to_timestamp(ended_at / 1000), to_timestamp(finished_at / 1000)
      from json_to_recordset(${JSON.stringify(rows)}::json) as row (
        partition smallint, ride_id uuid, rider_id uuid, status text, visibility text, title text,
        description text,
        started_at float8, ended_at float8, finished_at float8)
     order by ride_id
    on conflict (partition, ride_id) do update set
      status = excluded.status, visibility = excluded.visibility, title = excluded.title,
      description = excluded.description, ended_at = excluded.ended_at, finished_at = excluded.finished_at`)
}

async function saveProgress(
  transaction: Transaction,
  version: number,
  rows: readonly ProgressRow[],
): Promise<void> {
  if (rows.length === 0) return
  await transaction.query(sql`
    insert into ${tableOf('ride_progress', version)} (
      partition, ride_id, version, position, updated_at, latest, time_zone,
      distance, moving_time, timer_time, speed)
    select partition, ride_id, version, position, to_timestamp(updated_at / 1000), latest, time_zone,
           distance, moving_time, timer_time, speed
      from json_to_recordset(${JSON.stringify(rows)}::json) as row (
        partition smallint, ride_id uuid, version integer, position bigint, updated_at float8, latest json,
        time_zone text, distance float8, moving_time float8, timer_time float8, speed float8)
     order by ride_id
    on conflict (partition, ride_id) do update set
      version = excluded.version, position = excluded.position, updated_at = excluded.updated_at,
      latest = excluded.latest, time_zone = excluded.time_zone, distance = excluded.distance,
      moving_time = excluded.moving_time, timer_time = excluded.timer_time, speed = excluded.speed`)
}

async function remove(
  transaction: Transaction,
  version: number,
  partition: number,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  for (const table of rides.tables) {
    await transaction.query(
      sql`delete from ${tableOf(table, version)}
           where partition = ${partition} and ride_id = any(${ids}::uuid[])`,
    )
  }
}

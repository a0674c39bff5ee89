/**
 * Parking: a ride that a projection cannot take waits, from the event that failed, and the other rides go on.
 * Its events stay in the log, in order; what is kept here is where it stopped and what was said of the fault.
 */
import { sql, type Transaction } from '@databases/pg'
import { describeFault } from '#database/fault-description.ts'
import type { RecordedEvent } from '#log/read.ts'
import type { Checkpoint } from './checkpoint.ts'
import { removing } from './projection.ts'

/** Parks the event's ride, by the transaction that has taken the checkpoint. */
export async function park(
  transaction: Transaction,
  { projection, version, partition }: Checkpoint,
  event: RecordedEvent,
  { error, attempts }: { error: unknown; attempts: number },
): Promise<void> {
  await transaction.query(sql`
    insert into parked_rides (projection, version, partition, ride_id, ride_version, position, event_type, error,
                              attempts)
    values (${projection}, ${version}, ${partition}, ${event.streamId}, ${event.version}, ${event.position},
            ${event.type},
            ${JSON.stringify(describeFault(error))}::json, ${attempts})
    on conflict (projection, version, partition, ride_id) do update set
      ride_version = excluded.ride_version, position = excluded.position, event_type = excluded.event_type,
      error = excluded.error, attempts = excluded.attempts, parked_at = now()`)
}

/**
 * Leaves out the events of rides that are parked. A ride that
 * is deleted is parked no longer: it is only to be removed.
 */
export async function withoutParked(
  transaction: Transaction,
  { projection, version, partition, hasParked }: Checkpoint,
  events: readonly RecordedEvent[],
): Promise<readonly RecordedEvent[]> {
  if (!hasParked || events.length === 0) return events
  const ids = [...new Set(events.map(({ streamId }) => streamId))]
  const rows: { ride_id: string }[] = await transaction.query(sql`
    select ride_id from parked_rides
     where projection = ${projection} and version = ${version} and partition = ${partition}
       and ride_id = any(${ids}::uuid[])`)
  if (rows.length === 0) return events
  const parked = new Set(rows.map((row) => row.ride_id))
  const removed = events.filter(({ type, streamId }) => type === removing && parked.has(streamId))
  if (removed.length > 0) {
    await transaction.query(sql`
      delete from parked_rides
       where projection = ${projection} and version = ${version} and partition = ${partition}
         and ride_id = any(${removed.map(({ streamId }) => streamId)}::uuid[])`)
  }
  return events.filter(({ type, streamId }) => type === removing || !parked.has(streamId))
}

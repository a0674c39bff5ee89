/**
 * What of the log may be told of.
 *
 * Whose a ride is says its state, as long as there is one. Of a deleted ride redaction says it (0014_webhooks.sql): what else
 * happened to it and was not told by then is not told any more, for nothing of it is there; its deletion is.
 */
import { sql, type Transaction } from '@databases/pg'
import type { RecordedEvent } from '#log/read.ts'
import { decodeRideEvent } from '#ride/encoding.ts'
import type { RideEventType } from '#ride/events.ts'
import type { WebhookEvent } from './endpoint.ts'

/** Deletions are not among them: redaction tells of those. */
export const tellingTypes: readonly RideEventType[] = ['RideFinished', 'RideEdited']

/** Something that happened and that some endpoint may want to hear of. */
export interface Happening {
  readonly type: WebhookEvent
  readonly riderId: string
  readonly rideId: string
  readonly version: number
  readonly eventId: string
  /** By the database's clock. */
  readonly recordedAt: number
}

export async function happeningsOf(
  transaction: Transaction,
  partition: number,
  events: readonly RecordedEvent[],
): Promise<Happening[]> {
  const wanted = events.flatMap((event) => {
    const type = toldAs(event)
    return type === undefined ? [] : [{ event, type }]
  })
  if (wanted.length === 0) return []
  const ids = [...new Set(wanted.map(({ event }) => event.streamId))]
  const rows: { stream_id: string; rider_id: string | null }[] = await transaction.query(sql`
    select stream_id, state->>'riderId' as rider_id from streams
     where partition = ${partition} and stream_id = any(${ids}::uuid[]) and type = 'ride' and not deleted`)
  const riders = new Map(rows.map(({ stream_id, rider_id }) => [stream_id, rider_id]))
  return wanted.flatMap(({ event: { streamId: rideId, version, eventId, recordedAt }, type }) => {
    const riderId = riders.get(rideId)
    return riderId == null ? [] : [{ type, riderId, rideId, version, eventId, recordedAt }]
  })
}

/** Undefined for what the rider did not do to what others see: what the system edits, and links that are given. */
function toldAs(event: RecordedEvent): WebhookEvent | undefined {
  if (event.data === null) return undefined
  if (event.type === 'RideFinished') return 'ride.finished'
  const decoded = decodeRideEvent(event)
  if (decoded.type !== 'RideEdited') return undefined
  const { title, description, visibility } = decoded.changes
  const isSeen = title !== undefined || description !== undefined || visibility !== undefined
  return isSeen ? 'ride.edited' : undefined
}

/** Whoever has them tells of them: they go in the same transaction. */
export async function takeDeleted(
  transaction: Transaction,
  partition: number,
  limit: number,
): Promise<Happening[]> {
  interface Row {
    readonly ride_id: string
    readonly rider_id: string
    readonly event_id: string
    readonly version: number
    readonly recorded_ms: number
  }
  const rows: Row[] = await transaction.query(sql`
    delete from webhook_deleted_rides
     where partition = ${partition} and ride_id in (
       select ride_id from webhook_deleted_rides where partition = ${partition} order by ride_id limit ${limit})
    returning ride_id, rider_id, event_id, version, (extract(epoch from recorded_at) * 1000)::float8 as recorded_ms`)
  return rows.map((row) => ({
    type: 'ride.deleted',
    riderId: row.rider_id,
    rideId: row.ride_id,
    version: row.version,
    eventId: row.event_id,
    recordedAt: row.recorded_ms,
  }))
}

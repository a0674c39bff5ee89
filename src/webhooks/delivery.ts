/** A delivery: one message for one endpoint, and what became of it. */
import { type Queryable, sql } from '@databases/pg'
import type { WebhookEvent } from './endpoint.ts'
import type { SendFailure } from './send.ts'

export type DeliveryState = 'WAITING' | 'DELIVERED' | 'FAILED'

/** Times in milliseconds since 1970. */
export interface WebhookDelivery {
  /** Also the message's: the same with every attempt. */
  readonly deliveryId: string
  readonly endpointId: string
  readonly type: WebhookEvent | 'ping'
  readonly happenedAt: number
  readonly rideId: string | null
  readonly rideVersion: number | null
  readonly state: DeliveryState
  readonly attempts: number
  /** Null unless it is waiting. */
  readonly nextAttemptAt: number | null
  readonly lastAttemptAt: number | null
  /** Of HTTP, where the receiver answered. */
  readonly lastStatus: number | null
  readonly lastFailure: SendFailure | null
  readonly lastDurationMs: number | null
  readonly createdAt: number
}

export interface PageOfDeliveries {
  readonly first: number
  /** The id of the last one that was seen. */
  readonly after?: string | undefined
}

interface DeliveryRow {
  readonly delivery_id: string
  readonly endpoint_id: string
  readonly type: WebhookEvent | 'ping'
  readonly ride_id: string | null
  readonly ride_version: number | null
  readonly state: DeliveryState
  readonly attempts: number
  readonly last_status: number | null
  readonly last_failure: SendFailure | null
  readonly last_duration_ms: number | null
  readonly happened_ms: number
  readonly next_ms: number | null
  readonly last_ms: number | null
  readonly created_ms: number
}

const ms = (column: 'happened_at' | 'next_attempt_at' | 'last_attempt_at' | 'created_at') =>
  sql`(extract(epoch from ${sql.ident(column)}) * 1000)::float8`

const columns = sql`delivery_id, endpoint_id, type, ride_id, ride_version, state, attempts, last_status, last_failure,
  last_duration_ms, ${ms('happened_at')} as happened_ms, ${ms('next_attempt_at')} as next_ms,
  ${ms('last_attempt_at')} as last_ms, ${ms('created_at')} as created_ms`

export async function readDelivery(
  database: Queryable,
  deliveryId: string,
): Promise<WebhookDelivery | undefined> {
  const rows: DeliveryRow[] = await database.query(
    sql`select ${columns} from webhook_deliveries where delivery_id = ${deliveryId}`,
  )
  return rows.map(deliveryOf)[0]
}

/** Newest first. */
export async function deliveriesPage(
  database: Queryable,
  endpointId: string,
  { first, after }: PageOfDeliveries,
): Promise<WebhookDelivery[]> {
  const behind =
    after === undefined
      ? sql`true`
      : sql`(created_at, delivery_id) < (
          select created_at, delivery_id from webhook_deliveries where delivery_id = ${after} and endpoint_id = ${endpointId})`
  const rows: DeliveryRow[] = await database.query(sql`
    select ${columns} from webhook_deliveries where endpoint_id = ${endpointId} and ${behind}
     order by created_at desc, delivery_id desc limit ${first}`)
  return rows.map(deliveryOf)
}

function deliveryOf(row: DeliveryRow): WebhookDelivery {
  return {
    deliveryId: row.delivery_id,
    endpointId: row.endpoint_id,
    type: row.type,
    happenedAt: Math.floor(row.happened_ms),
    rideId: row.ride_id,
    rideVersion: row.ride_version,
    state: row.state,
    attempts: row.attempts,
    nextAttemptAt: row.state === 'WAITING' ? row.next_ms : null,
    lastAttemptAt: row.last_ms,
    lastStatus: row.last_status,
    lastFailure: row.last_failure,
    lastDurationMs: row.last_duration_ms,
    createdAt: row.created_ms,
  }
}

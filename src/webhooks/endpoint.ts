/** An endpoint: an address that a rider has given to be told at. */
import { sql } from '@databases/pg'

/** What may be told of a ride, as the message names it. */
export const webhookEvents = ['ride.finished', 'ride.deleted', 'ride.edited'] as const
export type WebhookEvent = (typeof webhookEvents)[number]

/**
 * `FAILING`: nothing was taken for days. `GONE`: the receiver said that it is gone for good (410). `RIDER`: he asked for it.
 */
export type DisabledReason = 'FAILING' | 'GONE' | 'RIDER'

/** Times in milliseconds since 1970. */
export interface Endpoint {
  readonly endpointId: string
  readonly url: string
  readonly events: readonly WebhookEvent[]
  readonly createdAt: number
  /** The first failure since the last success. */
  readonly failingSince: number | null
  readonly disabledAt: number | null
  readonly disabledReason: DisabledReason | null
}

export interface EndpointRow {
  readonly endpoint_id: string
  readonly url: string
  readonly events: WebhookEvent[]
  readonly created_ms: number
  readonly failing_ms: number | null
  readonly disabled_ms: number | null
  readonly disabled_reason: DisabledReason | null
}

export const endpointColumns = sql`endpoint_id, url, events, disabled_reason,
  (extract(epoch from created_at) * 1000)::float8 as created_ms,
  (extract(epoch from failing_since) * 1000)::float8 as failing_ms,
  (extract(epoch from disabled_at) * 1000)::float8 as disabled_ms`

export function endpointOf(row: EndpointRow): Endpoint {
  return {
    endpointId: row.endpoint_id,
    url: row.url,
    events: row.events,
    createdAt: Math.floor(row.created_ms),
    failingSince: row.failing_ms,
    disabledAt: row.disabled_ms,
    disabledReason: row.disabled_reason,
  }
}

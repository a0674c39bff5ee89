/**
 * Webhooks: riders' own programs are told what happens to their rides. This file is the room's first: what a rider may ask.
 *
 *   log ─ teller.ts ─► webhook_deliveries ─► queue.ts (pg-boss) ─► deliverer.ts ─ attempt.ts ─ send.ts ─► the rider's server
 *
 * `happenings.ts` says what is worth telling, `message.ts` how it is said and signed, `target.ts` and `addresses.ts` where it
 * may be sent to, `schedule.ts` when it is tried again and when no more; `vault.ts` keeps secrets. Told are ids, never places or
 * titles: the receiver asks the API with its own key, where rights hold. No address reaches a log: its path may be a secret.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { type ConnectionPool, type Queryable, type SQLQuery, sql } from '@databases/pg'
import { countAskedFor } from './asked-for.ts'
import { deliveriesPage, type PageOfDeliveries, readDelivery, type WebhookDelivery } from './delivery.ts'
import {
  type Endpoint,
  type EndpointRow,
  endpointColumns,
  endpointOf,
  type WebhookEvent,
} from './endpoint.ts'
import { faultOfUrl, type UrlFault } from './target.ts'
import type { Vault } from './vault.ts'

export interface Webhooks {
  /** The rider's, the oldest first. */
  of(riderId: string): Promise<Endpoint[]>
  create(riderId: string, wanted: Wanted): Promise<Creation>
  change(riderId: string, endpointId: string, changes: Changes): Promise<Change>
  remove(riderId: string, endpointId: string): Promise<boolean>
  /** A new secret; the one before goes on signing beside it for a day. */
  rotate(riderId: string, endpointId: string): Promise<Secret | undefined>
  /** Sends a message that says nothing, once; not while another waits. */
  ping(riderId: string, endpointId: string): Promise<Sending>
  /** Undefined where there is no such endpoint. */
  deliveries(riderId: string, endpointId: string, page: PageOfDeliveries): Promise<DeliveryPage | undefined>
  /** Sends it again now, and as often as at first, with the id that it had. */
  redeliver(riderId: string, deliveryId: string): Promise<Sending>
}

export interface Wanted {
  readonly url: string
  readonly events: readonly WebhookEvent[]
}

/** A field left out stays as it is. */
export interface Changes {
  readonly url?: string | undefined
  readonly events?: readonly WebhookEvent[] | undefined
  /** True also clears what it was disabled for. */
  readonly isEnabled?: boolean | undefined
}

export interface Secret {
  readonly endpoint: Endpoint
  /** Shown this once. */
  readonly secret: string
}

export type Creation =
  | ({ readonly outcome: 'created' } & Secret)
  | { readonly outcome: 'refused'; readonly fault: UrlFault | 'no events' | 'too many' | 'unknown rider' }

export type Change =
  | { readonly outcome: 'changed'; readonly endpoint: Endpoint }
  | { readonly outcome: 'refused'; readonly fault: UrlFault | 'no events' }
  | { readonly outcome: 'unknown' }

/** What is sent because somebody asked for it. */
export type Sending =
  | { readonly outcome: 'waiting'; readonly delivery: WebhookDelivery }
  | { readonly outcome: 'unknown' }
  /** Seconds. */
  | { readonly outcome: 'too often'; readonly retryAfter: number }

export interface DeliveryPage {
  readonly deliveries: readonly WebhookDelivery[]
  readonly hasMore: boolean
}

export interface WebhooksOptions {
  readonly database: ConnectionPool
  readonly vault: Vault
  readonly allowPrivate: boolean
  /** There is something to be sent. */
  readonly onWaiting?: () => void
  /** Milliseconds of a clock that is never set back. */
  readonly now?: () => number
}

export const mostEndpoints = 10
/** Time to give the new secret to whoever checks signatures. */
const bothSignForHours = 24
const secretBytes = 24
/** Seconds: until it was tried, as a rule. */
const whileItWaits = 5

export function openWebhooks(options: WebhooksOptions): Webhooks {
  const { database, vault, allowPrivate, onWaiting, now = () => performance.now() } = options
  const askedFor = countAskedFor(now)

  async function waiting(deliveryId: string): Promise<Sending> {
    onWaiting?.()
    const delivery = await readDelivery(database, deliveryId)
    return delivery === undefined ? { outcome: 'unknown' } : { outcome: 'waiting', delivery }
  }

  function newSecret(endpointId: string) {
    const secret = `whsec_${randomBytes(secretBytes).toString('base64')}`
    return { secret, sealed: vault.seal(secret, endpointId) }
  }

  return {
    async of(riderId) {
      const rows: EndpointRow[] = await database.query(
        sql`select ${endpointColumns} from webhook_endpoints where rider_id = ${riderId} order by created_at, endpoint_id`,
      )
      return rows.map(endpointOf)
    },

    async create(riderId, { url, events }) {
      const fault = events.length === 0 ? 'no events' : faultOfUrl(url, { allowPrivate })
      if (fault !== undefined) return { outcome: 'refused', fault }
      const endpointId = randomUUID()
      const { secret, sealed } = newSecret(endpointId)
      return database.tx(async (transaction): Promise<Creation> => {
        // Two that come at once are counted one after the other.
        const rider = await transaction.query(
          sql`select from riders where rider_id = ${riderId} for no key update`,
        )
        if (rider.length === 0) return { outcome: 'refused', fault: 'unknown rider' }
        const [{ count }] = await transaction.query(
          sql`select count(*) as count from webhook_endpoints where rider_id = ${riderId}`,
        )
        if (count >= mostEndpoints) return { outcome: 'refused', fault: 'too many' }
        const [row] = await transaction.query(sql`
          insert into webhook_endpoints (endpoint_id, rider_id, url, events, secret)
          values (${endpointId}, ${riderId}, ${new URL(url).href}, ${unique(events)}::text[], ${sealed})
          returning ${endpointColumns}`)
        return { outcome: 'created', endpoint: endpointOf(row), secret }
      })
    },

    async change(riderId, endpointId, { url, events, isEnabled }) {
      const urlFault = url === undefined ? undefined : faultOfUrl(url, { allowPrivate })
      const fault = events?.length === 0 ? 'no events' : urlFault
      if (fault !== undefined) return { outcome: 'refused', fault }
      const sets: SQLQuery[] = []
      // Another address has failed nobody yet.
      if (url !== undefined) sets.push(sql`url = ${new URL(url).href}, failing_since = null`)
      if (events !== undefined) sets.push(sql`events = ${unique(events)}::text[]`)
      if (isEnabled === true) {
        sets.push(sql`disabled_at = null, disabled_reason = null`)
        if (url === undefined) sets.push(sql`failing_since = null`)
      }
      if (isEnabled === false) {
        sets.push(sql`disabled_reason = coalesce(disabled_reason, 'RIDER'),
                      disabled_at = coalesce(disabled_at, clock_timestamp())`)
      }
      const mine = sql`endpoint_id = ${endpointId} and rider_id = ${riderId}`
      const [row] = await database.query(
        sets.length === 0
          ? sql`select ${endpointColumns} from webhook_endpoints where ${mine}`
          : sql`update webhook_endpoints set ${sql.join(sets, ', ')} where ${mine} returning ${endpointColumns}`,
      )
      return row === undefined ? { outcome: 'unknown' } : { outcome: 'changed', endpoint: endpointOf(row) }
    },

    async remove(riderId, endpointId) {
      const rows = await database.query(sql`
        delete from webhook_endpoints where endpoint_id = ${endpointId} and rider_id = ${riderId} returning endpoint_id`)
      return rows.length > 0
    },

    async rotate(riderId, endpointId) {
      const { secret, sealed } = newSecret(endpointId)
      const [row] = await database.query(sql`
        update webhook_endpoints
           set previous_secret = secret, secret = ${sealed},
               previous_until = clock_timestamp() + make_interval(hours => ${bothSignForHours})
         where endpoint_id = ${endpointId} and rider_id = ${riderId} returning ${endpointColumns}`)
      return row && { endpoint: endpointOf(row), secret }
    },

    async ping(riderId, endpointId) {
      if (!(await isHis(database, riderId, endpointId))) return { outcome: 'unknown' }
      const others = await database.query(sql`
        select from webhook_deliveries
         where endpoint_id = ${endpointId} and type = 'ping' and state = 'WAITING' limit 1`)
      const retryAfter = others.length > 0 ? whileItWaits : askedFor.take(riderId)
      if (retryAfter !== undefined) return { outcome: 'too often', retryAfter }
      const deliveryId = randomUUID()
      await database.query(sql`
        insert into webhook_deliveries (delivery_id, endpoint_id, type, happened_at, next_attempt_at)
        values (${deliveryId}, ${endpointId}, 'ping', clock_timestamp(), clock_timestamp())`)
      return waiting(deliveryId)
    },

    async deliveries(riderId, endpointId, page) {
      if (!(await isHis(database, riderId, endpointId))) return undefined
      const found = await deliveriesPage(database, endpointId, { ...page, first: page.first + 1 })
      return { deliveries: found.slice(0, page.first), hasMore: found.length > page.first }
    },

    async redeliver(riderId, deliveryId) {
      const [asked]: { is_due: boolean }[] = await database.query(sql`
        select d.state = 'WAITING' and d.next_attempt_at <= clock_timestamp() as is_due
          from webhook_deliveries d join webhook_endpoints w on w.endpoint_id = d.endpoint_id
         where d.delivery_id = ${deliveryId} and w.rider_id = ${riderId}`)
      if (asked === undefined) return { outcome: 'unknown' }
      const retryAfter = asked.is_due ? whileItWaits : askedFor.take(riderId)
      if (retryAfter !== undefined) return { outcome: 'too often', retryAfter }
      await database.query(sql`
        update webhook_deliveries
           set state = 'WAITING', retries = 0, next_attempt_at = clock_timestamp(), queued_at = null
         where delivery_id = ${deliveryId}`)
      return waiting(deliveryId)
    },
  }
}

/** What a rider has asked to be told goes with him: addresses, secrets, and the log of what was sent. */
export async function forgetWebhooks(database: Queryable, riderId: string): Promise<void> {
  await database.query(sql`delete from webhook_endpoints where rider_id = ${riderId}`)
  await database.query(sql`delete from webhook_deleted_rides where rider_id = ${riderId}`)
}

async function isHis(database: Queryable, riderId: string, endpointId: string): Promise<boolean> {
  const rows = await database.query(
    sql`select from webhook_endpoints where endpoint_id = ${endpointId} and rider_id = ${riderId}`,
  )
  return rows.length > 0
}

function unique(events: readonly WebhookEvent[]): WebhookEvent[] {
  return [...new Set(events)]
}

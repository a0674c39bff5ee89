/**
 * What is told of, found in the log: for each event and each endpoint that wants it a delivery, once. The deliveries are written
 * in the transaction that moves the place in the log, and their ids follow from event and endpoint: a worker that dies, or two
 * that do the same, neither lose nor double any. (No projection: there is nothing to be read, and nothing to be made anew.)
 */
import { type ConnectionPool, type Queryable, sql, type Transaction } from '@databases/pg'
import { backoffMs } from '#database/backoff.ts'
import { isAway } from '#database/faults.ts'
import { createHint, pause } from '#log/hint.ts'
import type { Listener } from '#log/listener.ts'
import type { Log } from '#log/log.ts'
import { readAll } from '#log/read-all.ts'
import { derivedId } from '#projections/derived-id.ts'
import type { WebhookEvent } from './endpoint.ts'
import { type Happening, happeningsOf, takeDeleted, tellingTypes } from './happenings.ts'

export interface TellerOptions {
  readonly database: ConnectionPool
  readonly log: Pick<Log, 'hash' | 'partitions'>
  readonly listener: Listener
  readonly signal: AbortSignal
  readonly onFault: (error: unknown) => void
  /** There is something to be sent. */
  readonly onWaiting: () => void
  readonly pollMs?: number
}

const pageSize = 500
/** What comes while a ride is ridden wakes it all the time, and is nothing to tell. */
const restMs = 250
const waits = { firstMs: 100, longestMs: 10_000 }
/** So far it goes in mind alone: where nothing is to be told nothing is written. */
const longestUnwritten = 5_000

/** Runs until `signal` aborts. */
export async function tellOfRides(options: TellerOptions): Promise<void> {
  const { log, listener, database, signal, onFault, pollMs = 2_000 } = options
  const hint = createHint()
  const stopListening = listener.on('log', hint.give)
  const tellers = Array.from({ length: log.partitions }, (_, partition) => openTeller(options, partition))
  let faults = 0
  try {
    await untilAborted(async () => {
      await database.query(sql`
        insert into webhook_position (partition, position)
        select n, 0 from generate_series(0, ${log.partitions - 1}::integer) as n on conflict do nothing`)
    })
    while (!signal.aborted) {
      await untilAborted(async () => {
        for (const look of tellers) while ((await look()) && !signal.aborted);
      })
      await pause(restMs, signal)
      await hint.wait(pollMs, signal)
    }
  } finally {
    stopListening()
  }

  /** Tries it until it has worked. */
  async function untilAborted(work: () => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      try {
        await work()
        faults = 0
        return
      } catch (error) {
        if (!signal.aborted && !isAway(error)) onFault(error)
        await pause(backoffMs(++faults, waits, Math.random), signal)
      }
    }
  }
}

/** Looks through the next page of a partition: to whether there may be more. */
export function openTeller(
  { database, log, onWaiting }: Pick<TellerOptions, 'database' | 'log' | 'onWaiting'>,
  partition: number,
): () => Promise<boolean> {
  let written = -1
  let seen = -1

  async function look(): Promise<boolean> {
    if (written < 0) seen = written = await positionOf(database, partition)
    const [page, deleted] = await Promise.all([
      readAll(database, { partition, after: seen, limit: pageSize, types: tellingTypes }),
      database.query(sql`select from webhook_deleted_rides where partition = ${partition} limit 1`),
    ])
    if (page.events.length === 0) seen = page.upTo
    if (page.events.length > 0 || deleted.length > 0 || seen - written > longestUnwritten) {
      const told = await database.tx(tell)
      if (told !== undefined) {
        written = told.position
        seen = Math.max(seen, written)
        if (told.deliveries > 0) onWaiting()
        return told.hasMore
      }
    }
    return page.events.length === 0 && page.hasMore
  }

  /** Undefined where another one is at it. */
  async function tell(transaction: Transaction) {
    const [place] = await transaction.query(
      sql`select position from webhook_position where partition = ${partition} for no key update skip locked`,
    )
    if (place === undefined) return undefined
    const page = await readAll(transaction, {
      partition,
      after: place.position,
      limit: pageSize,
      types: tellingTypes,
    })
    const removed = await takeDeleted(transaction, partition, pageSize)
    const happenings = [...(await happeningsOf(transaction, partition, page.events)), ...removed]
    const deliveries = await writeDeliveries(transaction, log, happenings)
    if (page.upTo > place.position) {
      await transaction.query(
        sql`update webhook_position set position = ${page.upTo} where partition = ${partition}`,
      )
    }
    const hasMore = page.hasMore || removed.length === pageSize
    return { position: page.upTo, deliveries, hasMore }
  }

  return look
}

async function positionOf(database: Queryable, partition: number): Promise<number> {
  const [row] = await database.query(
    sql`select position from webhook_position where partition = ${partition}`,
  )
  return row?.position ?? 0
}

/** How many there were. Endpoints hear of what was recorded since they are there. */
async function writeDeliveries(
  transaction: Transaction,
  log: Pick<Log, 'hash'>,
  happenings: readonly Happening[],
): Promise<number> {
  if (happenings.length === 0) return 0
  interface Row {
    readonly endpoint_id: string
    readonly rider_id: string
    readonly events: readonly WebhookEvent[]
    readonly created_ms: number
  }
  const riderIds = [...new Set(happenings.map(({ riderId }) => riderId))]
  // Held, so that it does not go between here and the insertion.
  const endpoints: Row[] = await transaction.query(sql`
    select endpoint_id, rider_id, events, (extract(epoch from created_at) * 1000)::float8 as created_ms
      from webhook_endpoints
     where rider_id = any(${riderIds}::uuid[]) and disabled_at is null order by endpoint_id for key share`)
  const rows = happenings.flatMap(({ type, riderId, rideId, version, eventId, recordedAt }) =>
    endpoints
      .filter(
        (each) =>
          each.rider_id === riderId &&
          each.events.includes(type) &&
          Math.floor(each.created_ms) <= recordedAt,
      )
      .map(({ endpoint_id: endpointId }) => ({
        delivery_id: derivedId(log, `webhook ${endpointId} ${eventId}`, rideId),
        ...{ endpoint_id: endpointId, type, ride_id: rideId, ride_version: version, happened_ms: recordedAt },
      })),
  )
  if (rows.length === 0) return 0
  await transaction.query(sql`
    insert into webhook_deliveries (
      delivery_id, endpoint_id, type, ride_id, ride_version, happened_at, next_attempt_at)
    select delivery_id, endpoint_id, type, ride_id, ride_version, to_timestamp(happened_ms / 1000), clock_timestamp()
      from json_to_recordset(${JSON.stringify(rows)}::json) as row (
        delivery_id uuid, endpoint_id uuid, type text, ride_id uuid, ride_version integer, happened_ms float8)
     order by delivery_id
    on conflict do nothing`)
  return rows.length
}

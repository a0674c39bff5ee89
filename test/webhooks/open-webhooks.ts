/** Webhooks beside rides: what is told is told when a test says so, and delivered by as many workers as it starts. */
import { sql } from '@databases/pg'
import { type DelivererOptions, openDeliverer } from '#webhooks/deliverer.ts'
import type { WebhookEvent } from '#webhooks/endpoint.ts'
import { openTeller } from '#webhooks/teller.ts'
import { openVault } from '#webhooks/vault.ts'
import { openWebhooks, type Webhooks } from '#webhooks/webhooks.ts'
import { type OpenedRides, openRides, riderId } from '../projections/open-rides.ts'

export interface OpenedWebhooks extends AsyncDisposable {
  readonly rides: OpenedRides
  readonly webhooks: Webhooks
  readonly faults: unknown[]
  /** Looks through all that is new. */
  tell(): Promise<void>
  /** A worker that delivers; its polls are quick. */
  worker(options?: Partial<DelivererOptions>): Promise<DeliveringWorker>
  /** Ends the workers, and forgets what was registered and sent. */
  clear(): Promise<void>
  register(url: string, events?: readonly WebhookEvent[]): Promise<{ endpointId: string; secret: string }>
}

export interface DeliveringWorker {
  readonly queue: Awaited<ReturnType<typeof openDeliverer>>['queue']
  run(): void
  /** Stops, and gives back what it has under way. */
  stop(): Promise<void>
}

export const allEvents = ['ride.finished', 'ride.deleted', 'ride.edited'] as const

export async function openWebhooksBesideRides(): Promise<OpenedWebhooks> {
  const rides = await openRides()
  const { log, url } = rides
  const { database } = log
  const vault = openVault(log, undefined)
  const webhooks = openWebhooks({ database, vault, allowPrivate: true })
  const faults: unknown[] = []
  const workers: DeliveringWorker[] = []
  await database.query(
    sql`insert into webhook_position (partition, position) values (0, 0) on conflict do nothing`,
  )
  const look = openTeller({ database, log, onWaiting: () => undefined }, 0)
  return {
    rides,
    webhooks,
    faults,
    async tell() {
      while (await look());
    },
    async worker(options = {}) {
      const stopping = new AbortController()
      const deliverer = await openDeliverer({
        ...{ url, database, vault, allowPrivate: true, now: Date.now, pollMs: 20 },
        retryIn: (failures) => (failures > 3 ? undefined : 0),
        onFault: (error) => faults.push(error),
        ...options,
      })
      let running = Promise.resolve()
      let isOpen = true
      const worker = {
        queue: deliverer.queue,
        run() {
          running = deliverer.run(stopping.signal)
        },
        async stop() {
          if (!isOpen) return
          isOpen = false
          stopping.abort()
          await running
          await deliverer.close()
        },
      }
      workers.push(worker)
      return worker
    },
    async register(url, events = allEvents) {
      const created = await webhooks.create(riderId, { url, events })
      if (created.outcome !== 'created') throw new Error(`Not created: ${created.fault}`)
      return { endpointId: created.endpoint.endpointId, secret: created.secret }
    },
    async clear() {
      for (const worker of workers) await worker.stop()
      for (const table of ['webhook_endpoints', 'webhook_deleted_rides']) {
        await database.query(sql`delete from ${sql.ident(table)}`)
      }
      faults.length = 0
    },
    async [Symbol.asyncDispose]() {
      for (const worker of workers) await worker.stop()
      await rides[Symbol.asyncDispose]()
    },
  }
}

/** All that there is to be delivered, in the order in which it happened. */
export async function deliveriesOf({ rides }: Pick<OpenedWebhooks, 'rides'>) {
  interface Row {
    delivery_id: string
    endpoint_id: string
    type: string
    ride_id: string | null
    ride_version: number | null
    state: string
    attempts: number
  }
  const rows: Row[] = await rides.log.database.query(sql`
    select delivery_id, endpoint_id, type, ride_id, ride_version, state, attempts
      from webhook_deliveries order by happened_at, ride_version, endpoint_id`)
  return rows
}

/** What a drill of observation plays on: two APIs, one of them with a replica, two workers, riders, watchers, and Prometheus. */
import { randomUUID } from 'node:crypto'
import { type ApiClient, connect, position, startRide } from '../../api/client.ts'
import { type Cluster, type Standby, startCluster } from '../../support/cluster.ts'
import { eventually } from '../../support/eventually.ts'
import { type Product, startProduct } from '../../support/product.ts'
import { openReceiver } from '../../webhooks/receiver.ts'
import { type Load, startLoad } from '../load.ts'
import { type Prometheus, startPrometheus } from './prometheus.ts'

export interface Scene extends AsyncDisposable {
  readonly cluster: Cluster
  readonly standby: Standby
  readonly apis: readonly [Product, Product]
  readonly workers: readonly [Product, Product]
  readonly prometheus: Prometheus
  readonly load: Load
  readonly client: ApiClient
  /** Has Prometheus look at these as well as at the four. */
  alsoWatch(...products: readonly Product[]): Promise<void>
}

const connections = 100
/** Enough that something always comes; the drill is about what is seen. */
const riders = 3

export async function openScene(): Promise<Scene> {
  await using opening = new AsyncDisposableStack()
  const cluster = opening.use(await startCluster({ settings: { ...small, max_connections: connections } }))
  const env = { DATABASE_URL: cluster.url, WEBHOOKS_ALLOW_PRIVATE: 'on' }
  // The first one makes the tables.
  const first = opening.use(await startProduct({ role: 'api', env }))
  const standby = opening.use(await cluster.standby())
  const second = opening.use(
    await startProduct({ role: 'api', env: { ...env, DATABASE_READ_URL: standby.url } }),
  )
  const workers = [
    opening.use(await startProduct({ role: 'worker', env })),
    opening.use(await startProduct({ role: 'worker', env })),
  ] as const
  const prometheus = opening.use(await startPrometheus())
  const four = [first, second, ...workers]
  const targets = (products: readonly Product[]) => products.map(({ url }) => new URL(url).host)
  await prometheus.watch(targets(four))
  const client = connect(first.url)
  opening.defer(() => client[Symbol.asyncDispose]())
  const load = startLoad([first.url, second.url], riders, 7)
  opening.defer(() => load.stop())
  opening.use(await watchers([first, second], client))
  const open = opening.move()
  return {
    cluster,
    standby,
    apis: [first, second],
    workers,
    prometheus,
    load,
    client,
    alsoWatch: (...products) => prometheus.watch(targets([...four, ...products])),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

const small = {
  // Without a command nothing is archived, and nothing fails.
  archive_mode: 'on',
  shared_buffers: '64MB',
  max_wal_size: '256MB',
  checkpoint_timeout: '30s',
} as const

/** Of every kind of subscription one in each process, a ride that goes on moving, and a webhook that is told of one that ends. */
async function watchers(apis: readonly Product[], client: ApiClient): Promise<AsyncDisposable> {
  await using opening = new AsyncDisposableStack()
  const receiver = opening.use(await openReceiver())
  const made = await client.ask(
    'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { __typename } }',
    { input: { url: receiver.url, events: ['RIDE_FINISHED'] } },
  )
  if (made.data?.['createWebhook']?.['__typename'] !== 'CreateWebhookPayload') {
    throw new Error(`There is no webhook: ${JSON.stringify(made)}`)
  }
  const ended = await startRide(client)
  await client.mutate('endRide', { rideId: ended })
  await eventually('the webhook to come', () => receiver.received.length > 0)
  const rideId = await startRide(client)
  for (const { url } of [...apis, ...apis]) {
    const watching = connect(url)
    opening.defer(() => watching[Symbol.asyncDispose]())
    for (const feed of [
      watching.subscribe('subscription ($ride: ID!) { rideFeed(rideId: $ride) { version } }', {
        ride: rideId,
      }),
      watching.subscribe('subscription { liveRides { snapshot rides { rideId } } }'),
    ]) {
      void readAll(feed)
    }
  }
  let second = 0
  const moving = setInterval(() => {
    second++
    const uploadId = randomUUID()
    client
      .mutate('recordPositions', { rideId, uploadId, positions: [position(second)] })
      .catch(() => undefined)
  }, 500)
  opening.defer(() => clearInterval(moving))
  const open = opening.move()
  return { [Symbol.asyncDispose]: () => open.disposeAsync() }
}

/** What it brings is looked at elsewhere; where the server goes away it is asked again. */
async function readAll(feed: AsyncIterable<unknown>): Promise<void> {
  try {
    for await (const _ of feed);
  } catch {
    // The client was disposed of.
  }
}

/** What Prometheus is told of a process, and who may ask. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiClient, connect, position, startRide } from '../api/client.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'
import { type Product, startProduct, withSignIn } from '../support/product.ts'

let database: FreshDatabase
let product: Product
let api: ApiClient
beforeAll(async () => {
  database = await freshDatabase()
  product = await startProduct({ env: { DATABASE_URL: database.url } })
  api = connect(product.url)
}, 60_000)
afterAll(async () => {
  await api?.[Symbol.asyncDispose]()
  await product?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

/** By name and labels, as they are written: `name{label="value"}`. */
async function scrape(url = `${product.url}/metrics`): Promise<Map<string, number>> {
  const response = await fetch(url)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  )
}

/** What was added to each in between. */
async function addedBy(work: () => Promise<unknown>): Promise<(name: string) => number> {
  const before = await scrape()
  await work()
  const after = await scrape()
  return (name) => (after.get(name) ?? 0) - (before.get(name) ?? 0)
}

const served = (projection: string) => `projection="${projection}",version="1",state="serving"`

test('commands are counted by what became of them, and so are the commits that they went into', async () => {
  const added = await addedBy(async () => {
    const rideId = await startRide(api)
    await api.mutate('recordPositions', { rideId, positions: [position(1), position(2), position(3)] })
    await api.mutate('resumeRide', { rideId })
  })
  expect(added('slipstream_commands_total{command="startRide",outcome="accepted"}')).toBe(1)
  expect(added('slipstream_commands_total{command="recordPositions",outcome="accepted"}')).toBe(1)
  expect(added('slipstream_commands_total{command="resumeRide",outcome="refused"}')).toBe(1)
  expect(added('slipstream_command_duration_seconds_count{command="resumeRide"}')).toBe(1)
  expect(added('slipstream_positions_recorded_total')).toBe(3)
  expect(added('slipstream_log_commits_total{outcome="committed"}')).toBe(2)
  expect(added('slipstream_log_group_events_sum')).toBe(2)
  expect(added('slipstream_log_commit_duration_seconds_sum')).toBeGreaterThan(0)
  expect(added('slipstream_operations_total{type="mutation",outcome="ok"}')).toBe(3)
  expect(added('slipstream_http_requests_total{road="/graphql"}')).toBe(3)
})

test('how far each projection has come, and what it has applied', async () => {
  const before = await scrape()
  const rideId = await startRide(api)
  await api.mutate('endRide', { rideId })
  await eventually('both to have come to the head', async () => {
    const now = await scrape()
    const head = now.get('slipstream_log_head_position{partition="0"}')
    for (const projection of ['rides', 'routes']) {
      expect(now.get(`slipstream_projection_position{${served(projection)},partition="0"}`)).toBe(head)
      expect(now.get(`slipstream_projection_lag_events{${served(projection)},partition="0"}`)).toBe(0)
      expect(now.get(`slipstream_projection_lag_seconds{${served(projection)},partition="0"}`)).toBe(0)
    }
    // Started, ended, finished.
    const applied = 'slipstream_projection_events_applied_total{projection="rides"}'
    expect((now.get(applied) ?? 0) - (before.get(applied) ?? 0)).toBeGreaterThanOrEqual(3)
    expect(now.get(`slipstream_projection_parked_rides{${served('rides')}}`)).toBe(0)
    expect(
      now.get('slipstream_projection_batch_duration_seconds_count{projection="routes"}'),
    ).toBeGreaterThan(0)
    return true
  })
})

test('who watches: sockets, subscriptions, messages, and those that were made for somebody else', async () => {
  const rideId = await startRide(api)
  const clients = [connect(product.url), connect(product.url), connect(product.url)]
  const feeds = clients.map((each) =>
    each
      .subscribe('subscription ($ride: ID!) { rideFeed(rideId: $ride) { version } }', { ride: rideId })
      [Symbol.asyncIterator](),
  )
  for (const feed of feeds) await feed.next()
  const watching = await scrape()
  expect(watching.get('slipstream_sockets')).toBe(3)
  expect(watching.get('slipstream_subscriptions{field="rideFeed"}')).toBe(3)
  expect(watching.get('slipstream_watched_rides')).toBe(1)
  expect(watching.get('slipstream_sockets_full')).toBe(0)
  expect(watching.get('slipstream_sockets_buffered_bytes')).toBe(0)

  const added = await addedBy(async () => {
    await api.mutate('recordPositions', { rideId, positions: [position(1)] })
    for (const feed of feeds) await feed.next()
  })
  expect(added('slipstream_frames_sent_total')).toBe(3)
  expect(added('slipstream_frames_shared_total')).toBe(2)

  for (const each of clients) await each[Symbol.asyncDispose]()
  await eventually('all to have left', async () => {
    const left = await scrape()
    expect(left.get('slipstream_sockets')).toBe(0)
    expect(left.get('slipstream_subscriptions{field="rideFeed"}')).toBe(0)
    return true
  })
})

test('a subscription is counted by its field, also where that stands in a fragment', async () => {
  const rideId = await startRide(api)
  await using watching = connect(product.url)
  const document =
    'subscription ($ride: ID!) { ...watched } fragment watched on Subscription { rideFeed(rideId: $ride) { version } }'
  const feed = watching.subscribe(document, { ride: rideId })[Symbol.asyncIterator]()
  await feed.next()
  expect((await scrape()).get('slipstream_subscriptions{field="rideFeed"}')).toBe(1)
})

test('what is refused is counted by its code', async () => {
  const ask = (body: object, headers: Record<string, string> = {}) =>
    fetch(`${product.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  const added = await addedBy(async () => {
    await ask({ query: '{ __typename }' }, { authorization: `Bearer slip_${'x'.repeat(43)}` })
  })
  expect(added('slipstream_refusals_total{code="UNAUTHENTICATED"}')).toBe(1)
})

test('what somebody asks for makes no label of its own', async () => {
  const before = await scrape()
  for (let index = 0; index < 20; index++) {
    await fetch(`${product.url}/api/auth/no-such-${'abcdefghijklmnopqrst'[index]}`)
    await fetch(`${product.url}/rides/${index}`)
    await fetch(`${product.url}/rides/${index}.gpx`)
    await api.ask(`query Mine${index} { viewer { id } }`)
  }
  const made = [...(await scrape()).keys()].filter((name) => !before.has(name))
  expect(made.filter((name) => name.startsWith('slipstream_http_requests_total'))).toEqual([
    'slipstream_http_requests_total{road="/api/auth"}',
    'slipstream_http_requests_total{road="a page"}',
    'slipstream_http_requests_total{road="/rides/{id}.gpx"}',
  ])
  expect(made.filter((name) => /Mine|no-such/.test(name))).toEqual([])
})

test('it is about the process and the database too', async () => {
  const now = await scrape()
  for (const name of [
    'process_cpu_seconds_total',
    'process_resident_memory_bytes',
    'nodejs_heap_size_used_bytes',
    'nodejs_eventloop_lag_p99_seconds',
    'slipstream_database_size_bytes',
    'slipstream_database_connections',
    'slipstream_database_max_connections',
    'slipstream_database_transactions_total{outcome="committed"}',
  ]) {
    expect(now.get(name), name).toBeGreaterThan(0)
  }
  expect(now.get('slipstream_database_available')).toBe(1)
  expect(now.get('slipstream_database_vitals_answered')).toBe(1)
  expect(now.get('slipstream_build_info{version="0.1.0",role="all"}')).toBe(1)
  expect(Math.abs(now.get('slipstream_database_clock_ahead_seconds') ?? Number.NaN)).toBeLessThan(5)
})

test('where people sign in they are on a port of their own, and nowhere else', async () => {
  const port = await freePort()
  await using other = await startProduct({
    env: { ...withSignIn, DATABASE_URL: database.url, METRICS_PORT: String(port) },
    role: 'api',
  })
  const refused = await fetch(`${other.url}/metrics`)
  expect(refused.status).toBe(404)
  expect(await refused.text()).toContain('METRICS_PORT')
  expect((await scrape(`http://127.0.0.1:${port}/metrics`)).get('slipstream_sockets')).toBe(0)
  expect((await fetch(`http://127.0.0.1:${port}/graphql`)).status).toBe(404)
})

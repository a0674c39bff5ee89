/** One upload, followed from the mutation to the socket of somebody who watches by another process; and what an ended ride brings about. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiClient, connect, position, startRide } from '../api/client.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type Product, startProduct } from '../support/product.ts'
import { openReceiver, type Receiver } from '../webhooks/receiver.ts'
import { type CollectedSpan, type Collector, openCollector } from './collector.ts'

const server = 2
const client = 3
const producer = 4
const consumer = 5

let database: FreshDatabase
let collector: Collector
let receiver: Receiver
let writing: Product
let watching: Product
let worker: Product
beforeAll(async () => {
  database = await freshDatabase()
  collector = await openCollector()
  receiver = await openReceiver()
  const env = {
    DATABASE_URL: database.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '100',
    WEBHOOKS_ALLOW_PRIVATE: 'on',
  }
  writing = await startProduct({ env, role: 'api' })
  watching = await startProduct({ env, role: 'api' })
  worker = await startProduct({ env, role: 'worker' })
}, 120_000)
afterAll(async () => {
  for (const each of [writing, watching, worker, receiver, collector, database]) {
    await each?.[Symbol.asyncDispose]()
  }
})

/** A caller's own trace, which he records or not. */
function newTrace(flags: '00' | '01') {
  const traceId = randomBytes(16).toString('hex')
  const spanId = randomBytes(8).toString('hex')
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${flags}` }
}

const record =
  'mutation ($input: RecordPositionsInput!) { recordPositions(input: $input) { ... on RecordPositionsPayload { version } ... on Error { code } } }'

async function send(query: string, variables: object, traceparent: string): Promise<unknown> {
  const response = await fetch(`${writing.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent },
    body: JSON.stringify({ query, variables }),
  })
  return await response.json()
}

const spansOf = (traceId: string) => collector.spans.filter((span) => span.traceId === traceId)

/** Those of the trace, once there is one of each name. */
async function spansNamed(traceId: string, ...names: string[]): Promise<Map<string, CollectedSpan>> {
  return eventually(
    `spans ${names.join(', ')}`,
    () => {
      const found = new Map(spansOf(traceId).map((span) => [span.name, span]))
      if (names.every((name) => found.has(name))) return found
      throw new Error(`There are ${[...found.keys()].join(', ')}`)
    },
    { withinMs: 30_000 },
  )
}

/** The names from a span up to the first of its trace. */
function wayTo(span: CollectedSpan): string[] {
  const parent = spansOf(span.traceId).find(({ spanId }) => spanId === span.parentSpanId)
  return parent === undefined ? [span.name] : [...wayTo(parent), span.name]
}

async function watch(api: ApiClient, rideId: string): Promise<AsyncIterator<unknown>> {
  const feed = api
    .subscribe('subscription ($ride: ID!) { rideFeed(rideId: $ride) { type version } }', {
      ride: rideId,
    })
    [Symbol.asyncIterator]()
  await feed.next()
  return feed
}

test('an upload is one trace from the mutation to the sockets of another process', async () => {
  await using mine = connect(writing.url)
  await using theirs = connect(watching.url)
  const rideId = await startRide(mine)
  const feeds = [await watch(theirs, rideId), await watch(theirs, rideId)]
  const { traceId, spanId, traceparent } = newTrace('01')
  await send(record, { input: { rideId, positions: [position(1)] } }, traceparent)
  for (const feed of feeds) await feed.next()

  const mutation = 'mutation recordPositions'
  const field = 'Mutation.recordPositions'
  const spans = await spansNamed(traceId, mutation, field, 'append', 'commit', 'apply rides', 'fan-out')
  const span = (name: string) => spans.get(name)!
  expect(collector.unreadable).toBe(0)
  // It goes on from the caller's.
  expect(span(mutation)).toMatchObject({ parentSpanId: spanId, kind: server })
  expect(wayTo(span(field))).toEqual([mutation, field])
  expect(wayTo(span('append'))).toEqual([mutation, 'append'])
  expect(wayTo(span('apply rides'))).toEqual([mutation, 'apply rides'])
  expect(wayTo(span('fan-out'))).toEqual([mutation, 'fan-out'])
  const { spanId: appendId } = span('append')
  expect(span('commit')).toMatchObject({ kind: client, links: [{ traceId, spanId: appendId }] })
  expect(span('apply rides')).toMatchObject({
    kind: consumer,
    resource: { 'service.name': 'slipstream', 'slipstream.role': 'worker' },
  })
  // One execution for both sockets.
  expect(span('fan-out')).toMatchObject({ kind: producer, attributes: { 'slipstream.frames': 2 } })
  const instance = ({ resource }: CollectedSpan) => resource['service.instance.id']
  expect(instance(span('fan-out'))).not.toBe(instance(span(mutation)))
  expect(spansOf(traceId).every(({ durationNs }) => durationNs > 0n)).toBe(true)
})

test('all who wait for a commit are linked to it', async () => {
  await using api = connect(writing.url)
  const rides = await Promise.all(Array.from({ length: 24 }, () => startRide(api)))
  const traces = rides.map(() => newTrace('01'))
  await Promise.all(
    rides.map((rideId, index) =>
      send(record, { input: { rideId, positions: [position(1)] } }, traces[index]!.traceparent),
    ),
  )
  const ids = new Set(traces.map(({ traceId }) => traceId))
  await eventually('a span of each append', () => {
    const appends = collector.spans.filter(({ name, traceId }) => name === 'append' && ids.has(traceId))
    return appends.length === rides.length
  })
  const linked = await eventually('a commit of all', () => {
    const commits = collector.spans.filter(({ name, traceId }) => name === 'commit' && ids.has(traceId))
    const links = commits.flatMap(({ links }) => links.map(({ traceId }) => traceId))
    return links.length === rides.length ? { commits, links } : undefined
  })
  expect(new Set(linked.links)).toEqual(ids)
  expect(linked.commits.length).toBeLessThan(rides.length)
})

test("the end of a ride leads to its route, to RideFinished and to its rider's own server", async () => {
  await using api = connect(writing.url)
  const { errors } = await api.ask(
    'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { __typename ... on Error { message } } }',
    { input: { url: receiver.url, events: ['RIDE_FINISHED'] } },
  )
  expect(errors).toBeUndefined()
  const rideId = await startRide(api)
  const { traceId, traceparent } = newTrace('01')
  await send(
    'mutation ($input: RideCommandInput!) { endRide(input: $input) { ... on Error { code } } }',
    { input: { rideId } },
    traceparent,
  )
  await receiver.count(1)

  const spans = await spansNamed(traceId, 'mutation endRide', 'apply routes', 'finish', 'webhook')
  expect(wayTo(spans.get('finish')!)).toEqual(['mutation endRide', 'finish'])
  expect(wayTo(spans.get('webhook')!)).toEqual(['mutation endRide', 'finish', 'webhook'])
  expect(spans.get('webhook')).toMatchObject({ attributes: { 'http.response.status_code': 204 } })
  // The receiver may go on with it.
  const { spanId } = spans.get('webhook')!
  expect(receiver.received[0]?.headers['traceparent']).toBe(`00-${traceId}-${spanId}-01`)
})

test('what a caller does not record is not recorded, all the way', async () => {
  await using api = connect(writing.url)
  const rideId = await startRide(api)
  const feed = await watch(api, rideId)
  const [unrecorded, recorded] = [newTrace('00'), newTrace('01')]
  await send(record, { input: { rideId, positions: [position(1)] } }, unrecorded.traceparent)
  await send(record, { input: { rideId, positions: [position(2)] } }, recorded.traceparent)
  await feed.next()
  await feed.next()
  // It came later, by the same way.
  await spansNamed(recorded.traceId, 'append', 'apply rides', 'fan-out')
  expect(spansOf(unrecorded.traceId)).toEqual([])
})

test('nothing that riders sent, nor who they are, is in a span', async () => {
  const said = JSON.stringify(collector.spans.map(({ name, attributes }) => ({ name, attributes })))
  expect(collector.spans.length).toBeGreaterThan(20)
  const names = new Set(collector.spans.flatMap(({ attributes }) => Object.keys(attributes)))
  expect([...names].sort()).toEqual([
    'db.operation.name',
    'db.system.name',
    'graphql.operation.type',
    'http.response.status_code',
    'slipstream.batch.events',
    'slipstream.bytes',
    'slipstream.event.type',
    'slipstream.frames',
    'slipstream.group.entries',
    'slipstream.outcome',
    'slipstream.partition',
    'slipstream.projection',
    'slipstream.webhook.type',
  ])
  expect(said).not.toMatch(/[\da-f]{8}-[\da-f]{4}-/)
})

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { startProduct } from '../support/product.ts'
import { type Answer, type ApiClient, at, connect, position, startRide } from './client.ts'
import { serve } from './serve.ts'

const served = serve()
let client: ApiClient
beforeAll(() => {
  client = served.client
})

const feedDocument = `subscription ($rideId: ID!, $after: Cursor, $until: RideStatus) { rideFeed(rideId: $rideId, after: $after, until: $until) {
  cursor version type status at positions { at latitude } progress { distance timerTime } } }`

interface Item {
  readonly cursor: string
  readonly version: number
  readonly type: string
  readonly status: string
}

async function collect(answers: AsyncIterable<Answer>, count = Number.POSITIVE_INFINITY): Promise<Item[]> {
  const items: Item[] = []
  for await (const { data, errors } of answers) {
    if (errors !== undefined) throw new Error(JSON.stringify(errors))
    items.push(data?.['rideFeed'] as unknown as Item)
    if (items.length === count) break
  }
  return items
}
const feed = (variables: Record<string, unknown>) => client.subscribe(feedDocument, variables)

/** A ride with a pause, ended and finished. */
async function rideOut(): Promise<string> {
  const rideId = await startRide(client)
  await client.mutate('recordPositions', { rideId, positions: [position(1), position(2)] })
  await client.mutate('pauseRide', { rideId, at: at(10) })
  await client.mutate('editRide', { rideId, title: 'Named in the pause' })
  await client.mutate('resumeRide', { rideId, at: at(20) })
  await client.mutate('endRide', { rideId, at: at(30) })
  return rideId
}

describe('rideFeed', () => {
  test('tells a ride from its start to FINISHED, then completes', async () => {
    const rideId = await rideOut()
    const items = await collect(feed({ rideId, until: 'FINISHED' }))
    expect(items.map(({ version, type, status }) => [version, type, status])).toEqual([
      [1, 'STARTED', 'ACTIVE'],
      [2, 'POSITIONS_RECORDED', 'ACTIVE'],
      [3, 'PAUSED', 'PAUSED'],
      [4, 'EDITED', 'PAUSED'],
      [5, 'RESUMED', 'ACTIVE'],
      [6, 'ENDED', 'ENDED'],
      [7, 'FINISHED', 'FINISHED'],
    ])
    expect(items[1]).toMatchObject({
      at: at(2),
      positions: [{ at: at(1), latitude: 51.50005 }, { at: at(2) }],
      progress: { timerTime: 2 },
    })
  })

  test("continues exactly behind any cursor, an item's or a payload's", async () => {
    const rideId = await rideOut()
    const items = await collect(feed({ rideId, until: 'FINISHED' }))
    for (const [index, { cursor }] of items.slice(0, -1).entries()) {
      expect(await collect(feed({ rideId, after: cursor, until: 'FINISHED' }))).toEqual(
        items.slice(index + 1),
      )
    }
    const recorded = await client.mutate('editRide', { rideId, title: 'After the end' })
    expect(recorded['version']).toBe(8)
    expect(await collect(feed({ rideId, after: items.at(-1)?.cursor }), 1)).toMatchObject([
      { version: 8, cursor: recorded['cursor'], status: 'FINISHED' },
    ])
  })

  test('with a status that was reached behind the cursor completes at once', async () => {
    const rideId = await rideOut()
    const items = await collect(feed({ rideId, until: 'FINISHED' }))
    const last = items.at(-1)?.cursor
    for (const until of ['ACTIVE', 'PAUSED', 'ENDED', 'FINISHED'])
      expect(await collect(feed({ rideId, after: last, until }))).toEqual([])
    // Not reached there, it goes on until it is.
    expect(await collect(feed({ rideId, after: items[0]?.cursor, until: 'PAUSED' }))).toEqual(
      items.slice(1, 3),
    )
  })

  test('knows a ride as soon as its start was answered', async () => {
    const rideId = await startRide(client)
    expect(await collect(feed({ rideId }), 1)).toMatchObject([{ version: 1 }])
  })

  test.each([
    ['an unknown ride', () => ({ rideId: randomUUID() }), 'RIDE_NOT_FOUND'],
    ['an id that is none', () => ({ rideId: 'my ride' }), 'RIDE_NOT_FOUND'],
    [
      'a cursor from the future',
      async () => {
        const rideId = await startRide(client)
        const [item] = await collect(feed({ rideId }), 1)
        const [log] = Buffer.from(item?.cursor ?? '', 'base64url')
          .toString()
          .split('.')
        return { rideId, after: Buffer.from(`${log}.${rideId}.9999999999.1`).toString('base64url') }
      },
      'CURSOR_UNKNOWN',
    ],
    [
      'a cursor that is none',
      async () => ({ rideId: await startRide(client), after: 'nonsense' }),
      'CURSOR_UNKNOWN',
    ],
    [
      'a cursor of another ride',
      async () => ({
        rideId: await startRide(client),
        after: (await collect(feed({ rideId: await startRide(client) }), 1))[0]?.cursor,
      }),
      'CURSOR_UNKNOWN',
    ],
  ])('%s: an error with its code', async (_, variables, code) => {
    const [first] = await Array.fromAsync(feed(await variables()))
    expect(first?.errors?.[0]).toMatchObject({ extensions: { code } })
  })

  test('comes over server-sent events as well', async () => {
    const rideId = await rideOut()
    const answer = await fetch(`${served.product.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: feedDocument, variables: { rideId, until: 'FINISHED' } }),
    })
    const events = (await answer.text()).split('\n').filter((line) => line.startsWith('data: {'))
    expect(events).toHaveLength(7)
    expect(events[6]).toContain('FINISHED')
  })
})

describe('liveRides', () => {
  const document = `subscription ($within: BoundingBoxInput) { liveRides(within: $within) {
    snapshot removed rides { rideId version status title rider { name } position { latitude } progress { distance } } } }`
  interface Update {
    readonly snapshot: boolean
    readonly removed: readonly string[]
    readonly rides: readonly {
      readonly rideId: string
      readonly version: number
      readonly position: { readonly latitude: number } | null
    }[]
  }
  /** The first update in which the condition holds. */
  async function until(answers: AsyncIterator<Answer>, holds: (update: Update) => boolean): Promise<Update> {
    for (;;) {
      const { value } = await answers.next()
      const update = value.data.liveRides as Update
      if (holds(update)) return update
    }
  }

  test('shows a ride while it is being ridden', async () => {
    const live = client.subscribe(document)
    expect((await until(live, () => true)).snapshot).toBe(true)
    const rideId = await startRide(client, { title: 'On the way' })
    const has = (version: number) => (update: Update) =>
      update.rides.some((ride) => ride.rideId === rideId && ride.version === version)
    expect((await until(live, has(1))).rides).toContainEqual(
      expect.objectContaining({ rideId, title: 'On the way', status: 'ACTIVE', position: null }),
    )
    await client.mutate('recordPositions', { rideId, positions: [position(1)] })
    expect((await until(live, has(2))).rides[0]).toMatchObject({ position: { latitude: 51.50005 } })
    await client.mutate('endRide', { rideId })
    await until(live, ({ removed }) => removed.includes(rideId))
    await live.return?.()
  })

  test('within a box shows what is in it', async () => {
    const rideId = await startRide(client)
    await client.mutate('recordPositions', { rideId, positions: [position(0)] }, 'ride { version }')
    const box = (south: number) => ({ within: { west: -1, south, east: 1, north: south + 1 } })
    const [inside, outside] = [client.subscribe(document, box(51)), client.subscribe(document, box(10))]
    expect((await until(inside, () => true)).rides.map((ride) => ride.rideId)).toContain(rideId)
    expect((await until(outside, () => true)).rides).toEqual([])
    await inside.return?.()
    await outside.return?.()
    const [upsideDown] = await Array.fromAsync(
      client.subscribe(document, { within: { west: 0, east: 1, south: 2, north: 1 } }),
    )
    expect(upsideDown?.errors?.[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT' } })
  })
})

test('a server that stops cuts its feeds and does not complete them, on every road', async () => {
  await using own = await freshDatabase()
  await using stopping = await startProduct({ env: { DATABASE_URL: own.url, LOG_PARTITIONS: '8' } })
  await using rider = connect(stopping.url)
  const rideId = await startRide(rider)
  const sse = await fetch(`${stopping.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: feedDocument, variables: { rideId } }),
  })
  const socket = new WebSocket(`${stopping.url.replace('http', 'ws')}/graphql`, ['graphql-transport-ws'])
  const messages: string[] = []
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  const subscribe = JSON.stringify({
    id: '1',
    type: 'subscribe',
    payload: { query: feedDocument, variables: { rideId } },
  })
  socket.on('open', () => socket.send('{"type":"connection_init"}'))
  socket.on('message', (message) => {
    messages.push(String(message))
    if (String(message).includes('connection_ack')) socket.send(subscribe)
  })
  // A client that has fallen asleep: it will not answer the server's goodbye.
  const { hostname, port } = new URL(stopping.url)
  const asleep = createConnection(Number(port), hostname)
  asleep.on('error', () => undefined)
  asleep.write(
    'GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c2xlZXBpbmcgY2xpZW50IQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
  )
  expect(String((await once(asleep, 'data'))[0])).toContain('101 Switching Protocols')
  await eventually('the first item', () => messages.some((message) => message.includes('STARTED')))
  const asked = performance.now()
  expect(await stopping.stop('SIGTERM')).toEqual({ code: 0, signal: null })
  expect(performance.now() - asked).toBeLessThan(10_000)
  asleep.destroy()
  expect(await closed).toBe(1001)
  expect(messages.filter((message) => message.includes('"complete"'))).toEqual([])
  await expect(sse.text()).rejects.toThrow('terminated')
  expect(stopping.output()).not.toMatch(/Warning|not clean/)
})

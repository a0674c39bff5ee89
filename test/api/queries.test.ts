import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type ApiClient, at, position, startRide } from './client.ts'
import { directly } from './directly.ts'
import { serve } from './serve.ts'

const served = serve()
let client: ApiClient
/** Newest start first, as the list gives them. */
const rideIds: string[] = []
beforeAll(async () => {
  client = served.client
  for (let minute = 0; minute < 25; minute++) {
    // Two rides share each start, so that the order has to be settled by id.
    rideIds.push(await startRide(client, { startedAt: at(Math.floor(minute / 2) * 60) }))
  }
  await client.ask('query ($id: ID!) { ride(id: $id, minVersion: 1) { id } }', { id: rideIds.at(-1) })
  const newestFirst = (_: string, index: number) => Math.floor(index / 2)
  const starts = new Map(rideIds.map((id, index) => [id, newestFirst(id, index)]))
  rideIds.sort((a, b) => (starts.get(b) ?? 0) - (starts.get(a) ?? 0) || (a < b ? 1 : -1))
})

interface Connection {
  readonly nodes: readonly { readonly id: string }[]
  readonly edges: readonly { readonly cursor: string }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string
    readonly endCursor: string
  }
  readonly totalCount: number
  readonly totalCountIsExact: boolean
}

async function page(args: Record<string, unknown> = {}): Promise<Connection> {
  const { data, errors } = await client.ask(
    `query ($first: Int, $after: String, $last: Int, $before: String, $orderBy: RideOrder) {
      rides(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
      nodes { id } edges { cursor } totalCount totalCountIsExact pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
    args,
  )
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  return data?.['rides'] as unknown as Connection
}
const ids = ({ nodes }: Connection) => nodes.map(({ id }) => id)

test('rides come newest start first, 20 a page unless asked, with their exact number', async () => {
  const first = await page()
  expect(ids(first)).toEqual(rideIds.slice(0, 20))
  expect(first).toMatchObject({
    totalCount: 25,
    totalCountIsExact: true,
    pageInfo: { hasNextPage: true, hasPreviousPage: false },
  })
})

test('pages forwards and backwards meet, without gap or repeat', async () => {
  const forwards: string[] = []
  let after: string | undefined
  for (let hasNextPage = true; hasNextPage; ) {
    const next = await page({ first: 7, after })
    forwards.push(...ids(next))
    after = next.pageInfo.endCursor
    hasNextPage = next.pageInfo.hasNextPage
  }
  expect(forwards).toEqual(rideIds)
  const backwards: string[] = []
  let before: string | undefined
  for (let hasPreviousPage = true; hasPreviousPage; ) {
    const previous = await page({ last: 7, before })
    backwards.unshift(...ids(previous))
    before = previous.pageInfo.startCursor
    hasPreviousPage = previous.pageInfo.hasPreviousPage
  }
  expect(backwards).toEqual(rideIds)
})

test('a cursor that is none is CURSOR_UNKNOWN, a negative number INVALID_INPUT', async () => {
  const nonsense = await client.ask('{ rides(after: "nonsense") { totalCount } }')
  expect(nonsense.errors?.[0]).toMatchObject({ extensions: { code: 'CURSOR_UNKNOWN' } })
  const ancient = Buffer.from(`-999999999999999.${rideIds[0]}`).toString('base64url')
  const longAgo = await client.ask(`{ rides(after: "${ancient}") { totalCount } }`)
  expect(longAgo.errors?.[0]).toMatchObject({ extensions: { code: 'CURSOR_UNKNOWN' } })
  const negative = await client.ask('{ rides(first: -1) { totalCount } }')
  expect(negative.errors?.[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT' } })
})

test('a page that cannot be is refused in a sentence, and a cursor of another order is unknown', async () => {
  const refusals = [
    ['first: 101', /'first' is 101, and a page has 0 to 100 rides/],
    ['last: -1', /'last' is -1/],
    ['first: 1, last: 1', /two pages. Send one of them/],
    ['filter: { near: { latitude: 1, longitude: 1, radius: 100001 } }', /0 to 100,000 metres/],
    ['filter: { text: "-" }', /holds no word/],
    ['filter: { riderId: "me" }', /UUID of a rider/],
    ['filter: { minDistance: 2, maxDistance: 1 }', /Swap them/],
    ['filter: { within: { west: 1, south: 2, east: 1, north: 1 } }', /south no greater than north/],
  ] as const
  for (const [args, message] of refusals) {
    const { errors } = await client.ask(`{ rides(${args}) { totalCount } }`)
    expect(errors?.[0], args).toMatchObject({
      message: expect.stringMatching(message),
      extensions: { code: 'INVALID_INPUT' },
    })
  }
  const oldest = { first: 3, orderBy: 'STARTED_AT_ASC' }
  const begin = await page(oldest)
  expect(ids(begin)).toEqual(rideIds.toReversed().slice(0, 3))
  const after = begin.pageInfo.endCursor
  expect(ids(await page({ ...oldest, after }))).toEqual(rideIds.toReversed().slice(3, 6))
  for (const order of ['STARTED_AT_DESC', 'DISTANCE_DESC']) {
    const { errors } = await client.ask(`{ rides(orderBy: ${order}, after: "${after}") { totalCount } }`)
    expect(errors?.[0], order).toMatchObject({ extensions: { code: 'CURSOR_UNKNOWN' } })
  }
})

test('rides are found by words, and in order of their length', async () => {
  const rideId = await startRide(client, { title: 'Über den Jaufenpass' })
  await client.ask(`{ ride(id: "${rideId}", minVersion: 1) { id } }`)
  const found = await client.ask(
    '{ rides(filter: { text: "jaufen uber" }, orderBy: DISTANCE_DESC) { nodes { title } totalCount edges { cursor } } }',
  )
  expect(found.data?.['rides']).toMatchObject({ nodes: [{ title: 'Über den Jaufenpass' }], totalCount: 1 })
  await client.mutate('deleteRide', { rideId })
  const gone = await client.ask('{ rides(filter: { text: "jaufen" }) { totalCount } }')
  expect(gone.data?.['rides']).toEqual({ totalCount: 0 })
})

test('a ride that is not there is null, and so is one by an id that is none', async () => {
  expect((await client.ask(`{ ride(id: "${randomUUID()}") { id } }`)).data).toEqual({ ride: null })
  const { errors } = await client.ask('{ ride(id: "1") { id } }')
  expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' }, path: ['ride'] }])
  expect(errors?.[0]?.message).toContain('UUID')
})

test('a version that the read side does not have is OVERLOADED after two seconds, and says what to do', async () => {
  const rideId = await startRide(client)
  await client.ask(`{ ride(id: "${rideId}", minVersion: 1) { id } }`)
  // As if the read side had not come to it.
  await directly(served, 'update ride_progress_1 set version = 0 where ride_id = $1', [rideId])
  const began = performance.now()
  const { errors } = await client.ask(`{ ride(id: "${rideId}", minVersion: 1) { id } }`)
  expect(performance.now() - began).toBeGreaterThan(1_900)
  expect(errors?.[0]).toMatchObject({
    message: expect.stringMatching(/version 1 of this ride yet. Ask again/),
    extensions: { code: 'OVERLOADED', retryAfter: 1 },
  })
  const unknown = await client.ask(`{ ride(id: "${randomUUID()}", minVersion: 1) { id } }`)
  expect(unknown.errors).toBeUndefined()
  expect(unknown.data).toEqual({ ride: null })
})

test('the viewer is the local rider', async () => {
  expect((await client.ask('{ viewer { name } }')).data).toEqual({ viewer: { name: 'Local rider' } })
})

test('route and statistics are null until FINISHED', async () => {
  const rideId = await startRide(client)
  await client.mutate('recordPositions', { rideId, positions: [position(1), position(2)] })
  const { data } = await client.ask(
    `{ ride(id: "${rideId}", minVersion: 2) { route { pointCount } statistics { distance } progress { movingTime } } }`,
  )
  expect(data).toEqual({ ride: { route: null, statistics: null, progress: { movingTime: 1 } } })
})

test('a route is a MultiLineString, thinned or not, also where it is one straight line', async () => {
  const rideId = await startRide(client)
  const positions = Array.from({ length: 30 }, (_, second) => position(second))
  await client.mutate('recordPositions', { rideId, positions })
  await client.mutate('endRide', { rideId, at: at(30) })
  const asked = `{ ride(id: "${rideId}") { route {
    whole: geometry whole_lines: polylines thin: geometry(tolerance: 20) thin_lines: polylines(tolerance: 20) } } }`
  const route = await eventually('its route', async () => {
    const { data, errors } = await client.ask(asked)
    expect(errors).toBeUndefined()
    return data?.['ride']?.['route'] as Record<
      string,
      { type: string; coordinates: number[][][] } & string[]
    > | null
  })
  expect(route['whole']).toMatchObject({ type: 'MultiLineString', coordinates: [{ length: 30 }] })
  expect(route['thin']).toMatchObject({ type: 'MultiLineString', coordinates: [{ length: 2 }] })
  expect([route['whole_lines'], route['thin_lines']].map((lines) => lines?.length)).toEqual([1, 1])
})

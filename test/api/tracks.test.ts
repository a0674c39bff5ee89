/** What the API says of a finished ride's track: splits, streams, thumbnails, time zone, title. */
import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type ApiClient, at, startRide } from './client.ts'
import { directly } from './directly.ts'
import { serve } from './serve.ts'

const served = serve()
let client: ApiClient
let rideId: string

interface Answer {
  readonly data?: Record<string, unknown> | null
  readonly errors?: readonly { readonly message: string; readonly extensions?: unknown }[]
}

const ride = async (fields: string, minVersion = 1): Promise<Record<string, unknown>> => {
  const query = `query ($id: ID!, $minVersion: Int) { ride(id: $id, minVersion: $minVersion) { ${fields} } }`
  const { data, errors }: Answer = await client.ask(query, { id: rideId, minVersion })
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  return data?.['ride'] as Record<string, unknown>
}

beforeAll(async () => {
  client = served.client
  rideId = await startRide(client, { startedAt: at(0), title: null })
  // North at about 5.6 m/s for twenty minutes, on a hill, with a heart that beats faster once.
  const positions = Array.from({ length: 1200 }, (_, second) => ({
    at: at(second),
    latitude: 35.6 + second * 5e-5,
    longitude: 139.7 + 2e-4 * Math.sin(second / 60),
    altitude: 40 + 30 * Math.sin(second / 200),
    heartRate: second === 700 ? 188 : 140,
  }))
  for (const from of [0, 600]) {
    await client.ask(
      'mutation ($input: RecordPositionsInput!) { recordPositions(input: $input) { ... on Error { message } } }',
      { input: { rideId, positions: positions.slice(from, from + 600) } },
    )
  }
  expect(
    await ride('status timeZone title splits { index } streams { time } route { pointCount }', 3),
  ).toEqual({
    status: 'ACTIVE',
    timeZone: 'Asia/Tokyo',
    // It began at eight in the morning, Greenwich's time.
    title: 'Afternoon ride',
    splits: [],
    streams: null,
    route: null,
  })
  await client.ask(
    'mutation ($input: RideCommandInput!) { endRide(input: $input) { ... on Error { message } } }',
    {
      input: { rideId, at: at(1300) },
    },
  )
  await eventually('the ride to be FINISHED', async () => (await ride('status'))['status'] === 'FINISHED')
})

test('splits by kilometre unless asked for miles; together they are the ride', async () => {
  const { splits, miles, statistics } = (await ride(
    'splits { index distance elapsedTime movingTime averageSpeed elevationChange } miles: splits(unit: MILE) { distance } statistics { distance elapsedTime }',
  )) as {
    splits: { index: number; distance: number; elapsedTime: number; averageSpeed: number }[]
    miles: { distance: number }[]
    statistics: { distance: number; elapsedTime: number }
  }
  expect(splits.map(({ index }) => index)).toEqual(splits.map((_, index) => index))
  expect(splits[0]!.distance).toBeCloseTo(1000, 6)
  expect(miles[0]!.distance).toBeCloseTo(1609.344, 6)
  for (const parts of [splits, miles])
    expect(parts.reduce((sum, { distance }) => sum + distance, 0)).toBeCloseTo(statistics.distance, 6)
  expect(splits.reduce((sum, { elapsedTime }) => sum + elapsedTime, 0)).toBeCloseTo(1300, 6)
})

test('streams are aligned, whole unless a resolution is asked for, and keep what was highest', async () => {
  const fields = 'time distance latitude longitude altitude speed heartRate cadence power originalSize'
  const { all, few, statistics } = (await ride(
    `all: streams { ${fields} } few: streams(resolution: 40) { ${fields} } statistics { distance maxHeartRate }`,
  )) as {
    all: Record<string, unknown[]>
    few: Record<string, unknown[]>
    statistics: { distance: number; maxHeartRate: number }
  }
  const { originalSize, ...channels } = all
  expect(originalSize).toBe(1200)
  for (const channel of Object.values(channels)) expect(channel).toHaveLength(1200)
  expect(few['time']).toHaveLength(40)
  expect(few['heartRate']).toContain(188)
  expect(statistics.maxHeartRate).toBe(188)
  expect([all['distance']!.at(-1), few['distance']!.at(-1)]).toEqual([
    statistics.distance,
    statistics.distance,
  ])
  expect(all['power']!.every((value) => value === null)).toBe(true)
})

test('what is reckoned has the decimals that it is worth, and no more', async () => {
  const answer = await ride(
    `splits(unit: MILE) { distance elapsedTime movingTime averageSpeed elevationChange }
     streams { time distance latitude longitude altitude speed }
     statistics { distance elapsedTime timerTime movingTime averageSpeed maxSpeed elevationGain elevationLoss averageHeartRate }
     progress { distance movingTime timerTime } route { boundingBox { west south east north } }`,
  )
  const numbers = [...numbersIn(answer)]
  expect(numbers.length).toBeGreaterThan(7_000)
  for (const [name, number] of numbers) {
    const digits = /itude|west|south|east|north/.test(name) ? 7 : name.startsWith('averageHeart') ? 1 : 3
    expect([name, Number(number.toFixed(digits))]).toEqual([name, number])
  }
})

/** All numbers of an answer, each with the name of its field. */
function* numbersIn(value: unknown, name = ''): Generator<readonly [string, number]> {
  if (typeof value === 'number') yield [name, value]
  if (typeof value !== 'object' || value === null) return
  for (const [key, each] of Object.entries(value)) yield* numbersIn(each, Array.isArray(value) ? name : key)
}

test.each([
  'streams(resolution: 1) { time }',
  'route { polylines(tolerance: -1) }',
  'route { geometry(tolerance: 1e9) }',
])('what makes no sense is INVALID_INPUT, with a sentence: %s', async (fields) => {
  const { errors }: Answer = await client.ask(`query ($id: ID!) { ride(id: $id) { ${fields} } }`, {
    id: rideId,
  })
  expect(errors?.[0]).toMatchObject({
    extensions: { code: 'INVALID_INPUT' },
    message: expect.stringMatching(/ to /),
  })
})

test('polylines are the coarsest kept ones that are fine enough, and the whole way without a tolerance', async () => {
  const { route } = (await ride(
    'route { pointCount boundingBox { west south east north } whole: polylines five: polylines(tolerance: 5) ten: polylines(tolerance: 10) forty: polylines(tolerance: 49) fifty: polylines(tolerance: 50) far: polylines(tolerance: 5000) }',
  )) as { route: Record<string, string[]> & { pointCount: number } }
  expect(route.pointCount).toBe(1200)
  expect(route['forty']).toEqual(route['ten'])
  const lengths = ['whole', 'five', 'ten', 'fifty', 'far'].map((name) => route[name]!.join('').length)
  expect(lengths).toEqual([...lengths].sort((a, b) => b - a))
  expect(lengths[0]).toBeGreaterThan(lengths[1]!)
})

test('progress is that of the track once the ride is finished', async () => {
  const { progress, statistics } = (await ride(
    'progress { distance movingTime timerTime speed } statistics { distance movingTime timerTime }',
  )) as Record<'progress' | 'statistics', Record<string, number>>
  expect(progress!['distance']).toBeCloseTo(statistics!['distance']!, 2)
  expect(progress).toMatchObject({
    movingTime: statistics!['movingTime'],
    timerTime: statistics!['timerTime'],
    speed: null,
  })
})

test('while the tables of splits and streams are built anew they are OVERLOADED, to whoever may see the ride', async () => {
  const fields = ['splits { index }', 'streams { time }', 'streams(resolution: 40) { time }']
  const ask = (field: string): Promise<Answer> =>
    client.ask(`query ($id: ID!) { ride(id: $id) { ${field} } }`, { id: rideId })
  // As an older program left them.
  await directly(served, 'delete from tracks_1 where ride_id = $1', [rideId])
  await directly(served, 'update routes_1 set splits = null where ride_id = $1', [rideId])
  for (const field of fields) {
    expect((await ask(field)).errors).toMatchObject([
      {
        message: expect.stringMatching(/built anew. Ask again in a minute/),
        extensions: { code: 'OVERLOADED', retryAfter: 60 },
      },
    ])
  }
  expect(await ride('status statistics { elapsedTime }')).toEqual({
    status: 'FINISHED',
    statistics: { elapsedTime: 1300 },
  })
  await directly(served, `update rides_1 set rider_id = $2, visibility = 'PRIVATE' where ride_id = $1`, [
    rideId,
    randomUUID(),
  ])
  for (const field of fields) expect(await ask(field)).toMatchObject({ data: { ride: null } })
})

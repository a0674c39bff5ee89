/** What a ride's route leaves out, position by position: for its rider. */
import { beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type Product, startProduct, withSignIn } from '../support/product.ts'
import { asRider } from '../support/riders.ts'
import { type ApiClient, at, connect, startRide } from './client.ts'

let database: FreshDatabase
let product: Product
let rider: ApiClient
let rideId: string

const query = `query ($id: ID!, $first: Int! = 1000) {
  ride(id: $id) { route { excluded { reason count } excludedPositions(first: $first) { at latitude longitude reason } } }
}`

interface Excluded {
  readonly at: string
  readonly latitude: number | null
  readonly longitude: number | null
  readonly reason: string
}

async function ask(client: ApiClient, first = 1000) {
  const answer = await client.ask(query, { id: rideId, first })
  const route = answer.data?.['ride']?.['route'] as
    | { excluded: { reason: string; count: number }[]; excludedPositions: Excluded[] | null }
    | null
    | undefined
  return { ...route, answer }
}

/** North at 6 m/s. */
const onTheWay = (second: number) => ({ at: at(second), latitude: 46 + second * 5.4e-5, longitude: 7 })

beforeAll(async () => {
  database = await freshDatabase()
  product = await startProduct({ env: { ...withSignIn, DATABASE_URL: database.url } })
  rider = connect(product.url, await asRider(product, 'Olga'))
  rideId = await startRide(rider, { startedAt: at(0), visibility: 'UNLISTED' })
  const usual = Array.from({ length: 60 }, (_, second) => onTheWay(second))
  await rider.mutate('recordPositions', {
    rideId,
    positions: [
      // Out of order: they are told by their own time.
      { ...onTheWay(40), latitude: 47 },
      { ...onTheWay(30), at: at(30.5), accuracy: 80 },
      { at: at(20.5), latitude: 0, longitude: 0 },
      { at: at(10.5), latitude: 46.3, longitude: 7.5 },
      ...usual,
      { at: at(70), heartRate: 99 },
    ],
  })
  await rider.mutate('endRide', { rideId, at: at(60) })
  await eventually('the route', async () => (await ask(rider)).excluded)
  return async () => {
    await rider[Symbol.asyncDispose]()
    await product[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  }
})

const wanted: Excluded[] = [
  { at: at(10.5), latitude: 46.3, longitude: 7.5, reason: 'IMPOSSIBLE_SPEED' },
  { at: at(20.5), latitude: 0, longitude: 0, reason: 'OUT_OF_RANGE' },
  { at: at(30.5), latitude: onTheWay(30).latitude, longitude: 7, reason: 'POOR_ACCURACY' },
  { at: at(40), latitude: 47, longitude: 7, reason: 'DUPLICATE_TIME' },
  { at: at(70), latitude: null, longitude: null, reason: 'OUTSIDE_ACTIVE_TIME' },
]

test('its rider is told of each when it was, where, and why it was left out; as many as are counted', async () => {
  const { excluded, excludedPositions } = await ask(rider)
  expect(excludedPositions).toEqual(wanted)
  expect(new Map(excluded?.map(({ reason, count }) => [reason, count]))).toEqual(
    new Map(wanted.map(({ reason }) => [reason, 1])),
  )
})

test('the first of them where no more are wanted', async () => {
  expect((await ask(rider, 2)).excludedPositions).toEqual(wanted.slice(0, 2))
  expect((await ask(rider, 0)).excludedPositions).toEqual([])
})

test('more than a thousand are not given at a time', async () => {
  for (const first of [1_001, -1]) {
    const { answer } = await ask(rider, first)
    expect(answer.errors).toMatchObject([
      { message: expect.stringMatching(/0 to 1000/), extensions: { code: 'INVALID_INPUT' } },
    ])
  }
})

test('others are told null: who has the address, who has a link, and who is signed in', async () => {
  const { token } = await rider.mutate('shareRide', { rideId }, 'token')
  const strangers = [
    connect(product.url),
    connect(product.url, { rideShare: String(token) }),
    connect(product.url, await asRider(product, 'Sven')),
  ]
  for (const stranger of strangers) {
    const { excluded, excludedPositions } = await ask(stranger)
    expect([excluded?.length, excludedPositions]).toEqual([wanted.length, null])
    await stranger[Symbol.asyncDispose]()
  }
})

test('it costs what it takes to go through the ride, and more the more are wanted', async () => {
  for (const [first, cost] of [
    [50, 105],
    [1_000, 200],
  ] as const) {
    const { answer } = await ask(rider, first)
    const { extensions } = answer as { extensions?: { cost?: { requested: number } } }
    // Beside the ride, its route and what is counted.
    expect(extensions?.cost?.requested).toBe(3 + cost)
  }
})

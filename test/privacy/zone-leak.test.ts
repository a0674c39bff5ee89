/** What strangers get of fifty rides from one home does not tell them where it is. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Zone } from '#ride/mask.ts'
import { isInside } from '#ride/masking/hidden.ts'
import { isFix } from '#ride/track/segment.ts'
import { type ApiClient, connect } from '../api/client.ts'
import { freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type Product, startProduct, withSignIn } from '../support/product.ts'
import { asRider } from '../support/riders.ts'
import { statement } from '../support/statement.ts'
import { attack, nearest, type Sighting } from './attack.ts'
import { type RiddenFromHome, rideFrom, send } from './rides-from-home.ts'
import { spyOn } from './sighting.ts'

const home = { latitude: 46.0569, longitude: 14.5058 }
const count = 50
const zoneRadius = 500
/** Uploads of a minute, of half a second, of twenty minutes: who sends each fix tells the most by how many he sends. */
const uploadSizes = [60, 1, 1_000]

let product: Product
let databaseUrl: string
let rider: ApiClient
let stranger: ApiClient
let disposing: AsyncDisposableStack
const ridden: RiddenFromHome[] = []

beforeAll(async () => {
  disposing = new AsyncDisposableStack()
  const database = disposing.use(await freshDatabase())
  databaseUrl = database.url
  product = disposing.use(await startProduct({ env: { ...withSignIn, DATABASE_URL: databaseUrl } }))
  const signedIn = async (name: string) =>
    disposing.use(connect(product.url, { authorization: (await asRider(product, name)).authorization }))
  rider = await signedIn('Who lives there')
  stranger = await signedIn('Who watches')
  await addZone()
  for (let index = 0; index < count; index++) ridden.push(rideFrom(home, index, { count, now: Date.now() }))
  for (const [index, ride] of ridden.entries()) {
    await send(rider, ride, index < uploadSizes.length ? uploadSizes[index]! : uploadSizes[0]!)
  }
}, 180_000)
afterAll(() => disposing?.disposeAsync())

async function addZone(): Promise<void> {
  const { data, errors } = await rider.ask(
    `mutation ($input: AddPrivacyZoneInput!) {
      addPrivacyZone(input: $input) {
        __typename
        ... on AddPrivacyZonePayload { privacyZone { radius } }
        ... on Error { message }
      }
    }`,
    { input: { name: 'Home', ...home, radius: zoneRadius } },
  )
  expect(errors).toBeUndefined()
  expect(data?.['addPrivacyZone']).toMatchObject({ privacyZone: { radius: zoneRadius } })
}

const listed = `query ($filter: RideFilter) {
  rides(first: 100, filter: $filter) { totalCount nodes { id status startedAt } }
}`

async function found(filter: object): Promise<{ id: string; status: string }[]> {
  const { data, errors } = await stranger.ask(listed, { filter })
  if (data == null) throw new Error(JSON.stringify(errors))
  return (data['rides'] as unknown as { nodes: { id: string; status: string }[] }).nodes
}

test('a stranger does not learn that a ride has ended, before others may', async () => {
  await eventually('all rides to be seen', async () => (await found({})).length === count)
  await eventually('all rides to be finished for their rider', async () => {
    const { data } = await rider.ask('{ rides(first: 1, filter: { status: [FINISHED] }) { totalCount } }')
    return data?.['rides']?.['totalCount'] === count
  })
  expect(new Set((await found({})).map(({ status }) => status))).toEqual(new Set(['ACTIVE']))
  expect(await found({ status: ['ENDED', 'FINISHED'] })).toEqual([])
  for (const type of ['gpx', 'tcx', 'geojson']) {
    expect((await fetch(`${product.url}/rides/${ridden[0]!.rideId}.${type}`)).status).toBe(409)
  }
})

test('from everything that he can get he cannot place the home', async () => {
  // As if the minutes had passed.
  await statement(databaseUrl, 'update reveal_outbox set due_at = now()')
  await eventually(
    'the ends to be known',
    async () => (await found({ status: ['FINISHED'] })).length === count,
    {
      withinMs: 60_000,
    },
  )
  const zone = await ownZone()
  const sightings: Sighting[] = []
  for (const { rideId, positions } of ridden) {
    const { sighting, places } = await spyOn(stranger, product.url, rideId)
    sightings.push(sighting)
    expect(positions.filter((each) => isFix(each) && isInside([zone], each)).length).toBeGreaterThan(20)
    expect(places.filter((place) => isInside([zone], place))).toEqual([])
  }
  const guesses = attack(sightings)
  const circle = guesses.find(({ by }) => by === 'a circle through the ends')
  expect(circle, 'the ends do lie on a circle').toBeDefined()
  const best = nearest(guesses, home)
  expect(best.metres, `by ${best.by}`).toBeGreaterThan(100)
}, 120_000)

test('nor by asking where rides pass, how long they are, and when', async () => {
  const zone = await ownZone()
  // A grid over the zone: of what lies 60 m or more inside it nothing may pass.
  const step = 80
  for (let north = -zoneRadius; north <= zoneRadius; north += step * 2) {
    for (let east = -zoneRadius; east <= zoneRadius; east += step * 2) {
      if (Math.hypot(north, east) > zoneRadius - 60) continue
      const near = {
        latitude: zone.latitude + north / 111_200,
        longitude: zone.longitude + east / (111_200 * Math.cos((zone.latitude * Math.PI) / 180)),
        radius: 50,
      }
      expect(await found({ near })).toEqual([])
    }
  }
  const { rideId, startedAt } = ridden[5]!
  const seen = (await found({})).find(({ id }) => id === rideId) as unknown as { startedAt: string }
  expect(Date.parse(seen.startedAt)).toBeGreaterThan(startedAt + 20_000)
  const until = new Date(startedAt + 10_000).toISOString()
  const from = new Date(startedAt - 10_000).toISOString()
  expect((await found({ startedAfter: from, startedBefore: until })).map(({ id }) => id)).not.toContain(
    rideId,
  )
  const { data } = await rider.ask('query ($id: ID!) { ride(id: $id) { statistics { distance } } }', {
    id: rideId,
  })
  const whole = (data?.['ride'] as { statistics: { distance: number } } | undefined)?.statistics.distance
  expect(whole).toBeGreaterThan(2 * zoneRadius)
  expect((await found({ minDistance: whole! - 200 })).map(({ id }) => id)).not.toContain(rideId)
})

async function ownZone(): Promise<Zone> {
  const { data } = await rider.ask('{ privacyZones { latitude longitude radius } }')
  if (data == null) throw new Error('The rider does not know his zones')
  const [zone] = data['privacyZones'] as unknown as Zone[]
  return zone!
}

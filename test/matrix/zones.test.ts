/**
 * Rides with privacy zones, over every road: nobody but their rider is given a place in a zone, in a number, a line or a file.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schema } from '#api/schema.ts'
import { connect } from '../api/client.ts'
import { ask, openRoads, type Roads, roadNames } from '../hostile/roads.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type Product, startProduct } from '../support/product.ts'
import { type AsRider, asRider } from '../support/riders.ts'
import { given, over } from './asked.ts'
import { everythingOf } from './everything.ts'
import { unlimited } from './stage.ts'

/** North along a meridian, from the door. Negative, so that a latitude is taken for nothing else. */
const home = { latitude: -47.2, longitude: 14.5 }
const stepDegrees = 1e-4
const metresPerDegree = 111_195
/** Samples in a ride: some four kilometres. */
const samples = 400

const names = ['rider', 'stranger', 'administrator', 'anonymous', 'a link'] as const
type Name = (typeof names)[number]
const others = names.filter((name) => name !== 'rider')
const statuses = ['ACTIVE', 'FINISHED'] as const

let database: FreshDatabase
let product: Product
let zoe: AsRider
/** From the door to here lies the zone, on the way. */
let hiddenTo: number
const rides = new Map<string, string>()
const viewers = new Map<string, { readonly headers: Record<string, string>; readonly roads: Roads }>()
beforeAll(async () => {
  database = await freshDatabase()
  product = await startProduct({ env: { ...unlimited, DATABASE_URL: database.url } })
  zoe = await asRider(product, 'Zoe')
  await using client = connect(product.url, { authorization: zoe.authorization })
  const added = await client.ask(
    `mutation ($input: AddPrivacyZoneInput!) { addPrivacyZone(input: $input) { ... on AddPrivacyZonePayload { privacyZone { latitude longitude radius } } } }`,
    { input: { name: 'Home', ...home, radius: 1_000 } },
  )
  const zone = added.data?.['addPrivacyZone']?.['privacyZone'] as Record<
    'latitude' | 'longitude' | 'radius',
    number
  >
  const aside =
    (zone.longitude - home.longitude) * metresPerDegree * Math.cos((home.latitude / 180) * Math.PI)
  // A metre less, for the earth is no sphere.
  hiddenTo = zone.latitude + (Math.sqrt(zone.radius ** 2 - aside ** 2) * 0.99 - 1) / metresPerDegree
  const links: Record<string, string> = {}
  for (const status of statuses) {
    const rideId = randomUUID()
    rides.set(status, rideId)
    await client.mutate('startRide', { rideId, startedAt: at(0), title: status, visibility: 'PUBLIC' })
    await client.mutate('recordPositions', { rideId, positions: way(0, samples) })
    if (status === 'FINISHED') await client.mutate('endRide', { rideId, at: at(samples) })
    const shared = await client.ask(
      `mutation { shareRide(input: { rideId: "${rideId}" }) { ... on ShareRidePayload { token } } }`,
    )
    links[status] = String(shared.data?.['shareRide']?.['token'])
  }
  const [stranger, admin] = await Promise.all([
    asRider(product, 'Sven'),
    asRider(product, 'Ada', ['rides:read', 'rides:write', 'admin']),
  ])
  const headers: Record<Name, Record<string, string>> = {
    rider: { authorization: zoe.authorization },
    stranger: { authorization: stranger.authorization },
    administrator: { authorization: admin.authorization },
    anonymous: {},
    'a link': { 'ride-share': links['FINISHED']! },
  }
  for (const name of names)
    viewers.set(name, { headers: headers[name], roads: openRoads(product.url, headers[name]) })
  await eventually('others to see both rides', async () => {
    const { text } = await over('POST', viewers.get('stranger')!, {
      query: '{ rides { nodes { title status latestPosition { at } } } }',
    })
    return text.includes('"FINISHED","latest') && text.includes('"ACTIVE","latestPosition":{')
  })
}, 120_000)
afterAll(async () => {
  for (const { roads } of viewers.values()) await roads[Symbol.asyncDispose]()
  await product?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

function at(second: number): string {
  return new Date(Date.UTC(2026, 4, 31, 8) + second * 1000).toISOString()
}

function way(from: number, to: number) {
  return Array.from({ length: to - from }, (_, index) => ({
    at: at(from + index),
    latitude: home.latitude + (from + index) * stepDegrees,
    longitude: home.longitude,
  }))
}

/** Latitudes of the ride in a text: in numbers, in attributes, in polylines. */
function latitudesIn(text: string): number[] {
  const numbers = [...text.matchAll(/-47\.\d+/g)].map(([number]) => Number(number))
  const lines = [...text.matchAll(/"polylines":\[([^\]]*)\]/g)].flatMap(
    ([, all]) => JSON.parse(`[${all}]`) as string[],
  )
  return [...numbers, ...lines.flatMap(latitudesOfPolyline)]
}

/** Google's encoding: signed differences, five bits a character, latitude first. */
function latitudesOfPolyline(line: string): number[] {
  const differences: number[] = []
  let [bits, shift] = [0, 0]
  for (const character of line) {
    const chunk = character.charCodeAt(0) - 63
    bits |= (chunk & 31) << shift
    shift += 5
    if (chunk < 32) {
      differences.push(bits & 1 ? ~(bits >> 1) : bits >> 1)
      bits = shift = 0
    }
  }
  let latitude = 0
  return differences.flatMap((difference, index) => {
    if (index % 2 === 1) return []
    latitude += difference
    return [latitude / 1e5]
  })
}

/** What a text shows of the zone; and that it shows the ride at all. */
function expectHidden(text: string): void {
  const latitudes = latitudesIn(text)
  expect(latitudes.length).toBeGreaterThan(0)
  expect(latitudes.filter((latitude) => latitude < hiddenTo)).toEqual([])
}

test('its rider is given all of it', async () => {
  for (const status of statuses) {
    const query = `query ($id: ID!) { ride(id: $id) ${everythingOf(schema.getType('Ride') as never)} }`
    const { text } = await over('POST', viewers.get('rider')!, {
      query,
      variables: given({ id: rides.get(status) }),
    })
    if (status === 'FINISHED') expect(Math.min(...latitudesIn(text))).toBeLessThan(home.latitude + 1e-3)
  }
})

describe.each(others)('%s is given no place in a zone', (name) => {
  test.each(roadNames.flatMap((road) => statuses.map((status) => [status, road] as const)))(
    'of the %s ride, over %s',
    async (status, road) => {
      const query = `query ($id: ID!) { ride(id: $id) ${everythingOf(schema.getType('Ride') as never)} }`
      const variables = given({ id: rides.get(status) })
      const { text } = await over(road, viewers.get(name)!, { query, variables })
      expectHidden(text)
      const own = await over('POST', viewers.get('rider')!, { query, variables })
      const cursors = [own.text, text].map((one) => /"cursor":"([^"]+)"/.exec(one)?.[1])
      expect(cursors[0]).not.toBe(cursors[1])
    },
  )

  test.each(['rides(first: 100)', 'rideChanges(first: 500)'])('in %s', async (field) => {
    const type = field.startsWith('rides') ? 'RideConnection' : 'RideChanges'
    const query = `{ ${field} ${everythingOf(schema.getType(type) as never)} }`
    expectHidden((await over('POST', viewers.get(name)!, { query })).text)
  })

  test.each(['gpx', 'tcx', 'geojson'])('in the %s', async (format) => {
    const { status, body } = await ask(
      `${product.url}/rides/${rides.get('FINISHED')}.${format}`,
      viewers.get(name)!,
    )
    expect(status).toBe(200)
    expectHidden(body)
  })

  test('on the live map', async () => {
    const query = `subscription { liveRides ${everythingOf(schema.getType('LiveRides') as never)} }`
    expectHidden((await over('WebSocket', viewers.get(name)!, { query })).text)
  })

  test('in the feed, from its start to its end', async () => {
    const { headers } = viewers.get(name)!
    const response = await fetch(`${product.url}/graphql`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({
        query: `subscription ($id: ID!) { rideFeed(rideId: $id, until: FINISHED) ${everythingOf(schema.getType('RideFeedItem') as never)} }`,
        variables: { id: rides.get('FINISHED') },
      }),
    })
    const text = await response.text()
    expect(text).toContain('FINISHED')
    expectHidden(text)
  })
})

/** Privacy zones: what a rider can ask of them, and what becomes of his rides. */
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { distanceBetween } from '#ride/track/geodesy.ts'
import { asRider } from '../support/riders.ts'
import { type ApiClient, connect, position, startRide } from './client.ts'
import { directly } from './directly.ts'
import { serveGuests } from './guests.ts'

const served = serveGuests()

interface Zone {
  readonly id: string
  readonly name: string
  readonly latitude: number
  readonly longitude: number
  readonly radius: number
}
type Answered = {
  readonly code?: string
  readonly path?: string[]
  readonly privacyZone?: Zone
  readonly id?: string
}

async function zone(name: string, input: Record<string, unknown>, client: ApiClient): Promise<Answered> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}`
  const fields = name === 'removePrivacyZone' ? 'id' : 'privacyZone { id name latitude longitude radius }'
  const { data, errors } = await client.ask(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) {
      ... on ${type}Payload { ${fields} } ... on Error { code } ... on InvalidInputError { path } } }`,
    { input },
  )
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  return data?.[name] as Answered
}
const add = (input: Record<string, unknown>, client = served.owner) => zone('addPrivacyZone', input, client)
const zonesOf = async (client: ApiClient) =>
  (await client.ask('{ privacyZones { id name latitude longitude radius } }')).data?.['privacyZones']

let count = 0
async function newRider(): Promise<ApiClient & { readonly riderId: string }> {
  const rider = await asRider(served.product, `Rider ${++count}`)
  return { ...connect(served.product.url, rider), riderId: rider.riderId }
}
const home = { name: 'Home', latitude: 46.0512345, longitude: 14.5098765 }

describe('a privacy zone', () => {
  test('hides the place well inside, and the place is kept nowhere', async () => {
    await using rider = await newRider()
    const { privacyZone } = await add({ ...home, radius: 800 }, rider)
    const distance = distanceBetween(privacyZone!, home)
    expect(distance).toBeGreaterThan(0.44 * 800)
    expect(distance).toBeLessThan(0.76 * 800)
    expect(await zonesOf(rider)).toEqual([privacyZone])
    expect(await zonesOf(served.stranger)).toEqual([])
    const rows = await directly(served, 'select * from privacy_zones where rider_id = $1', [rider.riderId])
    const kept = JSON.stringify(rows) + served.product.output()
    expect(kept).not.toContain('46.0512345')
    expect(kept).not.toContain('14.5098765')
  })

  test('of the same place is the same circle, also after it was removed', async () => {
    await using rider = await newRider()
    const first = (await add(home, rider)).privacyZone!
    expect(await add(home, rider)).toEqual({ privacyZone: first })
    expect(await zone('removePrivacyZone', { id: first.id }, rider)).toEqual({ id: first.id })
    expect(await zonesOf(rider)).toEqual([])
    const again = (await add({ ...home, latitude: home.latitude + 1e-5 }, rider)).privacyZone!
    const { latitude, longitude } = first
    expect(again).toMatchObject({ latitude, longitude, radius: 500 })
    // Somebody else who lives there has his own.
    expect((await add(home, served.stranger)).privacyZone).not.toMatchObject({ latitude, longitude })
  })

  test('is renamed, and grows', async () => {
    await using rider = await newRider()
    const { id, ...first } = (await add(home, rider)).privacyZone!
    const changed = await zone('changePrivacyZone', { id, name: 'Ours', radius: 900 }, rider)
    const larger = changed.privacyZone!
    expect(larger).toMatchObject({ id, name: 'Ours', radius: 900 })
    // The one that was lies in it.
    expect(distanceBetween(larger as Zone, first as Zone)).toBeLessThanOrEqual(
      900 - (first as Zone).radius + 0.1,
    )
    const smaller = await zone('changePrivacyZone', { id, radius: 600 }, rider)
    expect(smaller).toEqual({ code: 'INVALID_INPUT', path: ['radius'] })
    const notHis = await zone('changePrivacyZone', { id, name: 'Mine' }, served.stranger)
    expect(notHis).toEqual({ code: 'INVALID_INPUT', path: ['id'] })
    expect(await zone('removePrivacyZone', { id }, served.stranger)).toEqual(notHis)
  })

  test.each([
    ['radius', { radius: 299 }],
    ['radius', { radius: 5_001 }],
    ['latitude', { latitude: 90.1 }],
    ['longitude', { longitude: -180.1 }],
    ['name', { name: '  ' }],
    ['name', { name: 'x'.repeat(101) }],
  ])('with a wrong %s is refused', async (field, input) => {
    expect(await add({ ...home, ...input }, served.stranger)).toEqual({
      code: 'INVALID_INPUT',
      path: [field],
    })
  })

  test('there are ten at most, also when they come at once', async () => {
    await using rider = await newRider()
    const many = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        add({ ...home, latitude: index, name: `Zone ${index}` }, rider),
      ),
    )
    expect(many.filter(({ privacyZone }) => privacyZone !== undefined)).toHaveLength(10)
    expect(many.filter(({ code }) => code === 'INVALID_INPUT')).toHaveLength(2)
  })

  test('is for who is signed in, and may write', async () => {
    expect(await add(home, served.nobody)).toEqual({ code: 'UNAUTHENTICATED' })
    expect(await served.nobody.ask('{ privacyZones { id } }')).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    })
    await using reader = connect(served.product.url, await asRider(served.product, 'Reader', ['rides:read']))
    expect(await add(home, reader)).toEqual({ code: 'FORBIDDEN' })
  })
})

describe("a rider's rides", () => {
  const masksOf = async (rideId: string) =>
    (
      await directly(
        served,
        `select type, version, data -> 'mask' ->> 'version' as mask from events
          where stream_id = $1 and type in ('RideStarted', 'RideMasked') order by version`,
        [rideId],
      )
    ).map(({ type, mask }) => [type, mask])

  test('that are in progress are masked before a change is answered, and a rename is none', async () => {
    await using rider = await newRider()
    const rideId = await startRide(rider)
    await rider.mutate('recordPositions', { rideId, positions: [position(1)] }, 'ride { id }')
    const { id } = (await add(home, rider)).privacyZone!
    expect(await masksOf(rideId)).toEqual([
      ['RideStarted', null],
      ['RideMasked', '1'],
    ])
    await zone('changePrivacyZone', { id, name: 'Ours' }, rider)
    await zone('removePrivacyZone', { id }, rider)
    expect(await masksOf(rideId)).toHaveLength(3)
  })

  test('rights: of a public one wholly in a zone no version is waited for, as of one that is not there', async () => {
    await using rider = await newRider()
    const { latitude, longitude } = position(1)
    await add({ name: 'Home', latitude, longitude, radius: 1_000 }, rider)
    const rideId = await startRide(rider, { visibility: 'PUBLIC' })
    const recorded = await rider.mutate('recordPositions', { rideId, positions: [position(1)] })
    const query = 'query ($id: ID!, $version: Int) { ride(id: $id, minVersion: $version) { id } }'
    const version = recorded['version']
    expect((await rider.ask(query, { id: rideId, version })).data).toEqual({ ride: { id: rideId } })
    for (const asked of [1, version, 1_000, 1_000_001]) {
      for (const id of [rideId, randomUUID()]) {
        const { data, errors } = await served.stranger.ask(query, { id, version: asked })
        expect([data, errors]).toEqual([{ ride: null }, undefined])
      }
    }
  })

  test('have a version for others that never goes down: of the ride, its feed, what changed and the live map', async () => {
    await using rider = await newRider()
    const rideId = await startRide(rider, { visibility: 'PUBLIC' })
    let second = 0
    const rideOn = async () => {
      const positions = Array.from({ length: 100 }, () => position(++second))
      await rider.mutate('recordPositions', { rideId, positions }, 'ride { id }')
    }
    const feedDocument =
      'subscription ($id: ID!, $after: Cursor) { rideFeed(rideId: $id, after: $after) { version cursor } }'
    const query = `query ($id: ID!) { ride(id: $id) { version cursor }
      rideChanges(first: 50) { changes { rideId version } } }`
    const liveDocument = 'subscription { liveRides { rides { rideId version } } }'
    const { nobody } = served
    await rideOn()
    const following = nobody.subscribe(feedDocument, { id: rideId })
    const given: number[] = []
    const nextGiven = async () => {
      const item = (await following.next()).value?.data?.rideFeed
      given.push(item.version)
      return item.version
    }
    /** The versions that others are told, one a road. */
    const told = async (): Promise<readonly number[]> => {
      await rider.mutate('editRide', { rideId, title: `At ${second}` }, 'ride { id }')
      const { data } = await nobody.ask(query, { id: rideId })
      const { version } = data!['ride'] as { version: number }
      const { changes } = data!['rideChanges'] as { changes: { rideId: string; version: number }[] }
      const live = nobody.subscribe(liveDocument)
      const { rides } = (await live.next()).value.data.liveRides as { rides: typeof changes }
      await live.return?.()
      while ((await nextGiven()) < version);
      const versions = [...changes, ...rides].filter((each) => each.rideId === rideId)
      return [version, ...versions.map((each) => each.version), given.at(-1)!]
    }
    const steps = [await told()]
    const { latitude, longitude } = position(1)
    const here = { latitude, longitude }
    const { id } = (await add({ name: 'Home', ...here, radius: 300 }, rider)).privacyZone!
    for (const change of [
      () => zone('changePrivacyZone', { id, radius: 400 }, rider),
      () => zone('removePrivacyZone', { id }, rider),
      () => add({ name: 'Home', ...here, radius: 300 }, rider),
    ]) {
      await rideOn()
      await change()
      await rideOn()
      steps.push(await told())
    }
    for (const each of steps) expect(each).toEqual(Array(4).fill(each[0]))
    const versions = steps.map(([version]) => version!)
    for (const each of [versions, given]) expect(each).toEqual([...new Set(each)].toSorted((a, b) => a - b))
    await following.return?.()
  })

  test('begin with the zones that he has, and the same start sent again is the same', async () => {
    await using rider = await newRider()
    const before = await startRide(rider, { title: 'Before' })
    await add(home, rider)
    const rideId = await startRide(rider, { title: 'After' })
    expect(await masksOf(rideId)).toEqual([['RideStarted', '1']])
    await add({ ...home, name: 'Elsewhere', latitude: 10 }, rider)
    for (const [id, title] of [
      [before, 'Before'],
      [rideId, 'After'],
    ]) {
      const again = await rider.mutate('startRide', {
        rideId: id,
        startedAt: '2026-05-31T08:00:00.000Z',
        title,
      })
      expect(again).toMatchObject({ __typename: 'StartRidePayload', version: 1 })
    }
  })

  test('that are imported begin with them as well', async () => {
    const rider = await asRider(served.product, 'Importer')
    await using client = connect(served.product.url, rider)
    await add({ ...home, latitude: 0.001, longitude: 0.001 }, client)
    const points = Array.from(
      { length: 30 },
      (_, index) =>
        `<trkpt lat="${(0.03 + index * 1e-4).toFixed(6)}" lon="0.03"><time>2026-05-31T08:00:${String(index).padStart(2, '0')}Z</time></trkpt>`,
    )
    const gpx = `<gpx version="1.1" creator="a test" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>${points.join('')}</trkseg></trk></gpx>`
    const send = () =>
      fetch(`${served.product.url}/rides/import`, {
        method: 'POST',
        headers: { authorization: rider.authorization },
        body: gpx,
      }).then((answer) => answer.json() as Promise<{ rideId: string; alreadyImported: boolean }>)
    const { rideId } = await send()
    expect(await masksOf(rideId)).toEqual([['RideStarted', '1']])
    await add({ ...home, name: 'Elsewhere' }, client)
    expect(await send()).toMatchObject({ rideId, alreadyImported: true })
  })
})

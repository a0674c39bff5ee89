/** Feeds and the live map of a ride whose rider has privacy zones: what others are given, to the byte. */
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { distanceBetween, type Place } from '#ride/track/geodesy.ts'
import { type Answer, at, startRide } from './client.ts'
import { directly } from './directly.ts'
import { serveGuests } from './guests.ts'

const served = serveGuests()
const radius = 500
const zones: (Place & { readonly radius: number })[] = []

async function addZone(place: Place) {
  const { data } = await served.owner.ask(
    `mutation ($input: AddPrivacyZoneInput!) { addPrivacyZone(input: $input) {
      __typename ... on AddPrivacyZonePayload { privacyZone { id latitude longitude radius } } } }`,
    { input: { name: 'A place', radius, ...place } },
  )
  const zone = data?.['addPrivacyZone']?.['privacyZone'] as Place & { id: string; radius: number }
  zones.push(zone)
  return zone
}

/** To the north of home; a ride goes along it, a sample a second. */
const home = { latitude: 46.05, longitude: 14.5 }
const metresPerSample = 10
const placeAt = (metres: number) => ({
  latitude: home.latitude + metres / 111_170,
  longitude: home.longitude,
})
const sample = (second: number, metres: number) => ({
  at: at(second),
  latitude: Math.round(placeAt(metres).latitude * 1e7) / 1e7,
  longitude: home.longitude,
  heartRate: 100 + (second % 50),
})
type Sample = ReturnType<typeof sample>

/** From `from` to `to` metres north of home, beginning at a second. */
function way(second: number, from: number, to: number): Sample[] {
  const step = from < to ? metresPerSample : -metresPerSample
  return Array.from({ length: Math.abs(to - from) / metresPerSample }, (_, index) =>
    sample(second + index, from + index * step),
  )
}
const isHidden = (place: Place) => zones.some((zone) => distanceBetween(zone, place) <= zone.radius)

const windowOf = (each: Sample) => Math.floor(Date.parse(each.at) / 10_000)

/**
 * What others are shown of these: not the first two of a run outside, which only confirm it, and while the rider is in sight not the
 * window of ten seconds that is not over.
 */
function seenOf(samples: readonly Sample[], { isOver = false } = {}): Sample[] {
  let run = 0
  const visible = samples.filter((each) => {
    run = isHidden(each) ? 0 : run + 1
    return run > 2
  })
  const newest = samples.at(-1)!
  return isOver || isHidden(newest) ? visible : visible.filter((each) => windowOf(each) < windowOf(newest))
}

async function upload(rideId: string, samples: readonly Sample[], perUpload = 15): Promise<void> {
  for (let from = 0; from < samples.length; from += perUpload) {
    const positions = samples.slice(from, from + perUpload)
    const answer = await served.owner.mutate('recordPositions', { rideId, positions })
    if (answer['__typename'] !== 'RecordPositionsPayload') throw new Error(JSON.stringify(answer))
  }
}
/** Waits until the read side has it. */
const arrived = (rideId: string) => served.owner.mutate('editRide', { rideId, title: 'Seen' }, 'ride { id }')

const feedDocument = `subscription ($rideId: ID!, $after: Cursor, $until: RideStatus) {
  rideFeed(rideId: $rideId, after: $after, until: $until) {
    cursor version type status at positions { at latitude longitude heartRate } progress { distance timerTime movingTime } } }`

interface Item {
  readonly cursor: string
  readonly version: number
  readonly type: string
  readonly status: string
  readonly at: string
  readonly positions: readonly Sample[]
}
async function collect(answers: AsyncIterable<Answer>, count = Number.POSITIVE_INFINITY): Promise<Item[]> {
  const items: Item[] = []
  for await (const { data, errors } of answers) {
    if (errors !== undefined) throw new Error(errors[0]?.extensions?.code)
    items.push(data?.['rideFeed'] as unknown as Item)
    if (items.length === count) break
  }
  return items
}
const feed = (variables: Record<string, unknown>, client = served.stranger) =>
  client.subscribe(feedDocument, variables)
const shownIn = (items: readonly Item[]) => items.flatMap(({ positions }) => positions)

/** No number in these bytes is one of a hidden place, whatever it is called. */
function expectNothingHidden(bytes: string, samples: readonly Sample[]): void {
  const numbers = new Set(bytes.match(/\d+\.\d{4,}/g) ?? [])
  const visible = new Set(samples.filter((each) => !isHidden(each)).map(({ latitude }) => String(latitude)))
  for (const { latitude } of samples.filter(isHidden)) {
    if (!visible.has(String(latitude))) expect(numbers.has(String(latitude))).toBe(false)
  }
}

beforeAll(async () => {
  const zone = await addZone(home)
  expect(distanceBetween(zone, home)).toBeLessThan(0.76 * radius)
})

describe('of a ride that leaves a zone and ends elsewhere', () => {
  let rideId: string
  const samples = way(1, 0, 2_000)
  let items: Item[]
  beforeAll(async () => {
    rideId = await startRide(served.owner, { visibility: 'PUBLIC', title: 'Out' })
    await upload(rideId, samples)
    await served.owner.mutate('endRide', { rideId, at: at(samples.length + 60) })
    await collect(feed({ rideId, until: 'FINISHED' }, served.owner))
    await arrived(rideId)
    items = await collect(feed({ rideId, until: 'FINISHED' }))
  })

  test('others are given all that is visible, and of the rest not so much as when it was', () => {
    const visible = seenOf(samples, { isOver: true })
    expect(shownIn(items)).toEqual(visible)
    expectNothingHidden(JSON.stringify(items), samples)
    expect(items[0]).toMatchObject({ type: 'STARTED', at: visible[0]!.at, version: 1 })
    expect(items.map(({ version }) => version)).toEqual(items.map((_, index) => 1 + index))
    expect(items.slice(-2)).toMatchObject([
      { type: 'ENDED', at: visible.at(-1)!.at },
      { type: 'FINISHED', at: visible.at(-1)!.at },
    ])
    const earliest = Math.min(...items.map((item) => Date.parse(item.at)))
    expect(earliest).toBe(Date.parse(visible[0]!.at))
  })

  test('a cursor tells no numbers, and goes on exactly behind its item, also one of several that one event is shown as', async () => {
    expect(new Set(items.map(({ cursor }) => cursor.length)).size).toBe(1)
    for (const [index, { cursor }] of items.slice(0, -1).entries()) {
      expect(Buffer.from(cursor, 'base64url').toString()).not.toContain(rideId.slice(0, 8))
      expect(await collect(feed({ rideId, after: cursor, until: 'FINISHED' }))).toEqual(
        items.slice(index + 1),
      )
    }
    for (const until of ['ACTIVE', 'ENDED', 'FINISHED']) {
      expect(await collect(feed({ rideId, after: items.at(-1)?.cursor, until }))).toEqual([])
    }
    expect(await collect(feed({ rideId, after: items[0]?.cursor, until: 'ACTIVE' }))).toEqual([])
  })

  test('the ride that is read goes on in the feed', async () => {
    const { data } = await served.nobody.ask('query ($id: ID!) { ride(id: $id) { version cursor } }', {
      id: rideId,
    })
    const [title] = await collect(feed({ rideId, after: items.at(-1)?.cursor }), 1)
    expect(title).toMatchObject({ type: 'EDITED', status: 'FINISHED', version: items.length + 1 })
    expect(data?.['ride']?.['version']).toBe(title?.version)
    const behind = feed({ rideId, after: data?.['ride']?.['cursor'] })
    await served.owner.mutate('editRide', { rideId, title: 'Once more' })
    expect(await collect(behind, 1)).toMatchObject([{ type: 'EDITED', version: title!.version + 1 }])
  })

  test('it comes over server-sent events as well', async () => {
    const answer = await fetch(`${served.product.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: feedDocument, variables: { rideId, until: 'FINISHED' } }),
    })
    const bytes = await answer.text()
    expectNothingHidden(bytes, samples)
    const given = bytes.split('\n').filter((line) => line.startsWith('data: {'))
    expect(given.map((line) => JSON.parse(line.slice(6)).data.rideFeed)).toEqual(items)
  })

  test('its rider is given all of it', async () => {
    const own = await collect(feed({ rideId, until: 'FINISHED' }, served.owner))
    expect(shownIn(own)).toEqual(samples)
    expect(own.map(({ version }) => version)).toEqual(own.map((_, index) => index + 1))
  })

  test('nobody who tries cursors of his own learns how many events there are', async () => {
    const own = await collect(feed({ rideId, until: 'FINISHED' }, served.owner))
    for (const cursor of [own[0]!.cursor, own.at(-1)!.cursor, forged(own[0]!.cursor, 9_999)]) {
      await expect(collect(feed({ rideId, after: cursor, until: 'FINISHED' }))).rejects.toThrow(
        'CURSOR_UNKNOWN',
      )
    }
  })
})

function forged(cursor: string, version: number): string {
  const [log, id] = Buffer.from(cursor, 'base64url').toString().split('.')
  return Buffer.from(`${log}.${id}.${version}.1`).toString('base64url')
}

describe('while it is ridden', () => {
  test('it is not there while nothing of it is visible, as one that is not there at all', async () => {
    const rideId = await startRide(served.owner, { visibility: 'PUBLIC' })
    await upload(rideId, way(1, 0, 100))
    await arrived(rideId)
    for (const id of [rideId, randomUUID()]) {
      await expect(collect(feed({ rideId: id }))).rejects.toThrow('RIDE_NOT_FOUND')
      const { data } = await served.nobody.ask('query ($id: ID!) { ride(id: $id) { id } }', { id })
      expect(data).toEqual({ ride: null })
    }
  })

  test('a stranger sees nothing of the way through a zone, and goes on behind it; on the live map the ride is gone meanwhile', async () => {
    const rideId = await startRide(served.owner, { visibility: 'PUBLIC' })
    const [out, through, on] = [way(1, 2_000, 1_200), way(1_000, 100, -100), way(2_000, -1_200, -2_000)]
    await upload(rideId, out)
    await arrived(rideId)
    const live = served.stranger.subscribe(
      'subscription { liveRides { snapshot removed rides { rideId version position { latitude } progress { distance } } } }',
    )
    const frames: string[] = []
    async function seen(holds: (update: LiveUpdate) => boolean): Promise<void> {
      for (;;) {
        const { value } = await live.next()
        frames.push(JSON.stringify(value))
        if (holds(value.data.liveRides)) return
      }
    }
    const has = ({ rides }: LiveUpdate) => rides.some((ride) => ride.rideId === rideId)
    await seen(has)
    const following = feed({ rideId })
    const before = await upTo(following, seenOf(out))
    await upload(rideId, through)
    await seen(({ removed }) => removed.includes(rideId))
    await upload(rideId, on)
    await seen(has)
    const seenInAll = seenOf([...out, ...through, ...on])
    const after = await upTo(following, seenInAll)
    await live.return?.()
    await following.return?.()
    expect(shownIn(before)).toEqual(seenOf(out))
    expect(shownIn([...before, ...after])).toEqual(seenInAll)
    // Between them what was edited, and nothing else.
    expect(after[0]).toMatchObject({ type: 'EDITED', version: before.at(-1)!.version + 1 })
    expectNothingHidden(JSON.stringify([before, after]), through)
    expectNothingHidden(frames.join(), through)
  })

  test('a zone that is added counts for what comes next, for what is not read yet, and on the live map', async () => {
    const rideId = await startRide(served.owner, { visibility: 'PUBLIC' })
    const [first, second, third] = [
      way(1, 5_000, 6_000),
      way(1_000, 8_000, 9_500),
      way(2_000, 11_000, 12_000),
    ]
    await upload(rideId, first)
    await arrived(rideId)
    const following = feed({ rideId })
    const before = await upTo(following, seenOf(first))
    expect(shownIn(before)).toEqual(seenOf(first))
    await addZone(placeAt(9_000))
    await upload(rideId, second)
    await upload(rideId, third)
    const seenInAll = seenOf([...first, ...second, ...third])
    const after = await upTo(following, seenInAll)
    await following.return?.()
    expect(shownIn([...before, ...after])).toEqual(seenInAll)
    expectNothingHidden(JSON.stringify(after), second)
    const [edited, ...behind] = after
    expect(edited).toMatchObject({ type: 'EDITED', version: before.at(-1)!.version + 1 })
    // Of what they were shown it hides nothing.
    expect(behind[0]!.version).toBe(edited!.version + 1)
    // Who comes back with a cursor from before goes on as well, once the ride is masked anew for all.
    await arrived(rideId)
    expect(await collect(feed({ rideId, after: edited?.cursor }), behind.length)).toEqual(behind)
  })

  test('its end in a zone is not told for a while, and then as it was seen last', async () => {
    const rideId = await startRide(served.owner, { visibility: 'PUBLIC' })
    const [out, back] = [way(1, 3_000, 1_500), way(500, 100, 0)]
    await upload(rideId, out)
    await upload(rideId, back)
    await arrived(rideId)
    const following = feed({ rideId, until: 'ENDED' })
    const before = await upTo(following, seenOf([...out, ...back]))
    await served.owner.mutate('endRide', { rideId, at: at(600) })
    await collect(feed({ rideId, until: 'FINISHED' }, served.owner))
    await served.owner.mutate('editRide', { rideId, title: 'At home' }, 'ride { id }')
    const edited = await collect(take(following, 2))
    expect(edited).toMatchObject([
      { type: 'EDITED', status: 'ACTIVE' },
      { type: 'EDITED', status: 'ACTIVE' },
    ])
    await directly(served, 'update reveal_outbox set due_at = now() where ride_id = $1', [rideId])
    const end = await collect(following)
    expect(end).toMatchObject([{ type: 'ENDED', status: 'ENDED', at: out.at(-1)!.at }])
    expectNothingHidden(JSON.stringify([before, edited, end]), back)
    const whole = await collect(feed({ rideId, until: 'FINISHED' }))
    expect(whole.slice(-2)).toMatchObject([{ type: 'ENDED' }, { type: 'FINISHED', at: out.at(-1)!.at }])
    expect(whole.map(({ version }) => version)).toEqual(whole.map((_, index) => whole[0]!.version + index))
    expect(await collect(feed({ rideId, after: whole.at(-2)?.cursor, until: 'ENDED' }))).toEqual([])
  })

  test('deleted it is told so, and nothing else', async () => {
    const rideId = await startRide(served.owner, { visibility: 'PUBLIC' })
    const ridden = way(1, 3_000, 2_500)
    await upload(rideId, ridden)
    await arrived(rideId)
    const following = feed({ rideId })
    const items = await upTo(following, seenOf(ridden))
    await served.owner.mutate('deleteRide', { rideId })
    const [, end] = await collect(following)
    expect(end).toMatchObject({ type: 'DELETED', status: 'ACTIVE', version: items.at(-1)!.version + 2 })
  })
})

interface LiveUpdate {
  readonly removed: readonly string[]
  readonly rides: readonly { readonly rideId: string }[]
}

/** All up to the one that has the last of these. */
async function upTo(following: AsyncIterator<Answer>, samples: readonly Sample[]): Promise<Item[]> {
  const items: Item[] = []
  while (shownIn(items).at(-1)?.at !== samples.at(-1)!.at) items.push(...(await collect(take(following, 1))))
  return items
}

/** So many of a feed, which goes on. */
async function* take(answers: AsyncIterator<Answer>, count: number): AsyncGenerator<Answer> {
  for (let given = 0; given < count; given++) {
    const { done, value } = await answers.next()
    if (done) return
    yield value
  }
}

/** That a ride is shared, and not any more, is its rider's alone to know: what all others are answered stays the same, to the byte. */
import { Buffer } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import { type Answer, type ApiClient, at, position, startRide } from './client.ts'
import { serveGuests } from './guests.ts'

const served = serveGuests()

const feedDocument = `subscription ($rideId: ID!, $after: Cursor, $until: RideStatus) {
  rideFeed(rideId: $rideId, after: $after, until: $until) {
    cursor version type status at positions { at latitude } progress { distance timerTime } } }`
const rideFields = `id version cursor status title description visibility startedAt endedAt finishedAt timeZone
  rider { id } latestPosition { at latitude } progress { distance timerTime } statistics { distance }
  route { pointCount } splits { distance } streams { distance } shares { id }`
const ridesDocument = `query ($id: ID!) { ride(id: $id) { ${rideFields} } rides(first: 3) { totalCount nodes { ${rideFields} } } }`
const changesDocument = `query ($after: Cursor) {
  rideChanges(first: 20, after: $after) { cursor changes { rideId version ride { version cursor status title } } } }`
const liveDocument = `subscription { liveRides { snapshot removed
  rides { rideId version status title updatedAt position { at latitude } progress { distance } } } }`

interface Item {
  readonly cursor: string
  readonly version: number
  readonly type: string
}

async function items(client: ApiClient, variables: Record<string, unknown>, count: number): Promise<Item[]> {
  const feed = client.subscribe(feedDocument, variables)
  const given: Item[] = []
  while (given.length < count) given.push(await nextOf(feed))
  await feed.return?.()
  return given
}

async function nextOf(feed: AsyncIterator<Answer>): Promise<Item> {
  const { value, done } = await feed.next()
  if (done || value.errors !== undefined) throw new Error(JSON.stringify(value ?? 'complete'))
  return value.data?.['rideFeed'] as unknown as Item
}

async function liveNow(client: ApiClient): Promise<string> {
  const live = client.subscribe(liveDocument)
  const { value } = await live.next()
  await live.return?.()
  return JSON.stringify(value)
}

async function overEvents(rideId: string, count: number): Promise<string> {
  const leaving = new AbortController()
  const { body } = await fetch(`${served.product.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: feedDocument, variables: { rideId } }),
    signal: leaving.signal,
  })
  const given: string[] = []
  let text = ''
  for await (const chunk of body!) {
    text += Buffer.from(chunk).toString()
    given.splice(0, given.length, ...text.split('\n').filter((line) => line.startsWith('data: {')))
    if (given.length === count) break
  }
  leaving.abort()
  return given.join('\n')
}

async function file(rideId: string): Promise<unknown[]> {
  const answer = await fetch(`${served.product.url}/rides/${rideId}.gpx`)
  return [answer.status, answer.headers.get('etag'), await answer.text()]
}

describe.each(['ACTIVE', 'FINISHED'])('of a public ride that is %s', (status) => {
  test('others learn nothing of its links, on any road, and its rider all', async () => {
    const { owner, nobody, stranger } = served
    const rideId = await startRide(owner, { visibility: 'PUBLIC', title: status })
    const upload = (second: number) =>
      owner.mutate(
        'recordPositions',
        { rideId, positions: [position(second), position(second + 1)] },
        'ride { id }',
      )
    await upload(1)
    await upload(3)
    let count = 3
    if (status === 'FINISHED') {
      await owner.mutate('endRide', { rideId, at: at(10) })
      const feed = owner.subscribe(feedDocument, { rideId, until: status })
      for await (const { errors } of feed) expect(errors).toBeUndefined()
      count += 2
    }
    const edited = await owner.mutate('editRide', { rideId, title: 'Before' }, 'ride { id }')
    expect(edited).toMatchObject({ version: ++count })
    const told = async (client: ApiClient, after?: unknown) => {
      const { data } = await client.ask(changesDocument, { after })
      const { cursor, changes } = data!['rideChanges'] as { cursor: string; changes: readonly unknown[] }
      return { cursor, changes }
    }
    const seen = async () => ({
      rides: JSON.stringify(await nobody.ask(ridesDocument, { id: rideId })),
      changes: JSON.stringify((await told(nobody)).changes),
      live: await liveNow(nobody),
      feed: JSON.stringify(await items(nobody, { rideId }, count)),
      events: await overEvents(rideId, count),
      file: await file(rideId),
    })
    const before = await seen()
    expect(JSON.parse(before.rides)).toMatchObject({ data: { ride: { version: count } } })
    expect(before.rides).not.toContain('errors')
    expect(before.file[0]).toBe(status === 'FINISHED' ? 200 : 409)
    const [since, ownSince] = [(await told(stranger)).cursor, (await told(owner)).cursor]
    const [following, live] = [stranger.subscribe(feedDocument, { rideId }), stranger.subscribe(liveDocument)]
    let last: Item | undefined
    for (let version = 1; version <= count; version++) last = await nextOf(following)
    await live.next()
    const own = await items(owner, { rideId }, count)

    const shared = await owner.mutate('shareRide', { rideId }, 'share { id } ride { id }')
    expect(shared).toMatchObject({ version: count + 1 })
    expect(await seen()).toEqual(before)
    const { id: shareId } = shared['share'] as { id: string }
    const unshared = await owner.mutate('unshareRide', { rideId, shareId }, 'ride { id }')
    expect(unshared).toMatchObject({ version: count + 2 })
    expect(await seen()).toEqual(before)
    expect((await told(stranger, since)).changes).toEqual([])
    expect((await told(owner, ownSince)).changes).toMatchObject([{ rideId, version: count + 2 }])
    expect(await items(owner, { rideId, after: own.at(-1)!.cursor }, 2)).toMatchObject([
      { type: 'EDITED', version: count + 1 },
      { type: 'EDITED', version: count + 2 },
    ])

    await owner.mutate('editRide', { rideId, title: 'After' }, 'ride { id }')
    const next = await nextOf(following)
    expect(next).toMatchObject({ type: 'EDITED', version: count + 1 })
    await following.return?.()
    if (status === 'ACTIVE') {
      const { value } = await live.next()
      expect(value.data.liveRides.rides).toMatchObject([{ rideId, title: 'After', version: count + 1 }])
    }
    await live.return?.()
    const { data } = await nobody.ask(ridesDocument, { id: rideId })
    expect(data?.['ride']).toMatchObject({ title: 'After', version: count + 1 })
    // With a cursor from before, and with one as they were given before they were sealed, and as anybody can make one.
    expect(await items(stranger, { rideId, after: last!.cursor }, 1)).toEqual([next])
    const [log, id] = Buffer.from(own[0]!.cursor, 'base64url').toString().split('.')
    const made = (version: number) => Buffer.from(`${log}.${id}.${version}.1`).toString('base64url')
    for (const version of [2, count]) {
      const [first] = await items(stranger, { rideId, after: made(version) }, 1)
      expect(first).toMatchObject({ version: version + 1 })
    }
    const behind = stranger.subscribe(feedDocument, { rideId, after: made(count + 1) })
    await owner.mutate('editRide', { rideId, title: 'Once more' })
    expect(await nextOf(behind)).toMatchObject({ version: count + 2 })
    await behind.return?.()
    await expect(items(stranger, { rideId, after: made(count + 3) }, 1)).rejects.toThrow('CURSOR_UNKNOWN')
    await owner.mutate('deleteRide', { rideId })
  })
})

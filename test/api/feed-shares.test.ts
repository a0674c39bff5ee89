/** Share links: what they show, and when they show nothing any more. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { eventually } from '../support/eventually.ts'
import { asRider, revokeDirectly } from '../support/riders.ts'
import { type Answer, at, connect, position, startRide } from './client.ts'
import { serveGuests } from './guests.ts'

const served = serveGuests()

const feedDocument = `subscription ($rideId: ID!, $after: Cursor) {
  rideFeed(rideId: $rideId, after: $after) { version type } }`
const rideDocument = 'query ($id: ID!) { ride(id: $id) { id title shares { id } } }'

async function share(rideId: string, input: Record<string, unknown> = {}) {
  const fields = 'share { id expiresAt } token url ride { id }'
  const shared = await served.owner.mutate('shareRide', { rideId, ...input }, fields)
  if (shared['__typename'] !== 'ShareRidePayload') throw new Error(JSON.stringify(shared))
  delete shared['ride']
  return shared as {
    version: number
    share: { id: string; expiresAt: string | null }
    token: string
    url: string
  }
}
const withLink = (rideShare: string) => connect(served.product.url, { rideShare })
const seesRide = async (client: ReturnType<typeof connect>, id: string) =>
  (await client.ask(rideDocument, { id })).data?.['ride'] != null

async function next(feed: AsyncIterator<Answer>) {
  const { done, value } = await feed.next()
  return done ? 'complete' : (value.errors?.[0]?.extensions?.code ?? value.data?.['rideFeed'])
}

describe('a share link', () => {
  test('shows a private ride in ride, feed and file, in no list and not on the live map', async () => {
    const rideId = await startRide(served.owner, { title: 'Given away' })
    await served.owner.mutate(
      'recordPositions',
      { rideId, positions: [position(1), position(2)] },
      'ride { id }',
    )
    const { token, url } = await share(rideId)
    expect(url).toBe(`/rides/${rideId}#share=${token}`)
    await using friend = withLink(token)
    expect(await seesRide(served.nobody, rideId)).toBe(false)
    const { data } = await friend.ask(rideDocument, { id: rideId })
    expect(data?.['ride']).toEqual({ id: rideId, title: 'Given away', shares: null })
    expect(await next(friend.subscribe(feedDocument, { rideId }))).toEqual({ version: 1, type: 'STARTED' })
    const listed = await friend.ask('{ rides { nodes { id } } }')
    expect(listed.data?.['rides']?.['nodes']).toEqual([])
    const live = friend.subscribe('subscription { liveRides { rides { rideId } } }')
    expect((await live.next()).value.data).toEqual({ liveRides: { rides: [] } })
    await live.return?.()
    const own = await served.owner.ask(rideDocument, { id: rideId })
    expect(own.data?.['ride']?.['shares']).toHaveLength(1)
    await served.owner.mutate('endRide', { rideId, at: at(10) })
    for await (const { data } of served.owner.subscribe(
      'subscription ($rideId: ID!) { rideFeed(rideId: $rideId, until: FINISHED) { type } }',
      { rideId },
    ))
      expect(data).not.toBeNull()
    await served.owner.mutate('editRide', { rideId, title: 'Finished' }, 'ride { id }')
    const file = (headers: Record<string, string>) =>
      fetch(`${served.product.url}/rides/${rideId}.gpx`, { headers })
    expect((await file({})).status).toBe(404)
    expect((await file({ 'ride-share': token })).status).toBe(200)
  })

  test('made again by the same command is the same, and another one by another', async () => {
    const rideId = await startRide(served.owner)
    const commandId = randomUUID()
    const expiresAt = new Date(Date.now() + 60_000).toISOString()
    const first = await share(rideId, { commandId, expiresAt })
    expect(first.share).toEqual({ id: commandId, expiresAt })
    expect(await share(rideId, { commandId, expiresAt })).toEqual(first)
    expect((await share(rideId)).token).not.toBe(first.token)
    const changed = await served.owner.mutate('shareRide', { rideId, commandId })
    expect(changed).toMatchObject({ code: 'ID_TAKEN' })
  })

  test('is made by the rider alone, and in time to come', async () => {
    const rideId = await startRide(served.owner, { visibility: 'PUBLIC' })
    const past = { rideId, expiresAt: at(0) }
    expect(await served.owner.mutate('shareRide', past)).toMatchObject({ code: 'INVALID_INPUT' })
    expect(await served.stranger.mutate('shareRide', { rideId })).toMatchObject({ code: 'RIDE_NOT_FOUND' })
    expect(await served.nobody.mutate('shareRide', { rideId })).toMatchObject({ code: 'UNAUTHENTICATED' })
    const { share: made } = await share(rideId)
    const unshare = { rideId, shareId: made.id }
    expect(await served.stranger.mutate('unshareRide', unshare)).toMatchObject({ code: 'RIDE_NOT_FOUND' })
  })

  test('taken back shows nothing, and ends the feed before the next event', async () => {
    const rideId = await startRide(served.owner)
    const [kept, taken] = [await share(rideId), await share(rideId)]
    await using friend = withLink(kept.token)
    await using other = withLink(taken.token)
    const feeds = [friend, other].map((client) => client.subscribe(feedDocument, { rideId }))
    for (const feed of feeds) expect(await next(feed)).toMatchObject({ version: 1 })
    const unshared = await served.owner.mutate(
      'unshareRide',
      { rideId, shareId: taken.share.id },
      'ride { id }',
    )
    expect(unshared).toMatchObject({ __typename: 'UnshareRidePayload', version: 4 })
    await served.owner.mutate('recordPositions', { rideId, positions: [position(1)] })
    expect(await next(feeds[1]!)).toBe('complete')
    // And of links nothing.
    expect(await next(feeds[0]!)).toMatchObject({ version: 2, type: 'POSITIONS_RECORDED' })
    expect([await seesRide(friend, rideId), await seesRide(other, rideId)]).toEqual([true, false])
    expect(await next(other.subscribe(feedDocument, { rideId }))).toBe('RIDE_NOT_FOUND')
    const again = await served.owner.mutate('unshareRide', { rideId, shareId: taken.share.id })
    expect(again).toMatchObject({ code: 'INVALID_INPUT', path: ['shareId'] })
    await feeds[0]!.return?.()
  })

  test('that has expired shows nothing, and ends the feed before the next event', async () => {
    const rideId = await startRide(served.owner)
    const expiresAt = Date.now() + 1_500
    const { token } = await share(rideId, { expiresAt: new Date(expiresAt).toISOString() })
    await using friend = withLink(token)
    await served.owner.mutate('editRide', { rideId, title: 'Seen' }, 'ride { id }')
    expect(await seesRide(friend, rideId)).toBe(true)
    const feed = friend.subscribe(feedDocument, { rideId })
    for (const version of [1, 2]) expect(await next(feed)).toMatchObject({ version })
    await eventually('its end', () => Date.now() >= expiresAt)
    await served.owner.mutate('editRide', { rideId, title: 'Not seen any more' })
    expect(await next(feed)).toBe('complete')
    expect(await seesRide(friend, rideId)).toBe(false)
  })

  test('of a ride that was deleted shows that it was, and then nothing', async () => {
    const rideId = await startRide(served.owner)
    const { token } = await share(rideId)
    await using friend = withLink(token)
    await served.owner.mutate('editRide', { rideId, title: 'Seen' }, 'ride { id }')
    const feed = friend.subscribe(feedDocument, { rideId })
    for (const version of [1, 2]) expect(await next(feed)).toMatchObject({ version })
    await served.owner.mutate('deleteRide', { rideId })
    expect(await next(feed)).toMatchObject({ type: 'DELETED' })
    expect(await next(feed)).toBe('complete')
    expect(await seesRide(friend, rideId)).toBe(false)
  })

  test('that is not whole is refused, over HTTP and over a WebSocket', async () => {
    const { token } = await share(await startRide(served.owner))
    const { url } = served.product
    const bad = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'ride-share': bad },
      body: '{"query":"{ __typename }"}',
    })
    expect(answer.status).toBe(401)
    expect(await answer.text()).toContain('UNAUTHENTICATED')
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, ['graphql-transport-ws'])
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: { rideShare: bad } })),
    )
    expect((await once(socket, 'close'))[0]).toBe(4403)
    expect(served.product.output()).not.toContain(token.slice(0, 40))
  })
})

describe('a feed', () => {
  test('of others ends when the ride becomes private', async () => {
    const rideId = await startRide(served.owner, { visibility: 'UNLISTED' })
    await served.owner.mutate('editRide', { rideId, title: 'Seen' }, 'ride { id }')
    const feeds = [served.stranger, served.nobody].map((each) => each.subscribe(feedDocument, { rideId }))
    for (const feed of feeds)
      for (const version of [1, 2]) expect(await next(feed)).toMatchObject({ version })
    await served.owner.mutate('editRide', { rideId, visibility: 'PRIVATE' })
    await served.owner.mutate('recordPositions', { rideId, positions: [position(1)] })
    for (const feed of feeds) expect(await next(feed)).toBe('complete')
    // From its log at once, whatever the read side has.
    for (const client of [served.stranger, served.nobody]) {
      expect(await next(client.subscribe(feedDocument, { rideId }))).toBe('RIDE_NOT_FOUND')
    }
  })

  test("and the live map end with an error once their viewer's key is revoked", async () => {
    const key = await asRider(served.product, 'Olga')
    await using revoked = connect(served.product.url, { ...key, retries: 0 })
    const rideId = await startRide(revoked, { visibility: 'PUBLIC' })
    const feed = revoked.subscribe(feedDocument, { rideId })
    expect(await next(feed)).toMatchObject({ version: 1 })
    const live = revoked.subscribe('subscription { liveRides { snapshot rides { rideId } } }')
    await live.next()
    const events = await fetch(`${served.product.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: key.authorization,
      },
      body: JSON.stringify({ query: feedDocument, variables: { rideId } }),
    })
    await revokeDirectly(served.product, key.keyId)
    await using own = connect(served.product.url, served.asOwner)
    const ends = [endOf(feed), endOf(live), lastOf(events)]
    let isOver = false
    const over = Promise.all(ends).finally(() => {
      isOver = true
    })
    // Another process sees a revocation within ten seconds.
    for (let second = 1; !isOver; second++) {
      await own.mutate('recordPositions', { rideId, positions: [position(second)] }, 'ride { id }')
    }
    expect(await over).toEqual(Array(3).fill('UNAUTHENTICATED'))
  })
})

/** The code of the error that it ends with. */
async function endOf(feed: AsyncIterable<Answer>): Promise<string> {
  try {
    for await (const { errors } of feed) if (errors !== undefined) return 'an item with errors'
    return 'complete'
  } catch (failed) {
    return (failed as NonNullable<Answer['errors']>)[0]?.extensions?.code ?? 'no code'
  }
}

/** The same of server-sent events. */
async function lastOf(events: Response): Promise<string> {
  const given = (await events.text()).split('\n').filter((line) => line.startsWith('data: {'))
  const { errors }: Answer = JSON.parse(given.at(-1)!.slice('data: '.length))
  return errors?.[0]?.extensions?.code ?? 'complete'
}

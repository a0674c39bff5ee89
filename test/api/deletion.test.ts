import { randomUUID } from 'node:crypto'
import { createClient } from 'graphql-ws'
import { beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { eventually } from '../support/eventually.ts'
import { type Answer, type ApiClient, at, position, startedAt, startRide } from './client.ts'
import { directly } from './directly.ts'
import { serve } from './serve.ts'

const served = serve()
let client: ApiClient
beforeAll(() => {
  client = served.client
})

const notFound = { __typename: 'RideNotFoundError', code: 'RIDE_NOT_FOUND' }
const remove = (rideId: string, input: Record<string, unknown> = {}) =>
  client.mutate('deleteRide', { rideId, ...input })

async function rideIds(): Promise<string[]> {
  const { data } = await client.ask('{ rides(first: 100) { nodes { id } } }')
  const nodes = data?.['rides']?.['nodes'] as { id: string }[]
  return nodes.map(({ id }) => id)
}

describe('deleteRide', () => {
  test('once it is answered the ride is nowhere, and every command of it, also one sent again, finds none', async () => {
    const rideId = randomUUID()
    const start = { rideId, startedAt, title: 'Gone' }
    const upload = { rideId, uploadId: randomUUID(), positions: [position(1)] }
    const pause = { rideId, commandId: randomUUID(), at: at(5) }
    await client.mutate('startRide', start)
    await client.mutate('recordPositions', upload, 'accepted')
    const paused = await client.mutate('pauseRide', pause, 'ride { version }')
    expect(paused).toMatchObject({ version: 3, ride: { version: 3 } })
    expect(await rideIds()).toContain(rideId)
    const deletion = { commandId: randomUUID() }
    expect(await remove(rideId, deletion)).toEqual({ __typename: 'DeleteRidePayload', rideId, version: 4 })
    for (const minVersion of [null, 3, 4, 100]) {
      const { data, errors } = await client.ask(
        'query ($id: ID!, $minVersion: Int) { ride(id: $id, minVersion: $minVersion) { id } }',
        { id: rideId, minVersion },
      )
      expect(errors).toBeUndefined()
      expect(data).toEqual({ ride: null })
    }
    expect(await rideIds()).not.toContain(rideId)
    expect(await client.mutate('startRide', start)).toMatchObject({ code: 'ID_TAKEN' })
    expect(await client.mutate('startRide', { ...start, title: 'New' })).toMatchObject({ code: 'ID_TAKEN' })
    expect(await client.mutate('recordPositions', upload)).toMatchObject(notFound)
    expect(await client.mutate('recordPositions', { ...upload, uploadId: randomUUID() })).toMatchObject(
      notFound,
    )
    expect(await client.mutate('pauseRide', pause)).toMatchObject(notFound)
    for (const name of ['pauseRide', 'resumeRide', 'endRide', 'deleteRide']) {
      expect(await client.mutate(name, { rideId })).toMatchObject(notFound)
      expect(await client.mutate(name, { rideId, expectedVersion: 1 })).toMatchObject(notFound)
    }
    expect(await client.mutate('editRide', { rideId, title: 'Back' })).toMatchObject(notFound)
    expect(await remove(rideId, deletion)).toMatchObject(notFound)
  })

  test('a ride in every status can be deleted', async () => {
    const active = await startRide(client)
    const paused = await startRide(client)
    await client.mutate('pauseRide', { rideId: paused })
    const ended = await startRide(client)
    await client.mutate('endRide', { rideId: ended, at: at(1) })
    const finished = await startRide(client)
    await client.mutate('endRide', { rideId: finished, at: at(1) })
    await eventually('it to be finished', async () => {
      const { data } = await client.ask('query ($id: ID!) { ride(id: $id) { status } }', { id: finished })
      return data?.['ride']?.['status'] === 'FINISHED'
    })
    for (const rideId of [active, paused, ended, finished]) {
      expect(await remove(rideId)).toMatchObject({ __typename: 'DeleteRidePayload' })
      expect((await client.ask('query ($id: ID!) { ride(id: $id) { id } }', { id: rideId })).data).toEqual({
        ride: null,
      })
    }
  })

  test('is refused for an unknown ride, an id that is none, another version, and the id of another command', async () => {
    expect(await remove(randomUUID())).toMatchObject(notFound)
    expect(await remove(randomUUID(), { expectedVersion: 1 })).toMatchObject(notFound)
    expect(await remove('my ride')).toMatchObject({ code: 'INVALID_INPUT', path: ['rideId'] })
    const rideId = await startRide(client)
    expect(await remove(rideId, { expectedVersion: 7 })).toMatchObject({
      code: 'VERSION_CONFLICT',
      actualVersion: 1,
    })
    const commandId = randomUUID()
    await client.mutate('pauseRide', { rideId, commandId })
    expect(await remove(rideId, { commandId })).toMatchObject({ code: 'INVALID_INPUT', path: ['commandId'] })
    expect(await remove(rideId, { expectedVersion: 2 })).toMatchObject({ version: 3 })
  })

  test('of many at once one is answered, the others find no ride', async () => {
    const rideId = await startRide(client)
    const answers = await Promise.all(Array.from({ length: 20 }, () => remove(rideId)))
    expect(answers.filter((answer) => answer['__typename'] === 'DeleteRidePayload')).toHaveLength(1)
    expect(answers.filter((answer) => answer['code'] === 'RIDE_NOT_FOUND')).toHaveLength(19)
  })
})

describe('whoever watches', () => {
  interface Item {
    readonly type: string
    readonly status: string
    readonly version: number
    readonly cursor: string
    readonly positions: readonly unknown[]
  }
  const document = `subscription ($rideId: ID!, $after: Cursor, $until: RideStatus) {
    rideFeed(rideId: $rideId, after: $after, until: $until) { cursor version type status positions { at } } }`
  const feed = (variables: Record<string, unknown>) => client.subscribe(document, variables)
  const itemOf = ({ data }: Answer) => data?.['rideFeed'] as Partial<Item>

  test.each([undefined, 'FINISHED'])(
    'a ride (until: %s) hears of its deletion, and no more',
    async (until) => {
      const rideId = await startRide(client)
      await client.mutate('pauseRide', { rideId, at: at(1) })
      const items = feed({ rideId, until })
      expect(itemOf((await items.next()).value)).toMatchObject({ type: 'STARTED' })
      expect(itemOf((await items.next()).value)).toMatchObject({ type: 'PAUSED' })
      await remove(rideId)
      expect((await Array.fromAsync(items)).map(itemOf)).toMatchObject([
        { type: 'DELETED', status: 'PAUSED', version: 3, positions: [] },
      ])
    },
  )

  test('a ride finds none when it comes back after the deletion, with or without a cursor', async () => {
    const rideId = await startRide(client)
    const items = feed({ rideId })
    const { cursor } = itemOf((await items.next()).value)
    await items.return?.()
    await remove(rideId)
    for (const variables of [{ rideId }, { rideId, after: cursor }, { rideId, until: 'ACTIVE' }]) {
      const answers = await Array.fromAsync(feed(variables))
      expect(answers).toMatchObject([{ errors: [{ extensions: { code: 'RIDE_NOT_FOUND' } }] }])
    }
  })

  test('the live map sees it leave', async () => {
    const live = client.subscribe('subscription { liveRides { snapshot removed rides { rideId } } }')
    const updates = async (holds: (removed: string[], shown: string[]) => boolean) => {
      for (;;) {
        const { value } = await live.next()
        const { removed, rides } = value.data.liveRides
        if (
          holds(
            removed,
            rides.map((ride: { rideId: string }) => ride.rideId),
          )
        )
          return
      }
    }
    const rideId = await startRide(client)
    await updates((_, shown) => shown.includes(rideId))
    await remove(rideId)
    await updates((removed) => removed.includes(rideId))
    await live.return?.()
  })
})

describe('beside each event stands', () => {
  const metadataOf = async (rideId: string) =>
    (
      await directly(served, 'select metadata from events where stream_id = $1 order by version', [rideId])
    ).map(({ metadata }) => metadata as Record<string, unknown>)
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

  async function startTraced(header: string): Promise<string> {
    const rideId = randomUUID()
    await fetch(`${served.product.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: header },
      body: JSON.stringify({
        query: `mutation { startRide(input: { rideId: "${rideId}" }) { __typename } }`,
      }),
    })
    return rideId
  }

  test('which command made it, for whom, in which trace', async () => {
    const rideId = await startTraced(traceparent)
    const commandId = randomUUID()
    await client.mutate('endRide', { rideId, commandId })
    const rider = '00000000-0000-4000-8000-000000000001'
    const metadata = await eventually('it to be finished', async () => {
      const all = await metadataOf(rideId)
      return all.length === 3 && all
    })
    expect(metadata).toEqual([
      { commandId: rideId, actor: rider, traceparent },
      { commandId, actor: rider },
      { commandId: expect.any(String), actor: 'system' },
    ])
  })

  test('a WebSocket says it when it connects', async () => {
    const rideId = randomUUID()
    const socket = createClient({
      url: `${served.product.url.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { traceparent },
    })
    const query = `mutation { startRide(input: { rideId: "${rideId}" }) { __typename } }`
    for await (const answer of socket.iterate({ query })) expect(answer.errors).toBeUndefined()
    await socket.dispose()
    expect(await metadataOf(rideId)).toMatchObject([{ commandId: rideId, traceparent }])
  })

  test.each([
    [
      'a later version, as far as it can be read',
      `cc${traceparent.slice(2)}-what`,
      `cc${traceparent.slice(2)}`,
    ],
    ['more than the version has', `${traceparent}-what`, undefined],
    ['the version that is none', `ff${traceparent.slice(2)}`, undefined],
    ['a trace of nothing', traceparent.replace(/4bf9\w+/, '0'.repeat(32)), undefined],
    ['a parent of nothing', traceparent.replace(/00f0\w+/, '0'.repeat(16)), undefined],
    ['capitals', traceparent.toUpperCase(), undefined],
    ['anything else', '<script>', undefined],
  ])('%s', async (_, header, kept) => {
    const [metadata] = await metadataOf(await startTraced(header))
    expect(metadata?.['traceparent']).toBe(kept)
  })
})

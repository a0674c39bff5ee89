import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { at, position, startRide } from '../api/client.ts'
import { serve } from '../api/serve.ts'
import { eventually } from '../support/eventually.ts'

const served = serve()

interface Message {
  readonly id?: string
  readonly type: string
  readonly payload?: unknown
}

/** A client that speaks the protocol by hand. */
async function open({ protocols = ['graphql-transport-ws'] }: { protocols?: string[] } = {}) {
  const socket = new WebSocket(`${served.product.url.replace('http', 'ws')}/graphql`, protocols)
  const messages: Message[] = []
  socket.on('message', (message) => messages.push(JSON.parse(String(message))))
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  await once(socket, 'open')
  return {
    messages,
    closed,
    send: (...sent: (object | string)[]) => {
      for (const message of sent) socket.send(typeof message === 'string' ? message : JSON.stringify(message))
    },
    /** The first message of an id and type. */
    said: (id: string, type: string) =>
      eventually(`${type} for ${id}`, () =>
        messages.find((message) => message.id === id && message.type === type),
      ),
    [Symbol.dispose]: () => socket.terminate(),
  }
}

const init = { type: 'connection_init' }
const subscribe = (id: string, query: string, variables = {}) => ({
  id,
  type: 'subscribe',
  payload: { query, variables },
})
const feed = 'subscription ($rideId: ID!) { rideFeed(rideId: $rideId) { version type } }'

describe('the protocol graphql-transport-ws', () => {
  let silent: Awaited<ReturnType<typeof open>>
  beforeAll(async () => {
    silent = await open()
  })

  test.each<[string, (object | string)[], number]>([
    ['what is no message', ['{"type":'], 4400],
    ['an operation before the connection is acknowledged', [subscribe('1', '{ viewer { id } }')], 4401],
    ['a second connection_init', [init, init], 4429],
    ['a message over 1 MiB', [init, subscribe('1', `{ viewer { id } } # ${'x'.repeat(1_100_000)}`)], 1009],
  ])('closes at %s', async (_, messages, code) => {
    using client = await open()
    const [first, ...rest] = messages
    client.send(first ?? '')
    if (first === init) await eventually('the acknowledgement', () => client.messages.length > 0)
    client.send(...rest)
    expect(await client.closed).toBe(code)
  })

  test('closes at an id that is taken', async () => {
    const rideId = await startRide(served.client)
    using client = await open()
    client.send(init)
    await eventually('the acknowledgement', () => client.messages.length > 0)
    client.send(subscribe('1', feed, { rideId }), subscribe('1', feed, { rideId }))
    expect(await client.closed).toBe(4409)
  })

  test('closes where another is spoken', async () => {
    using client = await open({ protocols: [] })
    expect(await client.closed).toBe(4406)
  })

  test('answers a ping', async () => {
    using client = await open()
    client.send({ type: 'ping', payload: { sent: 1 } })
    await eventually('the pong', () => client.messages.length > 0)
    expect(client.messages).toEqual([{ type: 'pong', payload: { sent: 1 } }])
  })

  test('gives items, and completes whom the client has left no more', async () => {
    const rideId = await startRide(served.client)
    using client = await open()
    client.send(init)
    await eventually('the acknowledgement', () => client.messages.length > 0)
    const strange = 'left "early" 🚴'
    client.send(subscribe(strange, feed, { rideId }), subscribe('stays', feed, { rideId }))
    for (const id of [strange, 'stays']) {
      expect(await client.said(id, 'next')).toEqual({
        id,
        type: 'next',
        payload: { data: { rideFeed: { version: 1, type: 'STARTED' } } },
      })
    }
    client.send({ id: strange, type: 'complete' }, { type: 'ping' })
    await eventually('the pong', () => client.messages.some(({ type }) => type === 'pong'))
    await served.client.mutate('deleteRide', { rideId })
    expect(await client.said('stays', 'complete')).toEqual({ id: 'stays', type: 'complete' })
    expect(client.messages.filter(({ id }) => id === strange)).toHaveLength(1)
    // Left by either side, the ids are free.
    client.send(subscribe('stays', '{ viewer { id } }'))
    await eventually('an answer', () =>
      client.messages.some(({ payload }) => JSON.stringify(payload)?.includes('viewer')),
    )
  })

  test('says what is wrong with an operation', async () => {
    using client = await open()
    client.send(init)
    await eventually('the acknowledgement', () => client.messages.length > 0)
    client.send(subscribe('syntax', '{'), subscribe('unknown', '{ nothing }'))
    client.send(subscribe('variables', feed), subscribe('ride', feed, { rideId: randomUUID() }))
    expect(await client.said('syntax', 'error')).toMatchObject({
      payload: [{ message: expect.stringContaining('Syntax Error') }],
    })
    expect(await client.said('unknown', 'error')).toMatchObject({
      payload: [{ message: expect.stringContaining('Cannot query field') }],
    })
    expect(await client.said('variables', 'next')).toMatchObject({
      payload: { errors: [{ message: expect.stringContaining('$rideId') }] },
    })
    expect(await client.said('ride', 'next')).toMatchObject({
      payload: { errors: [{ extensions: { code: 'RIDE_NOT_FOUND' } }] },
    })
    await client.said('ride', 'complete')
    expect(JSON.stringify(client.messages)).not.toContain('"http"')
  })

  // Last: it takes three seconds, of which the tests before it have used some.
  test('closes where nothing is said', async () => {
    expect(await silent.closed).toBe(4408)
  })
})

test('mutations that come at once over one socket go into few commits', async () => {
  const rideId = await startRide(served.client)
  using client = await open()
  client.send(init)
  await eventually('the acknowledgement', () => client.messages.length > 0)
  const document = `mutation ($input: RecordPositionsInput!) { recordPositions(input: $input) {
    ... on RecordPositionsPayload { version } } }`
  const count = 100
  for (let second = 0; second < count; second++) {
    const input = { rideId, positions: [{ ...position(second), at: at(second) }] }
    client.send(subscribe(String(second), document, { input }))
  }
  const answers = () => client.messages.filter(({ type }) => type === 'next')
  await eventually('all answers', () => answers().length === count)
  const versions = answers().map(({ payload }) => JSON.stringify(payload).match(/"version":(\d+)/)?.[1])
  expect(new Set(versions).size).toBe(count)
  const database = new pg.Client({ connectionString: served.databaseUrl })
  await database.connect()
  try {
    const { rows } = await database.query(
      'select count(*)::int as events, count(distinct xmin::text)::int as commits from events where stream_id = $1 and version > 1',
      [rideId],
    )
    expect(rows[0].events).toBe(count)
    expect(rows[0].commits).toBeLessThan(count / 4)
  } finally {
    await database.end()
  }
})

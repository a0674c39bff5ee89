import { randomUUID } from 'node:crypto'
import { buildSchema, execute, GraphQLError, parse } from 'graphql'
import { expect, test } from 'vitest'
import type { RecordedEvent } from '#log/read.ts'
import { openFanOut } from '#server/fan-out.ts'
import { type Receiver, Subscription } from '#server/subscription.ts'
import { riding, start } from '../projections/open-rides.ts'
import { openSockets } from '../server/open-sockets.ts'
import { eventually } from '../support/eventually.ts'
import { never, type OpenedLive, openLive, upTo } from './open-live.ts'

const schema = buildSchema('type Query { ok: Boolean } type Subscription { version: Int filler: String }')
const document = parse('subscription ($after: String) { version filler }')

async function ridden({ command }: OpenedLive, count: number): Promise<string> {
  const rideId = randomUUID()
  await command(rideId, { type: 'startRide', startedAt: start, title: null, visibility: 'PRIVATE' })
  await record({ command }, rideId, count - 1)
  return rideId
}

async function record(
  { command }: Pick<OpenedLive, 'command'>,
  rideId: string,
  count: number,
): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, second) =>
      command(rideId, { type: 'recordPositions', positions: riding(second, second) }),
    ),
  )
}

/** Subscriptions as sockets have them, and how often each version of a ride was executed. */
function subscribing({ feeds }: OpenedLive, filler = '') {
  const executed = new Map<number, number>()
  const masked = () => new GraphQLError('masked')
  const fanOut = openFanOut({
    masked,
    execute(args) {
      const { version } = args.rootValue as RecordedEvent
      executed.set(version, (executed.get(version) ?? 0) + 1)
      return execute({ ...args, rootValue: { version, filler } })
    },
  })
  function subscribe(
    rideId: string,
    receiver: Receiver,
    { after, isLast = never }: { after: number; isLast?: (event: RecordedEvent) => boolean },
  ): Subscription {
    const source = feeds.open(rideId, { after, isLast })
    const operation = {
      schema,
      document,
      variableValues: { after: String(after) },
      context: () => undefined,
    }
    return new Subscription({ source, operation, receiver, fanOut, masked })
  }
  return { executed, subscribe }
}

function versionIn(message: string | Buffer): number {
  return JSON.parse(String(message)).payload.data.version
}

function receiving() {
  const versions: number[] = []
  return {
    versions,
    connection: {
      isFull: false,
      hold: () => undefined,
      send: (message: string | Buffer) => versions.push(versionIn(message)),
    },
  }
}

test('500 that come back at once from different places get all, each version executed once', async () => {
  await using live = await openLive()
  const rideId = await ridden(live, 230)
  const { executed, subscribe } = subscribing(live)
  const clients = Array.from({ length: 500 }, (_, index) => {
    const after = (index * 7) % 231
    const { versions, connection } = receiving()
    const receiver = { connection, id: String(index) }
    const subscription = subscribe(rideId, receiver, { after, isLast: ({ version }) => version === 250 })
    return { after, versions, complete: subscription.next() }
  })
  await record(live, rideId, 20)
  for (const { after, versions, complete } of clients) {
    expect(await complete).toMatchObject({ done: true })
    expect(versions).toEqual(upTo(250, after + 1))
  }
  expect([...executed.keys()].toSorted((a, b) => a - b)).toEqual(upTo(250))
  expect([...executed.values()].every((count) => count === 1)).toBe(true)
})

test('bounded: one that stops reading holds no more than 1 MiB and holds up nobody, and reads on exactly', async () => {
  await using live = await openLive()
  await using sockets = await openSockets()
  const rideId = await ridden(live, 1)
  const filler = 'x'.repeat(40_000)
  const { subscribe } = subscribing(live, filler)
  const [fast, slow] = [await sockets.connect(), await sockets.connect()]
  let largest = 0
  fast.client.on('message', () => {
    largest = Math.max(largest, slow.socket.bufferedAmount)
  })
  const subscriptions = [fast, slow].map(({ connection }) =>
    subscribe(rideId, { connection, id: '1' }, { after: 0 }),
  )
  const ends = subscriptions.map((subscription) => subscription.next())
  await eventually('the first', () => slow.messages.length === 1)
  slow.client.pause()
  // Far more than the ring and both kernels' buffers hold.
  for (let batch = 0; batch < 8; batch++) await record(live, rideId, 50)
  await eventually('the fast one to have all', () => fast.messages.length === 401)
  expect(slow.connection.isFull).toBe(true)
  expect(largest).toBeGreaterThan(1024 * 1024)
  expect(largest).toBeLessThan(1024 * 1024 + 2 * filler.length)
  expect(slow.messages.length).toBeLessThan(401)
  slow.client.resume()
  await eventually('the slow one to have all', () => slow.messages.length === 401)
  for (const { messages } of [fast, slow]) expect(messages.map(versionIn)).toEqual(upTo(401))
  await Promise.all(subscriptions.map((subscription) => subscription.return()))
  expect(await Promise.all(ends)).toMatchObject([{ done: true }, { done: true }])
})

test('one that is given what it cannot take is ended alone', async () => {
  await using live = await openLive()
  const rideId = await ridden(live, 1)
  const { subscribe } = subscribing(live)
  const broken = receiving()
  const failing = {
    ...broken.connection,
    send() {
      throw new Error('broken')
    },
  }
  const ends = subscribe(rideId, { connection: failing, id: '1' }, { after: 0 }).next()
  await expect(ends).rejects.toThrow('masked')
  const { versions, connection } = receiving()
  const whole = subscribe(
    rideId,
    { connection, id: '1' },
    { after: 0, isLast: ({ version }) => version === 3 },
  )
  const complete = whole.next()
  await record(live, rideId, 2)
  await complete
  expect(versions).toEqual([1, 2, 3])
})

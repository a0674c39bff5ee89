import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { RecordedEvent } from '#log/read.ts'
import { redactStream } from '#log/redact.ts'
import { riding, start } from '../projections/open-rides.ts'
import { eventually } from '../support/eventually.ts'
import { never, type OpenedLive, openLive, take, upTo, versionsOf } from './open-live.ts'

async function startRide({ command }: OpenedLive): Promise<string> {
  const rideId = randomUUID()
  await command(rideId, { type: 'startRide', startedAt: start, title: null, visibility: 'PRIVATE' })
  return rideId
}

const record = ({ command }: OpenedLive, rideId: string, second: number) =>
  command(rideId, { type: 'recordPositions', positions: riding(second, second) })

describe.each([1, 4])('feed, with %i partition(s)', (partitions) => {
  test('gives what was, then what comes, each event once and in order', async () => {
    await using live = await openLive({ partitions })
    const rideId = await startRide(live)
    for (let second = 0; second < 5; second++) await record(live, rideId, second)
    const feed = live.follow(rideId, { after: 0, isLast: never })
    expect(versionsOf(await take(feed, 6))).toEqual(upTo(6))
    const coming = take(feed, 10)
    for (let second = 5; second < 15; second++) await record(live, rideId, second)
    expect(versionsOf(await coming)).toEqual(upTo(16, 7))
    await feed.return?.()
  })

  test('no gap and no repeat however subscribing and writing fall together', async () => {
    await using live = await openLive({ partitions })
    const rideId = await startRide(live)
    const feeds: Promise<number[]>[] = []
    for (let second = 0; second < 60; second++) {
      const recorded = record(live, rideId, second)
      const feed = live.follow(rideId, { after: 0, isLast: ({ version }) => version === 61 })
      feeds.push(take(feed, 1000).then(versionsOf))
      await recorded
    }
    for (const versions of await Promise.all(feeds)) expect(versions).toEqual(upTo(61))
  })

  test('resumed behind any version it continues exactly there', async () => {
    await using live = await openLive({ partitions })
    const rideId = await startRide(live)
    for (let second = 0; second < 30; second++) await record(live, rideId, second)
    const resumed = [0, 1, 7, 30, 31].map((after) => {
      const feed = live.follow(rideId, { after, isLast: ({ version }) => version === 41 })
      return { after, versions: take(feed, 1000).then(versionsOf) }
    })
    for (let second = 30; second < 40; second++) await record(live, rideId, second)
    for (const { after, versions } of resumed) expect(await versions).toEqual(upTo(41, after + 1))
  })
})

test('bounded: a reader that stops reads on exactly, from the log where the ring no longer reaches', async () => {
  await using live = await openLive()
  const rideId = await startRide(live)
  const slow = live.follow(rideId, { after: 0, isLast: never })
  const fast = live.follow(rideId, { after: 0, isLast: ({ version }) => version === 1001 })
  expect(versionsOf(await take(slow, 1))).toEqual([1])
  const reading = take(fast, 2000)
  // Far more events than the ring holds.
  for (let from = 0; from < 1000; from += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, index) => record(live, rideId, from + index)))
  }
  expect(versionsOf(await reading)).toEqual(upTo(1001))
  expect(versionsOf(await take(slow, 1000))).toEqual(upTo(1001, 2))
  await slow.return?.()
})

test('rights: found anew before each event; who has lost them gets nothing more, not even what came before', async () => {
  await using live = await openLive()
  const rideId = await startRide(live)
  await record(live, rideId, 1)
  let isBarred = false
  const rights = {
    hear({ version }: RecordedEvent) {
      if (version === 4) isBarred = true
    },
    now: () => (isBarred ? undefined : 'some'),
  }
  const open = () => live.follow(rideId, { after: 0, isLast: never, rights })
  const [current, slow] = [open(), open()]
  expect(versionsOf(await take(current, 2))).toEqual([1, 2])
  expect(versionsOf(await take(slow, 1))).toEqual([1])
  await record(live, rideId, 2)
  expect(versionsOf(await take(current, 1))).toEqual([3])
  const rest = take(current, 100)
  await record(live, rideId, 3)
  expect(await rest).toEqual([])
  expect(await take(slow, 100)).toEqual([])
})

test('a feed that waits ends at once when it is left', async () => {
  await using live = await openLive()
  const feed = live.follow(await startRide(live), { after: 1, isLast: never })
  const waiting = feed.next()
  await feed.return?.()
  expect(await waiting).toEqual({ done: true, value: undefined })
})

test('hint: with every notification lost a feed brings everything all the same', async () => {
  await using live = await openLive({ listener: { on: () => () => undefined, close: async () => undefined } })
  const rideId = await startRide(live)
  const feed = live.follow(rideId, { after: 0, isLast: ({ version }) => version === 3 })
  const versions = take(feed, 10).then(versionsOf)
  await record(live, rideId, 1)
  await record(live, rideId, 2)
  expect(await versions).toEqual([1, 2, 3])
})

test('the tail brings data only of rides that are watched', async () => {
  await using live = await openLive()
  const [watched, other] = [await startRide(live), await startRide(live)]
  const seen: { streamId: string; data: unknown }[] = []
  live.tail.onEvent(({ streamId, version, data }) => {
    if (version > 1) seen.push({ streamId, data })
  })
  const dataOf = (rideId: string) =>
    seen.filter(({ streamId }) => streamId === rideId).map(({ data }) => data)
  const feed = live.follow(watched, { after: 1, isLast: never })
  const next = feed.next()
  for (let second = 0; second < 5; second++) {
    await record(live, watched, second)
    await record(live, other, second)
  }
  await eventually('all to be heard', () => seen.length === 10)
  // The first may have been read before anybody watched.
  expect(dataOf(watched).at(-1)).toMatchObject({ positions: {} })
  expect(dataOf(other)).toEqual([null, null, null, null, null])
  expect(await next).toMatchObject({ value: { version: 2 } })
  await feed.return?.()
})

describe('of a stream that ends in a tombstone', () => {
  const isTombstone = ({ type }: RecordedEvent) => type === 'RideDeleted'
  const remove = ({ command }: OpenedLive, rideId: string) =>
    command(rideId, { type: 'deleteRide', at: null })
  const typesOf = (events: readonly RecordedEvent[]) => events.map(({ type }) => type)

  test('a feed gives the tombstone, and is over', async () => {
    await using live = await openLive()
    const rideId = await startRide(live)
    const feed = live.follow(rideId, { after: 0, isLast: never, isTombstone })
    const events = take(feed, 100)
    await record(live, rideId, 1)
    await remove(live, rideId)
    expect(typesOf(await events).at(-1)).toBe('RideDeleted')
  })

  test('whoever lags behind gets the tombstone alone, with its data, redacted or not', async () => {
    await using live = await openLive()
    const rideId = await startRide(live)
    for (let second = 0; second < 20; second++) await record(live, rideId, second)
    const open = () => live.follow(rideId, { after: 0, isLast: never, isTombstone })
    const [slow, slower] = [open(), open()]
    for (const each of [slow, slower]) expect(versionsOf(await take(each, 2))).toEqual([1, 2])
    const heard = new Promise<void>((resolve) =>
      live.tail.onEvent((event) => isTombstone(event) && resolve()),
    )
    await remove(live, rideId)
    await heard
    expect(await take(slow, 100)).toMatchObject([
      { version: 22, type: 'RideDeleted', data: { status: 'ACTIVE' } },
    ])
    await redactStream(live.log.database, { partition: 0, streamId: rideId })
    expect(typesOf(await take(slower, 100))).toEqual(['RideDeleted'])
    // As another process has it, which reads the log only after the redaction.
    expect(typesOf(await take(open(), 100))).toEqual(['RideDeleted'])
  })

  test('redacted events are passed over by whoever knows no tombstones, too', async () => {
    await using live = await openLive()
    const rideId = await startRide(live)
    await record(live, rideId, 1)
    await remove(live, rideId)
    await redactStream(live.log.database, { partition: 0, streamId: rideId })
    const feed = live.follow(rideId, { after: 0, isLast: ({ version }) => version === 3 })
    expect(typesOf(await take(feed, 100))).toEqual(['RideDeleted'])
  })

  test('it comes once and last, and nothing redacted before it, however deleting and reading fall together', async () => {
    await using live = await openLive()
    for (let round = 0; round < 10; round++) {
      const rideId = await startRide(live)
      await Promise.all(Array.from({ length: 10 }, (_, index) => record(live, rideId, index)))
      const feeds = Array.from({ length: 8 }, (_, after) =>
        take(live.follow(rideId, { after, isLast: never, isTombstone }), 100),
      )
      await remove(live, rideId)
      await redactStream(live.log.database, { partition: 0, streamId: rideId })
      for (const events of await Promise.all(feeds)) {
        expect(typesOf(events).at(-1)).toBe('RideDeleted')
        expect(events.every(({ data }) => data !== null)).toBe(true)
        expect(typesOf(events).filter((type) => type === 'RideDeleted')).toHaveLength(1)
      }
    }
  })
})

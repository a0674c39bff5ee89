import { randomUUID } from 'node:crypto'
import { sql } from '@databases/pg'
import { expect, test } from 'vitest'
import { readCursor, writeCursor } from '#log/cursor.ts'
import { type FollowOptions, follow } from '#log/follow.ts'
import { openListener } from '#log/listener.ts'
import { type RecordedEvent, readStream } from '#log/read.ts'
import { eventually } from '../support/eventually.ts'
import { event, type OpenedLog, openFreshLog } from './open.ts'

const append = ({ log }: OpenedLog, { type = 'Happened', streamType = 'thing' } = {}) =>
  log.append({
    streamId: randomUUID(),
    streamType,
    expectedVersion: 0,
    state: '{}',
    events: [{ ...event(randomUUID()), type }],
  })

const silent = { on: () => () => undefined, close: async () => undefined }

function collect(
  opened: OpenedLog,
  options: Pick<FollowOptions, 'listener' | 'pollMs' | 'types' | 'streamTypes' | 'own'> & {
    partition?: number
  },
) {
  const aborter = new AbortController()
  const seen: RecordedEvent[] = []
  const holes: number[] = []
  const faults: unknown[] = []
  const following = (async () => {
    const { partition = 0 } = options
    for await (const batch of follow({
      ...options,
      database: opened.log.database,
      partition,
      after: 0,
      signal: aborter.signal,
      onHole: (position) => holes.push(position),
      onFault: (error) => faults.push(error),
      batchSize: 10,
    })) {
      seen.push(...batch)
    }
  })()
  return {
    seen,
    holes,
    faults,
    async stop() {
      aborter.abort()
      await following
    },
  }
}

interface Removed {
  readonly position: number
  readonly recorded_at: Date
  readonly version: number
  readonly stream_id: string
  readonly event_id: string
  readonly type: string
}

async function putBack({ log }: OpenedLog, event: Removed): Promise<void> {
  await log.database.query(sql`
    insert into events (partition, schema_version, data, position, recorded_at, version, stream_id, event_id, type)
    values (0, 1, '{}', ${event.position}, ${event.recorded_at}, ${event.version}, ${event.stream_id}, ${event.event_id}, ${event.type})`)
}

test.each([1, 4])(
  'hint: a notification wakes a follower at once, with %i partition(s)',
  async (partitions) => {
    await using opened = await openFreshLog({ partitions })
    const listener = await openListener({
      url: opened.url,
      onLost: () => undefined,
      onReturned: () => undefined,
    })
    const followers = Array.from({ length: partitions }, (_, partition) =>
      collect(opened, { listener, pollMs: 3_600_000, partition }),
    )
    for (let count = 1; count <= 25; count++) {
      await append(opened)
      await eventually(`event ${count}`, () => followers.flatMap(({ seen }) => seen).length === count)
    }
    for (const { seen } of followers)
      expect(seen.map(({ position }) => position)).toEqual(seen.map((_, index) => index + 1))
    for (const follower of followers) await follower.stop()
    await listener.close()
  },
)

test('hint: with every notification lost a slow poll finds everything, once', async () => {
  await using opened = await openFreshLog()
  const follower = collect(opened, { listener: silent, pollMs: 20 })
  for (let count = 0; count < 25; count++) await append(opened)
  await eventually('all events', () => follower.seen.length === 25)
  expect(follower.seen.map(({ position }) => position)).toEqual(
    Array.from({ length: 25 }, (_, index) => index + 1),
  )
  await follower.stop()
})

test.each([1, 4])(
  'own appends and those of another process between them come once and in order, with %i partition(s)',
  async (partitions) => {
    await using opened = await openFreshLog({ partitions })
    const another = { ...opened, log: await opened.another() }
    const listener = await openListener({
      url: opened.url,
      onLost: () => undefined,
      onReturned: () => undefined,
    })
    const followers = Array.from({ length: partitions }, (_, partition) =>
      collect(opened, { listener, pollMs: 3_600_000, partition, own: opened.log.own(partition) }),
    )
    for (let round = 1; round <= 20; round++) {
      const both = [opened, another].flatMap((each) => [append(each), append(each), append(each)])
      await Promise.all(both)
      await eventually(`round ${round}`, () => followers.flatMap(({ seen }) => seen).length === 6 * round)
    }
    for (const { seen, holes } of followers) {
      expect(seen.map(({ position }) => position)).toEqual(seen.map((_, index) => index + 1))
      expect(holes).toEqual([])
    }
    // What was taken from memory is what the log has.
    const events = followers.flatMap(({ seen }) => seen)
    for (const { streamId, eventId, recordedAt, data, ...rest } of events) {
      const [kept] = await readStream(opened.log, streamId, { after: 0, limit: 1 })
      expect({ ...rest, streamId, eventId, data, metadata: null }).toEqual({
        ...kept,
        recordedAt: undefined,
        metadata: null,
      })
      expect(recordedAt).toBeCloseTo(kept!.recordedAt, 2)
    }
    for (const follower of followers) await follower.stop()
    await listener.close()
  },
)

test('hint: with every notification lost the next own append shows what others have appended', async () => {
  await using opened = await openFreshLog()
  const another = { ...opened, log: await opened.another() }
  const follower = collect(opened, { listener: silent, pollMs: 3_600_000, own: opened.log.own(0) })
  await append(opened)
  await eventually('the first', () => follower.seen.length === 1)
  await append(another)
  await append(opened)
  await eventually('all three', () => follower.seen.length === 3)
  expect(follower.seen.map(({ position }) => position)).toEqual([1, 2, 3])
  await follower.stop()
})

test('hint: with every notification lost others are found by the poll, however busy this process is with nothing', async () => {
  await using opened = await openFreshLog()
  const another = { ...opened, log: await opened.another() }
  const first = { ...event(randomUUID()), contentHash: '01' }
  const again = () =>
    opened.log.append({
      streamId: '6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506',
      streamType: 'thing',
      expectedVersion: 0,
      state: '{}',
      events: [first],
    })
  await again()
  const follower = collect(opened, { listener: silent, pollMs: 300, own: opened.log.own(0) })
  await eventually('the first', () => follower.seen.length === 1)
  await append(another)
  await eventually('the other', async () => {
    expect(await again()).toMatchObject({ outcome: 'duplicate' })
    return follower.seen.length === 2
  })
  await follower.stop()
})

test('hint: repeated and empty notifications bring nothing twice', async () => {
  await using opened = await openFreshLog()
  const listener = await openListener({
    url: opened.url,
    onLost: () => undefined,
    onReturned: () => undefined,
  })
  const follower = collect(opened, { listener, pollMs: 3_600_000 })
  await append(opened)
  for (let count = 0; count < 20; count++)
    await opened.log.database.query(sql`select pg_notify('log', 'nonsense')`)
  await append(opened)
  await eventually('both events', () => follower.seen.length >= 2)
  expect(follower.seen.map(({ position }) => position)).toEqual([1, 2])
  await follower.stop()
  await listener.close()
})

test('a hole, which cannot be, is reported once and waited for, never jumped over', async () => {
  await using opened = await openFreshLog()
  for (let count = 0; count < 5; count++) await append(opened)
  const [third] = await opened.log.database.query(sql`delete from events where position = 3 returning *`)
  const follower = collect(opened, { listener: silent, pollMs: 20 })
  await eventually('the hole to be reported', () => follower.holes.length > 0)
  expect(follower.holes).toEqual([3])
  expect(follower.seen.map(({ position }) => position)).toEqual([1, 2])
  await putBack(opened, third)
  await eventually('the rest', () => follower.seen.length === 5)
  expect(follower.seen.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5])
  await follower.stop()
})

test('who follows some types only gets those, all of them, in order, and is woken for them', async () => {
  await using opened = await openFreshLog()
  const listener = await openListener({
    url: opened.url,
    onLost: () => undefined,
    onReturned: () => undefined,
  })
  const hinted = { listener, pollMs: 3_600_000 }
  const rare = collect(opened, { ...hinted, types: ['Rare', 'Rarer'] })
  const songs = collect(opened, { ...hinted, streamTypes: ['song'] })
  const both = collect(opened, { ...hinted, types: ['Rare'], streamTypes: ['song'] })
  // More than a batch between two that are wanted.
  for (let count = 0; count < 15; count++) await append(opened)
  await append(opened, { type: 'Rare' })
  await eventually('the first', () => rare.seen.length === 1)
  for (let count = 0; count < 15; count++) await append(opened, { streamType: 'song' })
  await append(opened, { type: 'Rarer' })
  await append(opened, { type: 'Rare', streamType: 'song' })
  await eventually(
    'the last',
    () => rare.seen.length >= 3 && songs.seen.length >= 16 && both.seen.length >= 1,
  )
  expect(rare.seen.map(({ position, type }) => [position, type])).toEqual([
    [16, 'Rare'],
    [32, 'Rarer'],
    [33, 'Rare'],
  ])
  expect(songs.seen.map(({ position }) => position)).toEqual([
    ...Array.from({ length: 15 }, (_, index) => 17 + index),
    33,
  ])
  expect(both.seen.map(({ position }) => position)).toEqual([33])
  for (const follower of [rare, songs, both]) {
    expect(follower.faults).toEqual([])
    await follower.stop()
  }
  await listener.close()
})

test('a hole among what is not wanted is not jumped over either', async () => {
  await using opened = await openFreshLog()
  for (const type of ['Rare', 'Common', 'Common', 'Rare', 'Common', 'Rare']) await append(opened, { type })
  const [third] = await opened.log.database.query(sql`delete from events where position = 3 returning *`)
  const follower = collect(opened, { listener: silent, pollMs: 20, types: ['Rare'] })
  await eventually('the hole to be reported', () => follower.holes.length > 0)
  expect(follower.holes).toEqual([3])
  expect(follower.seen.map(({ position }) => position)).toEqual([1])
  await putBack(opened, third)
  await eventually('the rest', () => follower.seen.length === 3)
  expect(follower.seen.map(({ position }) => position)).toEqual([1, 4, 6])
  expect(follower.holes).toEqual([3])
  await follower.stop()
})

test('a read that fails is reported and tried again, and nothing is missed', async () => {
  await using opened = await openFreshLog()
  const { database } = opened.log
  const follower = collect(opened, { listener: silent, pollMs: 20 })
  await append(opened)
  await eventually('the first event', () => follower.seen.length === 1)
  await database.query(sql`alter table events rename to events_elsewhere`)
  await eventually('the fault to be reported', () => follower.faults.length > 0)
  await database.query(sql`alter table events_elsewhere rename to events`)
  await append(opened)
  await eventually('the second event', () => follower.seen.length === 2)
  expect(follower.seen.map(({ position }) => position)).toEqual([1, 2])
  await follower.stop()
})

test('a cursor comes back as it was written, and one of another incarnation is unknown', async () => {
  const log = { incarnation: randomUUID(), partitions: 1, hash: () => '00'.repeat(16) }
  const cursor = { streamId: randomUUID(), version: 12, position: 3_456_789 }
  const text = writeCursor(log, cursor)
  expect(readCursor(log, text)).toEqual({ outcome: 'read', cursor })
  expect(readCursor({ ...log, incarnation: randomUUID() }, text)).toEqual({ outcome: 'unknown' })
  for (const nonsense of ['', 'x', '💥', text.slice(1), `${text}00`.repeat(50)]) {
    expect(readCursor(log, nonsense)).toEqual({ outcome: 'unknown' })
  }
})

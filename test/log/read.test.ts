import { randomUUID } from 'node:crypto'
import { sql } from '@databases/pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Log } from '#log/log.ts'
import { describeStream, readLastOf, readStream, readWholeStream } from '#log/read.ts'
import { type LogPage, type PageOfPartition, readAll, readHead } from '#log/read-all.ts'
import { redactStream, streamsToRedact } from '#log/redact.ts'
import { event, type OpenedLog, openFreshLog } from './open.ts'

/** Appends an event of each of these types to a stream, as one entry. */
async function append(log: Log, streamId: string, types: readonly string[], streamType = 'thing') {
  const result = await log.append({
    streamId,
    streamType,
    expectedVersion: 'any',
    state: JSON.stringify({ last: types.at(-1) }),
    isTombstone: types.at(-1) === 'Deleted',
    events: types.map((type) => ({
      ...event(randomUUID(), { of: type }),
      type,
      metadata: JSON.stringify({ commandId: type, actor: 'somebody' }),
    })),
  })
  if (result.outcome !== 'appended') throw new Error(`An append was answered ${result.outcome}`)
  return result
}

const versions = (events: readonly { version: number }[]) => events.map(({ version }) => version)
const positions = (events: readonly { position: number }[]) => events.map(({ position }) => position)
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe.each([1, 4])('a stream, with %i partition(s)', (partitions) => {
  let opened: OpenedLog
  let log: Log
  const stream = randomUUID()
  beforeAll(async () => {
    opened = await openFreshLog({ partitions })
    log = opened.log
    for (let count = 0; count < 5; count++) {
      await append(log, stream, ['Odd', 'Even'])
      await append(log, randomUUID(), ['Other'])
    }
  })
  afterAll(() => opened[Symbol.asyncDispose]())

  test('is read forwards behind a version', async () => {
    expect(versions(await readStream(log, stream, { after: 0, limit: 100 }))).toEqual(upTo(10))
    expect(versions(await readStream(log, stream, { after: 3, limit: 4 }))).toEqual([4, 5, 6, 7])
    expect(versions(await readStream(log, stream, { after: 8, limit: 4 }))).toEqual([9, 10])
    expect(await readStream(log, stream, { after: 10, limit: 4 })).toEqual([])
  })

  test('is read backwards from before a version', async () => {
    const newestFirst = upTo(10).reverse()
    expect(versions(await readStream(log, stream, { before: 11, limit: 100 }))).toEqual(newestFirst)
    expect(versions(await readStream(log, stream, { before: Number.POSITIVE_INFINITY, limit: 3 }))).toEqual([
      10, 9, 8,
    ])
    expect(versions(await readStream(log, stream, { before: 3, limit: 4 }))).toEqual([2, 1])
    expect(await readStream(log, stream, { before: 1, limit: 4 })).toEqual([])
  })

  test('is the same by pages, in either direction, as at once', async () => {
    const all = await readStream(log, stream, { after: 0, limit: 100 })
    for (const limit of [1, 3, 5, 10]) {
      const forwards: typeof all = []
      const backwards: typeof all = []
      for (let count = 0; count < all.length; count += limit) {
        forwards.push(...(await readStream(log, stream, { after: forwards.at(-1)?.version ?? 0, limit })))
        const before = backwards.at(-1)?.version ?? Number.POSITIVE_INFINITY
        backwards.push(...(await readStream(log, stream, { before, limit })))
      }
      expect(forwards).toEqual(all)
      expect(backwards).toEqual([...all].reverse())
    }
    const whole = await readWholeStream(log.database, log, stream)
    expect(JSON.parse(whole)).toEqual(all.map(({ type, schemaVersion, data }) => [type, schemaVersion, data]))
  })

  /** The database's, in milliseconds since 1970. */
  async function clock(): Promise<number> {
    const [{ now }] = await log.database.query(
      sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as now`,
    )
    return now
  }

  test('gives its events back as they went in', async () => {
    const id = randomUUID()
    const before = await clock()
    const { firstPosition } = await append(log, id, ['First', 'Second'])
    const [, second] = await readStream(log, id, { after: 0, limit: 2 })
    expect(second).toEqual({
      partition: log.partitionOf(id),
      position: firstPosition + 1,
      streamId: id,
      version: 2,
      eventId: second?.eventId,
      type: 'Second',
      schemaVersion: 1,
      recordedAt: second?.recordedAt,
      data: { of: 'Second' },
      metadata: { commandId: 'Second', actor: 'somebody' },
    })
    expect(second!.recordedAt).toBeGreaterThanOrEqual(before)
    expect(second!.recordedAt).toBeLessThanOrEqual(await clock())
  })

  test('tells the last event of some types at or before a version', async () => {
    const last = (types: string[], upTo: number) => readLastOf(log, stream, { types, upTo })
    expect((await last(['Even'], 10))?.version).toBe(10)
    expect((await last(['Even'], 9))?.version).toBe(8)
    expect((await last(['Even', 'Odd'], 9))?.version).toBe(9)
    expect(await last(['Even'], 1)).toBeUndefined()
    expect(await last(['Other'], 10)).toBeUndefined()
  })

  test('is described without its events', async () => {
    const id = randomUUID()
    expect(await describeStream(log, id)).toBeUndefined()
    await append(log, id, ['First'], 'song')
    await append(log, id, ['Second', 'Third'], 'song')
    const events = await readStream(log, id, { after: 0, limit: 3 })
    const described = {
      type: 'song',
      version: 3,
      isGone: false,
      isRedacted: false,
      createdAt: events[0]?.recordedAt,
      updatedAt: events[2]?.recordedAt,
    }
    expect(await describeStream(log, id)).toEqual(described)
    await append(log, id, ['Deleted'], 'song')
    const [last] = await readStream(log, id, { before: 5, limit: 1 })
    const deleted = { ...described, version: 4, isGone: true, updatedAt: last?.recordedAt }
    expect(await describeStream(log, id)).toEqual(deleted)
    await redactStream(log.database, { partition: log.partitionOf(id), streamId: id })
    expect(await describeStream(log, id)).toEqual({ ...deleted, isRedacted: true })
  })

  test('keeps ids, types and order when it is redacted, and the tombstone its word; others keep all', async () => {
    const [id, neighbour] = [randomUUID(), randomUUID()]
    await append(log, neighbour, ['Kept'])
    await append(log, id, ['First', 'Second'])
    const whole = await readStream(log, id, { after: 0, limit: 10 })
    const [partition, beside] = [log.partitionOf(id), log.partitionOf(neighbour)]
    // Nothing is taken from a stream that lives.
    await redactStream(log.database, { partition, streamId: id })
    expect(await readStream(log, id, { after: 0, limit: 10 })).toEqual(whole)
    expect(await streamsToRedact(log.database, 10)).toEqual([])
    await append(log, id, ['Deleted'])
    expect(await streamsToRedact(log.database, 10)).toEqual([{ partition, streamId: id }])
    for (let time = 0; time < 2; time++) {
      await redactStream(log.database, { partition, streamId: id })
      expect(await streamsToRedact(log.database, 10)).toEqual([])
      const left = await readStream(log, id, { after: 0, limit: 10 })
      expect(left.slice(0, 2)).toEqual(whole.map((each) => ({ ...each, data: null, metadata: null })))
      expect(left[2]).toMatchObject({ type: 'Deleted', data: { of: 'Deleted' }, metadata: null })
    }
    const [hashes] = await log.database.query(
      sql`select count(content_hash) as kept from events where partition = ${partition} and stream_id = ${id}`,
    )
    expect(hashes).toEqual({ kept: 0 })
    await redactStream(log.database, { partition: beside, streamId: neighbour })
    expect(await readStream(log, neighbour, { after: 0, limit: 1 })).toMatchObject([
      { data: { of: 'Kept' }, metadata: { actor: 'somebody' } },
    ])
  })
})

describe('a partition', () => {
  let opened: OpenedLog
  let log: Log
  /** Odd positions are songs' Notes, every hundredth is a Rest, the others are dances' Steps: 12,000 in all. */
  const head = 12_000
  const typeAt = (position: number) => (position % 100 === 0 ? 'Rest' : position % 2 === 1 ? 'Note' : 'Step')
  beforeAll(async () => {
    opened = await openFreshLog()
    log = opened.log
    const [song, dance] = [randomUUID(), randomUUID()]
    await log.database.query(sql`
      insert into events (partition, position, stream_id, version, event_id, type, schema_version, recorded_at, data)
      select 0, n, case n % 2 when 1 then ${song}::uuid else ${dance}::uuid end, (n + 1) / 2, gen_random_uuid(),
             case when n % 100 = 0 then 'Rest' when n % 2 = 1 then 'Note' else 'Step' end, 1, now(), '{}'
        from generate_series(1, ${head}::integer) n`)
    await log.database.query(sql`
      insert into streams (partition, stream_id, version, type, state)
      values (0, ${song}, ${head / 2}, 'song', '{}'), (0, ${dance}, ${head / 2}, 'dance', '{}')`)
  })
  afterAll(() => opened[Symbol.asyncDispose]())

  /** All pages from the beginning until nothing more comes. */
  async function pages(page: Omit<PageOfPartition, 'partition' | 'after'>): Promise<LogPage[]> {
    const read: LogPage[] = []
    for (let after = 0; ; ) {
      const next = await readAll(log.database, { ...page, partition: 0, after })
      if (next.upTo === after) return read
      read.push(next)
      after = next.upTo
    }
  }

  test.each([
    ['by event type', { types: ['Rest'] }, (position: number) => typeAt(position) === 'Rest'],
    ['by several event types', { types: ['Rest', 'Step'] }, (position: number) => position % 2 === 0],
    ['by stream type', { streamTypes: ['song'] }, (position: number) => position % 2 === 1],
    [
      'by both',
      { types: ['Rest', 'Note'], streamTypes: ['dance'] },
      (position: number) => position % 100 === 0,
    ],
    ['by several stream types', { streamTypes: ['song', 'dance'] }, () => true],
    ['by nothing', {}, () => true],
  ] as const)(
    'gives %s what is wanted, once, in order, whatever the size of a page',
    async (_, filter, isWanted) => {
      const wanted = upTo(head).filter(isWanted)
      for (const limit of [wanted.length > 1000 ? 997 : 7, 5_000]) {
        const read = await pages({ ...filter, limit })
        expect(positions(read.flatMap(({ events }) => events))).toEqual(wanted)
        expect(read.every(({ events }) => events.length <= limit)).toBe(true)
        expect(read.at(-1)?.upTo).toBe(head)
        expect(read.every(({ hole }) => hole === undefined)).toBe(true)
      }
    },
  )

  test('of which little is wanted is passed over by wide looks, and what was passed is said', async () => {
    const read = await pages({ types: ['Nothing'], limit: 10 })
    expect(read.flatMap(({ events }) => events)).toEqual([])
    expect(read.map((page) => page.upTo)).toEqual([5_000, 10_000, 12_000])
  })

  test('of which more is wanted than a page holds goes on behind the page, not behind the look', async () => {
    const page = await readAll(log.database, { partition: 0, after: 0, limit: 3, types: ['Rest'] })
    expect(positions(page.events)).toEqual([100, 200, 300])
    expect(page.upTo).toBe(300)
  })

  test('gives nothing behind its head, and stays where it is', async () => {
    for (const filter of [{}, { types: ['Note'] }, { streamTypes: ['song'] }]) {
      const page = await readAll(log.database, { partition: 0, after: head, limit: 10, ...filter })
      expect(page).toEqual({ events: [], upTo: head, hasMore: false, hole: undefined })
    }
    expect(await readHead(log.database, 0)).toBe(head)
    expect(await readHead(log.database, 1)).toBe(0)
  })

  test('gives the data of those streams only that are asked for', async () => {
    const [first] = (await readAll(log.database, { partition: 0, after: 0, limit: 1 })).events
    const withDataOf = [first!.streamId]
    const { events } = await readAll(log.database, { partition: 0, after: 0, limit: 4, withDataOf })
    expect(events.map(({ data }) => data)).toEqual([{}, null, {}, null])
  })

  test.each([
    ['all', {}],
    ['events of a type', { types: ['Step'] }],
    ['streams of a type', { streamTypes: ['dance'] }],
  ] as const)(
    'with a hole, which cannot be, gives of %s what is before it, and nothing behind it',
    async (_, filter) => {
      const hole = 6_007
      const isWanted =
        'types' in filter
          ? (p: number) => typeAt(p) === 'Step'
          : (p: number) => !('streamTypes' in filter) || p % 2 === 0
      const [removed] = await log.database.query(
        sql`delete from events where partition = 0 and position = ${hole} returning *`,
      )
      try {
        for (const limit of [100, 5_000]) {
          const read: LogPage[] = []
          for (let after = 0; ; after = read.at(-1)!.upTo) {
            const next = await readAll(log.database, { ...filter, partition: 0, after, limit })
            read.push(next)
            if (next.upTo === after) break
          }
          expect(positions(read.flatMap(({ events }) => events))).toEqual(upTo(hole - 1).filter(isWanted))
          expect(read.at(-1)).toEqual({ events: [], upTo: hole - 1, hasMore: false, hole })
          // What comes before the page that reaches it does not know of it.
          expect(read[0]?.hole).toBeUndefined()
          for (const page of read) expect([undefined, hole]).toContain(page.hole)
        }
        // In the middle of a page: what is before it comes at once, and the hole is said with it.
        const page = await readAll(log.database, { ...filter, partition: 0, after: hole - 8, limit: 100 })
        expect(positions(page.events)).toEqual(
          upTo(hole - 1)
            .slice(-7)
            .filter(isWanted),
        )
        expect(page).toMatchObject({ upTo: hole - 1, hole })
      } finally {
        await log.database.query(sql`
        insert into events (partition, position, stream_id, version, event_id, type, schema_version, recorded_at, data)
        values (0, ${hole}, ${removed.stream_id}, ${removed.version}, ${removed.event_id}, 'Note', 1, now(), '{}')`)
      }
    },
  )
})

import { randomUUID } from 'node:crypto'
import { IsolationLevel, sql } from '@databases/pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrate } from '#database/migrate.ts'
import type { AppendEntry, ExpectedVersion } from '#log/append.ts'
import { openListener } from '#log/listener.ts'
import type { Log } from '#log/log.ts'
import { readState, readStream } from '#log/read.ts'
import { readAll, readHead } from '#log/read-all.ts'
import { eventually } from '../support/eventually.ts'
import { event, type OpenedLog, openFreshLog } from './open.ts'

const entry = (streamId: string, expectedVersion: ExpectedVersion, ...eventIds: string[]): AppendEntry => ({
  streamId,
  streamType: 'thing',
  expectedVersion,
  state: JSON.stringify(
    typeof expectedVersion === 'number'
      ? { version: expectedVersion + eventIds.length }
      : { expectedVersion },
  ),
  events: eventIds.map((eventId) => event(eventId)),
})
const tombstone = (streamId: string, ...eventIds: string[]): AppendEntry => ({
  ...entry(streamId, 'exists', ...eventIds),
  isTombstone: true,
})
/** Streams of one partition, however many there are: what arrives at once goes into one commit. */
const stream0 = () => `${randomUUID().slice(0, -4)}0000`

describe.each([1, 4])('append, with %i partition(s)', (partitions) => {
  let opened: OpenedLog
  let log: Log
  beforeAll(async () => {
    opened = await openFreshLog({ partitions })
    log = opened.log
  })
  afterAll(() => opened[Symbol.asyncDispose]())

  test('appends to a new stream, and again at its version', async () => {
    const stream = randomUUID()
    expect(await log.append(entry(stream, 0, randomUUID()))).toMatchObject({ outcome: 'appended' })
    expect(await log.append(entry(stream, 1, randomUUID(), randomUUID()))).toMatchObject({
      outcome: 'appended',
    })
    const events = await readStream(log, stream, { after: 0, limit: 10 })
    expect(events.map(({ version }) => version)).toEqual([1, 2, 3])
  })

  test('at another version: conflict, with the version and state as they are', async () => {
    const stream = randomUUID()
    await log.append(entry(stream, 0, randomUUID()))
    const expected = { outcome: 'conflict', actual: { version: 1, state: { version: 1 } } }
    expect(await log.append(entry(stream, 0, randomUUID()))).toEqual(expected)
    expect(await log.append(entry(stream, 2, randomUUID()))).toEqual(expected)
    expect(await log.append(entry(randomUUID(), 5, randomUUID()))).toEqual({
      outcome: 'conflict',
      actual: { version: 0, state: null },
    })
  })

  test('an event that is known: duplicate, with what it was the first time, and none of the entry is written', async () => {
    const stream = randomUUID()
    const [first, second] = [randomUUID(), randomUUID()]
    const appended = await log.append({
      ...entry(stream, 0),
      events: [{ ...event(first), contentHash: 'ab'.repeat(16) }],
    })
    const position = appended.outcome === 'appended' ? appended.firstPosition : 0
    const again = await log.append(entry(stream, 1, first, second))
    expect(again).toMatchObject({
      outcome: 'duplicate',
      known: [{ eventId: first, version: 1, position, contentHash: 'ab'.repeat(16) }],
      actual: { version: 1 },
    })
    expect(await readStream(log, stream, { after: 0, limit: 10 })).toHaveLength(1)
  })

  test.each([
    // What is expected, of a new stream, of one at version 2.
    ['none', 'appended', 'conflict'],
    [0, 'appended', 'conflict'],
    ['any', 'appended', 'appended'],
    ['exists', 'conflict', 'appended'],
    [1, 'conflict', 'conflict'],
    [2, 'conflict', 'appended'],
    [3, 'conflict', 'conflict'],
  ] as const)(
    'expecting %s: %s where the stream is new, %s at version 2',
    async (expected, ofNew, ofKnown) => {
      const [fresh, known] = [randomUUID(), randomUUID()]
      await log.append(entry(known, 'none', randomUUID(), randomUUID()))
      for (const [stream, outcome, version] of [
        [fresh, ofNew, 0],
        [known, ofKnown, 2],
      ] as const) {
        const result = await log.append(entry(stream, expected, randomUUID()))
        expect(result).toMatchObject(
          outcome === 'appended' ? { outcome, firstVersion: version + 1 } : { outcome, actual: { version } },
        )
        const events = await readStream(log, stream, { after: 0, limit: 10 })
        expect(events).toHaveLength(outcome === 'appended' ? version + 1 : version)
      }
    },
  )

  test('the events of one append follow one another in version and position, and the state is that after the last', async () => {
    const stream = randomUUID()
    await log.append(entry(stream, 0, randomUUID()))
    const ids = Array.from({ length: 5 }, () => randomUUID())
    const result = await log.append(entry(stream, 1, ...ids))
    const { firstPosition } = result as Extract<typeof result, { outcome: 'appended' }>
    expect(result).toEqual({ outcome: 'appended', firstVersion: 2, firstPosition })
    const events = await readStream(log, stream, { after: 1, limit: 10 })
    expect(events).toMatchObject(
      ids.map((eventId, index) => ({ eventId, version: 2 + index, position: firstPosition + index })),
    )
    const { actual } = await readState(log, stream, ids[0]!)
    expect(actual).toEqual({ version: 6, state: { version: 6 } })
  })

  test('an append without a state leaves the state as it is', async () => {
    const stream = randomUUID()
    expect(await log.append({ ...entry(stream, 'none', randomUUID()), state: null })).toMatchObject({
      outcome: 'appended',
    })
    expect((await readState(log, stream, randomUUID())).actual).toEqual({ version: 1, state: null })
    await log.append(entry(stream, 1, randomUUID()))
    await log.append({ ...entry(stream, 2, randomUUID(), randomUUID()), state: null })
    expect((await readState(log, stream, randomUUID())).actual).toEqual({ version: 4, state: { version: 2 } })
  })

  test('a stream that ends in a tombstone is gone, whatever is expected of it', async () => {
    const stream = randomUUID()
    const [first, last] = [randomUUID(), randomUUID()]
    await log.append(entry(stream, 'none', first))
    expect(await log.append(tombstone(stream, randomUUID(), last))).toMatchObject({
      outcome: 'appended',
      firstVersion: 2,
    })
    expect((await readState(log, stream, last)).isGone).toBe(true)
    for (const expected of ['none', 'any', 'exists', 0, 2, 3] as const) {
      expect(await log.append(entry(stream, expected, randomUUID()))).toEqual({ outcome: 'gone' })
    }
    // Also for what was appended before: nobody learns that it was there.
    for (const known of [first, last]) {
      expect(await log.append(entry(stream, 3, known))).toEqual({ outcome: 'gone' })
      expect(await log.append(tombstone(stream, known))).toEqual({ outcome: 'gone' })
    }
    const events = await readStream(log, stream, { after: 0, limit: 10 })
    expect(events.map(({ version }) => version)).toEqual([1, 2, 3])
  })

  test('only what is marked as one is a tombstone', async () => {
    const stream = randomUUID()
    await log.append(entry(stream, 'none', randomUUID(), randomUUID()))
    expect(await log.append({ ...tombstone(stream, randomUUID()), expectedVersion: 7 })).toMatchObject({
      outcome: 'conflict',
    })
    expect(await log.append(entry(stream, 2, randomUUID()))).toMatchObject({ outcome: 'appended' })
  })

  test('the same id in another stream is another event', async () => {
    const id = randomUUID()
    expect(await log.append(entry(randomUUID(), 0, id))).toMatchObject({ outcome: 'appended' })
    expect(await log.append(entry(randomUUID(), 0, id))).toMatchObject({ outcome: 'appended' })
  })

  test('neighbours in one commit are judged each by itself', async () => {
    const [known, taken, fresh] = [randomUUID(), randomUUID(), randomUUID()]
    const event = randomUUID()
    await log.append(entry(known, 0, event))
    await log.append(entry(taken, 0, randomUUID()))
    const results = await Promise.all([
      log.append(entry(known, 1, event)),
      log.append(entry(taken, 0, randomUUID())),
      log.append(entry(fresh, 0, randomUUID())),
    ])
    expect(results.map(({ outcome }) => outcome)).toEqual(['duplicate', 'conflict', 'appended'])
  })

  test('a stream that is gone does not harm its neighbours in the same commit', async () => {
    const [gone, ending, known, one, two] = [stream0(), stream0(), stream0(), stream0(), stream0()]
    const event = randomUUID()
    await log.append(entry(gone, 'none', randomUUID()))
    await log.append(tombstone(gone, randomUUID()))
    await log.append(entry(ending, 'none', randomUUID()))
    await log.append(entry(known, 'none', event))
    const before = await readHead(log.database, 0)
    const results = await Promise.all([
      log.append(entry(one, 0, randomUUID(), randomUUID())),
      log.append(entry(gone, 2, randomUUID())),
      log.append(tombstone(ending, randomUUID())),
      log.append(entry(known, 1, event)),
      log.append(entry(two, 0, randomUUID())),
    ])
    expect(
      results.map((result) => [result.outcome, 'firstPosition' in result && result.firstPosition]),
    ).toEqual([
      ['appended', before + 1],
      ['gone', false],
      ['appended', before + 3],
      ['duplicate', false],
      ['appended', before + 4],
    ])
    const { events } = await readAll(log.database, { partition: 0, after: before, limit: 10 })
    expect(events.map(({ streamId }) => streamId)).toEqual([one, one, ending, two])
    expect(new Set(events.map(({ recordedAt }) => recordedAt)).size).toBe(1)
  })

  test('an entry that makes the statement fail fails alone', async () => {
    const good = Array.from({ length: 9 }, () => randomUUID())
    const bad = { ...entry(randomUUID(), 0, randomUUID()), state: '{ no json' }
    const appends = [
      ...good.slice(0, 5).map((stream) => entry(stream, 0, randomUUID())),
      bad,
      ...good.slice(5).map((stream) => entry(stream, 0, randomUUID())),
    ]
    const results = await Promise.allSettled(appends.map((each) => log.append(each)))
    expect(results.map(({ status }) => status)).toEqual(
      appends.map((each) => (each === bad ? 'rejected' : 'fulfilled')),
    )
    for (const stream of good) expect(await readStream(log, stream, { after: 0, limit: 2 })).toHaveLength(1)
  })

  test('order: positions and versions are contiguous under 64 concurrent writers on several connections', async () => {
    const writers = [log, await opened.another(), await opened.another()]
    const streams = Array.from({ length: 16 }, () => randomUUID())
    let conflicts = 0
    async function write(number: number): Promise<void> {
      const writer = writers[number % writers.length]!
      for (let round = 0; round < 6; round++) {
        const stream = streams[(number + round) % streams.length]!
        const id = randomUUID()
        let version = 0
        for (;;) {
          const result = await writer.append(entry(stream, version, id))
          if (result.outcome === 'appended') break
          if (result.outcome !== 'conflict') throw new Error(`Unexpected ${result.outcome}`)
          conflicts++
          version = result.actual.version
        }
      }
    }
    await Promise.all(Array.from({ length: 64 }, (_, number) => write(number)))
    expect(conflicts).toBeGreaterThan(0)
    let written = 0
    for (const stream of streams) {
      const events = await readStream(log, stream, { after: 0, limit: 1000 })
      expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1))
      // Commit order: a stream's later version has a later position.
      expect(events.map(({ position }) => position)).toEqual(
        events.map(({ position }) => position).sort((a, b) => a - b),
      )
      const [row] = await log.database.query(
        sql`select version, state from streams where stream_id = ${stream}`,
      )
      expect(row).toEqual({ version: events.length, state: { version: events.length } })
      written += events.length
    }
    expect(written).toBe(64 * 6)
    for (let partition = 0; partition < partitions; partition++) {
      const head = await readHead(log.database, partition)
      const { events } = await readAll(log.database, { partition, after: 0, limit: 10_000 })
      expect(events.map(({ position }) => position)).toEqual(
        Array.from({ length: head }, (_, index) => index + 1),
      )
      const times = events.map(({ recordedAt }) => recordedAt)
      expect(times).toEqual([...times].sort((a, b) => a - b))
    }
  })

  test('a stream lives in the partition that its last two bytes say', () => {
    expect(log.partitionOf('00000000-0000-4000-8000-000000000102')).toBe(0x0102 % partitions)
    expect(log.partitionOf('00000000-0000-4000-8000-00000000ffff')).toBe(0xffff % partitions)
  })
})

test('all that arrives in one breath goes into one commit, which hints once', async () => {
  await using opened = await openFreshLog()
  const { log, url } = opened
  const listener = await openListener({ url, onLost: () => undefined, onReturned: () => undefined })
  let hints = 0
  listener.on('log', () => hints++)
  const first = Array.from({ length: 200 }, () => log.append(entry(randomUUID(), 0, randomUUID())))
  await Promise.all(first)
  await log.append(entry(randomUUID(), 0, randomUUID()))
  await eventually('the hints of both commits', () => hints >= 2)
  expect(hints).toBe(2)
  const [{ commits }] = await log.database.query(
    sql`select count(distinct recorded_at) as commits from events`,
  )
  expect(commits).toBe(2)
  await listener.close()
})

test('what would be too much to keep waiting is refused at once', async () => {
  await using opened = await openFreshLog()
  const large = () => ({ ...entry(randomUUID(), 0), events: [event(randomUUID(), 'x'.repeat(900_000))] })
  const results = await Promise.all(Array.from({ length: 80 }, () => opened.log.append(large())))
  const outcomes = results.map(({ outcome }) => outcome)
  expect(outcomes).toContain('overloaded')
  expect(outcomes.filter((outcome) => outcome === 'appended').length).toBe(
    await readHead(opened.log.database, 0),
  )
})

test('append_events refuses to judge by an old snapshot', async () => {
  await using opened = await openFreshLog()
  const attempt = opened.log.database.tx(
    (transaction) =>
      transaction.query(
        sql`select * from append_events(0::smallint, false, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')`,
      ),
    { isolationLevel: IsolationLevel.REPEATABLE_READ },
  )
  await expect(attempt).rejects.toThrow('READ COMMITTED')
})

test('the number of partitions is fixed when the log is first made', async () => {
  await using opened = await openFreshLog({ partitions: 4 })
  expect(await migrate({ url: opened.url, partitions: 2 })).toEqual({ outcome: 'migrated', applied: [] })
  expect((await opened.another()).partitions).toBe(4)
})

test('an entry that is too much for the server fails alone, and only for now', async () => {
  await using opened = await openFreshLog()
  const { log } = opened
  const tooMuch = randomUUID()
  // As PostgreSQL says it of a statement that was cancelled for the time it took.
  await log.database.query(sql`
    create function weigh() returns trigger language plpgsql as $$
    begin
      if new.event_id = ${sql.__dangerous__rawValue(`'${tooMuch}'`)} then
        raise exception 'too much' using errcode = '57014';
      end if;
      return new;
    end $$`)
  await log.database.query(
    sql`create trigger weigh before insert on events for each row execute function weigh()`,
  )
  const ids = [randomUUID(), randomUUID(), tooMuch, randomUUID()]
  const results = await Promise.all(ids.map((id) => log.append(entry(randomUUID(), 0, id))))
  expect(results.map(({ outcome }) => outcome)).toEqual(['appended', 'appended', 'unavailable', 'appended'])
})

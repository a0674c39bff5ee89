import { randomUUID } from 'node:crypto'
import { sql } from '@databases/pg'
import { expect, test } from 'vitest'
import { DatabaseUnavailable } from '#database/faults.ts'
import type { AppendEntry } from '#log/append.ts'
import { readCursor, writeCursor } from '#log/cursor.ts'
import { follow } from '#log/follow.ts'
import { openListener } from '#log/listener.ts'
import { type Log, openLog } from '#log/log.ts'
import { readHead } from '#log/read-all.ts'
import { eventually } from '../support/eventually.ts'
import { event, openFreshLog } from './open.ts'

test('a log opened again is the same; one that lives elsewhere than before is another incarnation', async () => {
  await using opened = await openFreshLog()
  const { log } = opened
  const cursor = { streamId: randomUUID(), version: 1, position: 1 }
  const text = writeCursor(log, cursor)
  expect(readCursor(await opened.another(), text)).toEqual({ outcome: 'read', cursor })
  // What pg_restore leaves behind: the row of the database that was dumped.
  await log.database.query(sql`update log_identity set origin = 'another server'`)
  const restored = await opened.another()
  expect(restored.incarnation).not.toBe(log.incarnation)
  expect(readCursor(restored, text)).toEqual({ outcome: 'unknown' })
  expect((await opened.another()).incarnation).toBe(restored.incarnation)
})

test('a process that runs on is told that the log is another incarnation, and by nothing else', async () => {
  await using opened = await openFreshLog()
  const { url } = opened
  let found = 0
  const log = await openLog(opened.log.database, { onAnother: () => found++ })
  const listener = await openListener({ url, onLost: () => undefined, onReturned: () => undefined })
  let told = 0
  listener.on('identity', () => {
    told++
    void log.recognise()
  })
  await opened.another()
  await log.database.query(sql`update log_identity set origin = 'another server'`)
  await opened.another()
  await eventually('it to be found', () => found > 0)
  await log.recognise()
  expect([told, found]).toEqual([1, 1])
  await listener.close()
})

test('a process that has learned that the log is another one appends nothing, and reads and writes no cursor', async () => {
  await using opened = await openFreshLog()
  const { log } = opened
  const cursor = { streamId: randomUUID(), version: 1, position: 1 }
  const text = writeCursor(log, cursor)
  await log.database.query(sql`update log_identity set origin = 'another server'`)
  await opened.another()
  await log.recognise()
  expect(await log.append(oneEvent())).toEqual({ outcome: 'unavailable' })
  expect(() => readCursor(log, text)).toThrow(DatabaseUnavailable)
  expect(() => writeCursor(log, cursor)).toThrow(DatabaseUnavailable)
  expect(await headOf(log)).toBe(0)
})

test('nothing is appended behind a doubt before it is known which log it is', async () => {
  await using opened = await openFreshLog()
  const { log } = opened
  log.doubt()
  const both = await Promise.all([log.append(oneEvent()), log.append(oneEvent())])
  expect(both).toMatchObject([{ outcome: 'appended' }, { outcome: 'appended' }])
  await log.database.query(sql`update log_identity set origin = 'another server'`)
  log.doubt()
  expect(await log.append(oneEvent())).toEqual({ outcome: 'unavailable' })
  expect(await headOf(log)).toBe(2)
})

test('a reader learns that the log was set back behind what it has read', async () => {
  await using opened = await openFreshLog()
  const { log } = opened
  for (let count = 0; count < 3; count++) await log.append(oneEvent())
  const stopping = new AbortController()
  const heads: number[] = []
  let read = 0
  const following = (async () => {
    const batches = follow({
      database: log.database,
      listener: { on: () => () => undefined, close: async () => undefined },
      partition: 0,
      after: 0,
      signal: stopping.signal,
      pollMs: 10,
      onHole: () => undefined,
      onFault: () => undefined,
      onRewound: (head) => heads.push(head),
    })
    for await (const batch of batches) read += batch.length
  })()
  await eventually('the three events', () => read === 3)
  expect(heads).toEqual([])
  await log.database.query(sql`delete from events where position > 1`)
  await eventually('to hear of it', () => heads.length > 0)
  expect(heads[0]).toBe(1)
  stopping.abort()
  await following
})

function oneEvent(): AppendEntry {
  return {
    streamId: randomUUID(),
    streamType: 'thing',
    expectedVersion: 'none',
    state: null,
    events: [event(randomUUID())],
  }
}

const headOf = (log: Log) => readHead(log.database, 0)

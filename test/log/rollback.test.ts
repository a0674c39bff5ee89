import { randomUUID } from 'node:crypto'
import { sql } from '@databases/pg'
import { expect, test } from 'vitest'
import { readAll } from '#log/read-all.ts'
import { event, openFreshLog } from './open.ts'

test('order: what is rolled back leaves no hole', async () => {
  await using opened = await openFreshLog()
  const { log } = opened
  const append = () =>
    log.append({
      streamId: randomUUID(),
      streamType: 'thing',
      expectedVersion: 'none',
      state: null,
      events: [event(randomUUID()), event(randomUUID())],
    })
  await append()
  const rolledBack = log.database.tx(async (transaction) => {
    const [row] = await transaction.query(sql`
      select * from append_events(0::smallint, false, ${[randomUUID()]}::uuid[], '{thing}', '{0}', '{null}', '{false}', '{1}',
        '{1}', '{1}', ${[randomUUID()]}::uuid[], '{Happened}', '{1}', ${['\\x00']}::bytea[], '{null}', '{1}')`)
    expect(row).toMatchObject({ outcome: 'appended', event_position: 3 })
    throw new Error('not after all')
  })
  await expect(rolledBack).rejects.toThrow('not after all')
  expect(await append()).toMatchObject({ outcome: 'appended', firstPosition: 3 })
  const { events, hole } = await readAll(log.database, { partition: 0, after: 0, limit: 10 })
  expect(events.map(({ position }) => position)).toEqual([1, 2, 3, 4])
  expect(hole).toBeUndefined()
})

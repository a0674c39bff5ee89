import type { UUID } from 'node:crypto'
import { sql } from '@databases/pg'
import { expect, test } from 'vitest'
import { redactAll } from '#log/redact.ts'
import { createRedactor } from '#projections/redactor.ts'
import { eventually } from '../support/eventually.ts'
import { type OpenedRides, openRides, rideOut } from './open-rides.ts'

const first: UUID = '00000000-0000-4000-8000-00000000000a'
const others: UUID[] = ['10000000-0000-4000-8000-00000000000b', '20000000-0000-4000-8000-00000000000c']

/** Deleted rides, the first of which cannot be redacted: the database gives it up each time. */
async function oneThatFails(): Promise<OpenedRides> {
  const opened = await openRides()
  const { log, command } = opened
  for (const rideId of [first, ...others]) {
    await rideOut(opened, rideId)
    await command(rideId, { type: 'deleteRide', at: null })
  }
  await log.database.query(sql`
    create function refuse() returns trigger language plpgsql as $$
    begin raise exception 'too slow' using errcode = '57014'; end $$`)
  await log.database.query(sql`
    create trigger refuse before update on events for each row
      when (old.stream_id = '00000000-0000-4000-8000-00000000000a') execute function refuse()`)
  return opened
}

async function withContent({ log }: OpenedRides): Promise<string[]> {
  const rows: { stream_id: string }[] = await log.database.query(
    sql`select stream_id from streams where not redacted order by stream_id`,
  )
  return rows.map(({ stream_id }) => stream_id)
}

/** The database can do it again. */
const letGo = ({ log }: OpenedRides) => log.database.query(sql`drop function refuse() cascade`)

test('a ride that cannot be redacted is told once, is tried again, and keeps no other from it', async () => {
  await using opened = await oneThatFails()
  const faults: unknown[] = []
  const redactor = createRedactor({
    database: opened.log.database,
    onFault: (fault) => faults.push(fault),
  })
  const stopping = new AbortController()
  const running = redactor.run(stopping.signal)
  await eventually('the others to be redacted', async () => {
    expect(await withContent(opened)).toEqual([first])
    return true
  })
  await letGo(opened)
  redactor.wake()
  await eventually('the first as well', async () => (await withContent(opened)).length === 0)
  stopping.abort()
  await running
  expect(faults).toEqual([expect.objectContaining({ code: '57014' })])
})

test('redacting begins with no further ride once it was stopped', async () => {
  await using opened = await oneThatFails()
  const stopping = new AbortController()
  const { signal } = stopping
  const redacted = await redactAll(opened.log.database, { signal, onFault: () => stopping.abort() })
  expect(redacted).toBe(0)
  expect(await withContent(opened)).toEqual([first, ...others])
  await letGo(opened)
})

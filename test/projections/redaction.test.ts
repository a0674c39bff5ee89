import type { UUID } from 'node:crypto'
import { sql } from '@databases/pg'
import { expect, test } from 'vitest'
import { redactAll } from '#log/redact.ts'
import type { Projection } from '#projections/projection.ts'
import { createRedactor } from '#projections/redactor.ts'
import { rides } from '#projections/rides.ts'
import { routes } from '#projections/routes.ts'
import { vacuumDeleted } from '#projections/vacuum-deleted.ts'
import { needsPostgres } from '../support/database.ts'
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

test('what was deleted is vacuumed out of the tables a while after its redaction, once', async (context) => {
  needsPostgres(context)
  await using opened = await openRides()
  const { log, url } = opened
  const projections: Projection[] = [rides, routes(log, { committed: () => undefined })]
  const worker = opened.worker({ finishes: false })
  for (const rideId of [first, ...others]) await rideOut(opened, rideId)
  await eventually(
    'the routes',
    async () => (await log.database.query(sql`select from routes_1`)).length === 3,
  )
  for (const rideId of [first, ...others]) await opened.command(rideId, { type: 'deleteRide', at: null })
  await eventually('none', async () => (await log.database.query(sql`select from routes_1`)).length === 0)
  await worker.stop()
  let vacuums = 0
  const redactor = createRedactor({
    database: log.database,
    onFault: (fault) => {
      throw fault
    },
    vacuumAfterMs: 100,
    async vacuum(signal) {
      expect(await withContent(opened)).toEqual([])
      await vacuumDeleted({ database: log.database, url, projections, signal })
      vacuums++
    },
  })
  const stopping = new AbortController()
  const running = redactor.run(stopping.signal)
  await eventually('the tables to be vacuumed', async () => {
    redactor.wake()
    return vacuums > 0
  })
  // The server's own count of dead rows is told of them late, also after they are gone.
  await log.database.query(sql`create extension pgstattuple`)
  const dead = await log.database.query(sql`
    select relname as table, (pgstattuple(relid)).dead_tuple_count as dead from pg_stat_user_tables
     where relname in ('events', 'streams', 'rides_1', 'ride_progress_1', 'routes_1') and vacuum_count > 0`)
  expect(dead).toEqual(Array(5).fill({ table: expect.any(String), dead: 0 }))
  stopping.abort()
  await running
  expect(vacuums).toBe(1)
})

test('the tables of the embedded database are vacuumed as any', async () => {
  await using opened = await openRides()
  const { log, url } = opened
  const projections: Projection[] = [rides, routes(log, { committed: () => undefined })]
  const { signal } = new AbortController()
  await rideOut(opened, first)
  const counted = async () => {
    const [row] = await log.database.query(sql`
      select vacuum_count as count from pg_stat_user_tables where relname = 'events'`)
    return row.count
  }
  const before = await counted()
  await vacuumDeleted({ database: log.database, url, projections, signal })
  expect(await eventually('it to be counted', async () => (await counted()) - before)).toBe(1)
})

/** `npm run forget` as a person runs it, against rides in every status. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { sql } from '@databases/pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { RideCommand } from '#ride/ride.ts'
import { type OpenedRides, openRides, rideOut, riding, seconds, start } from '../projections/open-rides.ts'
import { ended, startCommand } from '../support/command.ts'
import { needsPostgres } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'

const startForget = (env: Record<string, string>, ...args: string[]) =>
  startCommand('forget.ts', env, ...args)
const forget = ({ url }: OpenedRides, ...args: string[]) => ended(startForget({ DATABASE_URL: url }, ...args))

/** A rider, known by name, with rides that are ACTIVE, PAUSED and ENDED. */
async function riderWithRides({ commands, log }: OpenedRides, count: number): Promise<string> {
  const riderId = randomUUID()
  await log.database.query(sql`insert into riders (rider_id, name) values (${riderId}, 'Somebody else')`)
  await log.database.query(sql`
    insert into webhook_endpoints (endpoint_id, rider_id, url, events, secret)
    values (${randomUUID()}, ${riderId}, 'https://example.com/', ${['ride.deleted']}::text[], 'sealed')`)
  async function command(rideId: string, command: RideCommand): Promise<void> {
    const outcome = await commands.handle({
      streamId: rideId,
      eventId: randomUUID(),
      contentHash: 'ab',
      command,
      circumstances: { actor: { riderId }, now: seconds(86_400) },
      metadata: { actor: riderId },
    })
    if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome))
  }
  await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const rideId = randomUUID()
      await command(rideId, { type: 'startRide', startedAt: start, title: 'Theirs', visibility: 'PUBLIC' })
      await command(rideId, { type: 'recordPositions', positions: riding(0, 20) })
      if (index % 3 === 1) await command(rideId, { type: 'pauseRide', at: seconds(20) })
      if (index % 3 === 2) await command(rideId, { type: 'endRide', at: seconds(20) })
    }),
  )
  return riderId
}

/** In how many rows of which tables the rider's id or title stands. */
async function rowsOf({ log }: OpenedRides, riderId: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {}
  for (const table of [
    'events',
    'streams',
    'rides_1',
    'riders',
    'webhook_endpoints',
    'webhook_deleted_rides',
  ]) {
    const [row] = await log.database.query(sql`
      select count(*) as count from ${sql.ident(table)} t where t::text like ${`%${riderId}%`} or t::text like '%Theirs%'`)
    if (row.count > 0) found[table] = row.count
  }
  return found
}

const rowsIn = async ({ log }: OpenedRides, table: string): Promise<number> =>
  (await log.database.query(sql`select count(*) as count from ${sql.ident(table)}`))[0].count

describe.each([1, 4])('npm run forget, with %i partition(s)', (partitions) => {
  test('without --yes says what would be done and changes nothing; with it nothing of the rider is left', async () => {
    await using opened = await openRides({ partitions })
    const working = opened.worker({ pollMs: 50 })
    const riderId = await riderWithRides(opened, 9)
    const other = await rideOut(opened)
    await eventually('the read side', async () => (await rowsOf(opened, riderId))['rides_1'] === 9)
    const before = await rowsOf(opened, riderId)

    const unsure = await forget(opened, riderId)
    expect(unsure.complaint).toContain('would delete 9 rides, and the rider, for good. Nothing was changed.')
    expect(unsure.code).toBe(2)
    expect(await rowsOf(opened, riderId)).toMatchObject(before)

    const done = await forget(opened, riderId.toUpperCase(), '--yes')
    expect(done.complaint).toBe('')
    expect(done.output).toContain('Forgotten: 9 rides deleted. Nothing of the rider was found')
    expect(done.code).toBe(0)
    expect(await rowsOf(opened, riderId)).toEqual({})
    // Those of the other rider are as they were.
    await eventually('the other ride', async () => {
      const [row] = await opened.log.database.query(sql`select ride_id, status from rides_1`)
      return row.ride_id === other && row.status === 'FINISHED'
    })
    for (const table of ['rides_1', 'ride_progress_1', 'routes_1'])
      expect(await rowsIn(opened, table)).toBe(1)
    expect(working.faults).toEqual([])

    const again = await forget(opened, riderId, '--yes')
    expect(again).toMatchObject({ code: 0, output: expect.stringContaining('0 rides deleted') })
    expect(await forget(opened, riderId)).toMatchObject({
      code: 0,
      output: 'Nothing is known of this rider.\n',
    })
  })
})

test('where no worker runs it does their work', async () => {
  await using opened = await openRides()
  const working = opened.worker({ finishes: false })
  const riderId = await riderWithRides(opened, 6)
  await eventually('the read side', async () => (await rowsIn(opened, 'finish_outbox')) === 2)
  await working.stop()
  expect(await forget(opened, riderId, '--yes')).toMatchObject({ code: 0, complaint: '' })
  expect(await rowsOf(opened, riderId)).toEqual({})
  for (const table of ['rides_1', 'ride_progress_1', 'routes_1', 'finish_outbox']) {
    expect(await rowsIn(opened, table)).toBe(0)
  }
})

test('at the end the tables are vacuumed', async (context) => {
  needsPostgres(context)
  await using opened = await openRides()
  const riderId = await riderWithRides(opened, 3)
  expect(await forget(opened, riderId, '--yes')).toMatchObject({ code: 0, complaint: '' })
  await eventually('the statistics', async () => {
    const rows = await opened.log.database.query(sql`
      select relname as table from pg_stat_user_tables
       where relname in ('events', 'streams', 'riders', 'rides_1', 'ride_progress_1', 'routes_1') and vacuum_count > 0`)
    return rows.length === 6
  })
})

test.each(['SIGINT', 'SIGKILL'] as const)('stopped by %s the same command goes on', async (signal) => {
  await using opened = await openRides()
  const riderId = await riderWithRides(opened, 150)
  const child = startForget({ DATABASE_URL: opened.url }, riderId, '--yes')
  const said = text(child.stderr!)
  await new Promise<void>((resolve) => {
    child.stdout!.setEncoding('utf8').on('data', (heard: string) => heard.includes('10 %') && resolve())
  })
  child.kill(signal)
  const [code] = await once(child, 'close')
  if (signal === 'SIGINT') {
    expect(code).toBe(130)
    expect(await said).toMatch(/Stopped: \d+ rides deleted\. The same command goes on\./)
  }
  const left = (await rowsOf(opened, riderId))['streams'] ?? 0
  expect(left).toBeGreaterThan(0)
  expect(left).toBeLessThan(150)
  const { code: done, output } = await forget(opened, riderId, '--yes')
  expect(output).toContain(`Forgotten: ${left} rides deleted`)
  expect(done).toBe(0)
  expect(await rowsOf(opened, riderId)).toEqual({})
  const [pending] = await opened.log.database.query(
    sql`select count(*) as count from events where data::text <> 'null' and type <> 'RideDeleted'`,
  )
  expect(pending.count).toBe(0)
})

test('where it finds no database it says so, and makes none', async () => {
  const { code, complaint } = await ended(startForget({ DATA_DIR: '/nonesuch/data' }, randomUUID(), '--yes'))
  expect(complaint).toContain('There is no database in /nonesuch/data.')
  expect(code).toBe(1)
})

test('rides whose deletion a restored backup does not know are deleted again, and no other', async () => {
  await using opened = await openRides()
  const riderId = await riderWithRides(opened, 3)
  const [first, second] = await opened.log.database.query(
    sql`select stream_id as id from streams order by id`,
  )
  const directory = await mkdtemp(join(tmpdir(), 'slipstream-gone-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const file = join(directory, 'gone.txt')
  await writeFile(file, `${first.id}\n${second.id}\n${randomUUID()}\n`)
  expect(await forget(opened, '--rides', file)).toMatchObject({
    code: 2,
    complaint: expect.stringContaining('This would delete 2 rides of 3'),
  })
  expect(await forget(opened, '--rides', file, '--yes')).toMatchObject({
    code: 0,
    output: 'Deleted: 2 rides of 3.\n',
  })
  const rows = await opened.log.database.query(sql`
    select stream_id as id, redacted from streams where deleted order by id`)
  expect(rows).toEqual([first, second].map(({ id }) => ({ id, redacted: true })))
  expect(await rowsOf(opened, riderId)).toMatchObject({ streams: 1 })
  expect(await forget(opened, '--rides', file, '--yes')).toMatchObject({
    code: 0,
    output: 'None of these rides is there, or all are deleted already.\n',
  })
})

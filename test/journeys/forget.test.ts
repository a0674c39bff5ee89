/** `npm run forget` as a person runs it, against rides in every status. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
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
async function riderWithRides(
  { commands, log }: OpenedRides,
  count: number,
  riderId: string = randomUUID(),
): Promise<string> {
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

test('who and what is in a list of what is gone is forgotten again, and whoever is not in it stays', async () => {
  await using opened = await openRides()
  const { database } = opened.log
  const directory = await mkdtemp(join(tmpdir(), 'slipstream-gone-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const file = join(directory, 'gone.txt')
  const leaver = randomUUID()
  const stays = await riderWithRides(opened, 3)
  const [ride] = await database.query(sql`select stream_id as id from streams order by id`)
  // Before anybody has gone, and before some have come.
  expect(await forget(opened, '--write-list', join(directory, 'early.txt'))).toMatchObject({ code: 0 })

  await riderWithRides(opened, 2, leaver)
  const asks = await riderWithRides(opened, 1)
  expect(await forget(opened, leaver, '--yes')).toMatchObject({ code: 0, complaint: '' })
  await database.query(sql`insert into leaving_riders (rider_id) values (${asks})`)
  const deleted = await database.query(sql`select stream_id as id from streams where deleted`)
  expect(await forget(opened, '--write-list', file)).toMatchObject({ code: 0, complaint: '' })
  const list = await readFile(file, 'utf8')
  expect(list.match(/^rider /gm)).toHaveLength(2)
  expect(list.match(/^ride .*$/gm)?.sort()).toEqual(deleted.map(({ id }) => `ride ${id}`).sort())
  for (const id of [leaver, asks, stays]) expect(list).not.toContain(id)
  await writeFile(file, list.replace('end 4', `ride ${ride.id}\nend 5`))

  // As a backup from before brings it back; another rider comes later.
  await database.query(sql`delete from leaving_riders`)
  await database.query(sql`delete from gone_riders`)
  await riderWithRides(opened, 2, leaver)
  const later = await riderWithRides(opened, 1)
  const early = await forget(opened, '--list', join(directory, 'early.txt'), '--yes')
  expect(early).toMatchObject({ code: 0, output: 'Nobody and nothing in this list is there.\n' })
  expect(await forget(opened, '--list', file)).toMatchObject({
    code: 2,
    complaint: expect.stringContaining(
      'This would delete 2 riders and 4 rides, for good. Nothing was changed.',
    ),
  })
  const done = await forget(opened, '--list', file, '--yes')
  expect(done).toMatchObject({ code: 0, output: expect.stringContaining('Deleted: 2 riders and 4 rides.\n') })
  for (const id of [leaver, asks]) {
    const { streams, riders } = await rowsOf(opened, id)
    expect({ streams, riders }).toEqual({})
  }
  expect(await rowsOf(opened, stays)).toMatchObject({ streams: 2, riders: 1 })
  expect(await rowsOf(opened, later)).toMatchObject({ streams: 1, riders: 1 })

  // Somebody whom another service signs in may come again, by the same id: that list is from before.
  await riderWithRides(opened, 1, leaver)
  const again = await forget(opened, '--list', file, '--yes')
  expect(again).toMatchObject({ code: 0, output: 'Nobody and nothing in this list is there.\n' })
})

test('a list that is empty, cut off or not there makes nobody forgotten; one that cannot be written leaves nothing', async () => {
  await using opened = await openRides()
  const riderId = await riderWithRides(opened, 1)
  const directory = await mkdtemp(join(tmpdir(), 'slipstream-gone-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const file = join(directory, 'gone.txt')
  await writeFile(file, '')
  for (const [list, says] of [
    [file, 'The list is not whole'],
    [join(directory, 'gnoe.txt'), 'cannot be read'],
  ] as const) {
    const refused = await forget(opened, '--list', list, '--yes')
    expect(refused).toMatchObject({ code: 2, complaint: expect.stringContaining(says) })
  }
  expect(await rowsOf(opened, riderId)).toMatchObject({ streams: 1, riders: 1 })
  await mkdir(`${file}.part`)
  const unwritten = await forget(opened, '--write-list', file)
  expect(unwritten).toMatchObject({ code: 1, complaint: expect.stringContaining('The list was not written') })
  expect(await readFile(file, 'utf8')).toBe('')
  const away = await ended(
    startForget({ DATABASE_URL: 'postgres://127.0.0.1:1/none' }, '--write-list', join(directory, 'new')),
  )
  expect(away.code).toBe(1)
  expect((await readdir(directory)).sort()).toEqual(['gone.txt', 'gone.txt.part'])
})

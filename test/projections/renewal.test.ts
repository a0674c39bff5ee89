/** A new program makes rows otherwise: its workers build the tables anew, beside those that are read. */
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { sql } from '@databases/pg'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { migrate } from '#database/migrate.ts'
import { rides } from '#projections/rides.ts'
import { routes } from '#projections/routes.ts'
import { freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { openRides, rideOut } from './open-rides.ts'

test('tables of an older revision are built anew and served when they are whole, once', async () => {
  await using opened = await openRides()
  const worker = opened.worker()
  const rideId = await rideOut(opened)
  const served = async (projection: string) => {
    const [row] = await opened.log.database.query(sql`
      select version, revision from projection_version where projection = ${projection} and state = 'serving'`)
    return row
  }
  expect(await served('routes')).toEqual({ version: 1, revision: 2 })
  await eventually('the ride', async () => {
    const [row] = await opened.read
      .selectFrom('rides')
      .select('status')
      .where('ride_id', '=', rideId)
      .execute()
    return row?.status === 'FINISHED'
  })
  await worker.stop()
  const made = routes(opened.log, { committed: () => undefined })
  const newer = opened.worker({ projections: [rides, { ...made, revision: 3 }] })
  await eventually('the new tables to be served', async () => (await served('routes')).version === 2)
  expect(await served('routes')).toEqual({ version: 2, revision: 3 })
  expect(await opened.log.database.query(sql`select distance from routes_2`)).toEqual(
    await opened.log.database.query(sql`select distance from routes_1`),
  )
  expect(await served('rides')).toEqual({ version: 1, revision: 2 })
  await newer.stop()
  // The one after it finds nothing to do.
  const again = opened.worker({ projections: [rides, { ...made, revision: 3 }] })
  await rideOut(opened)
  await eventually('another ride', async () => {
    const rows = await opened.read
      .selectFrom('rides')
      .select('ride_id')
      .where('status', '=', 'FINISHED')
      .execute()
    return rows.length === 2
  })
  expect(await served('routes')).toEqual({ version: 2, revision: 3 })
  expect(again.faults).toEqual([])
})

test('a database of the version before comes over with its routes readable at once', async () => {
  await using database = await freshDatabase()
  const { url } = database
  const before = await mkdtemp(join(tmpdir(), 'slipstream-migrations-'))
  onTestFinished(() => rm(before, { recursive: true }))
  for (const name of await readdir('db/migrations')) {
    if (name < '0007') await cp(`db/migrations/${name}`, join(before, name))
  }
  expect(await migrate({ url, partitions: 1, directory: pathToFileURL(`${before}/`) })).toMatchObject({
    outcome: 'migrated',
  })
  const client = new pg.Client(url)
  // It is cut off where the database is dropped first.
  client.on('error', () => undefined)
  await client.connect()
  onTestFinished(() => client.end().catch(() => undefined))
  await client.query(`
    insert into events (partition, position, recorded_at, stream_id, version, event_id, type, schema_version, data)
    values (0, 1, now(), gen_random_uuid(), 1, gen_random_uuid(), 'RideStarted', 1, '{}');
    insert into routes_1 (partition, ride_id, route, excluded, distance, elapsed_time, timer_time, moving_time, max_speed)
    values (0, gen_random_uuid(), 'SRID=4326;MULTILINESTRING ZM ((14 46 1 1, 14.1 46.2 1 2))', '[]', 1, 1, 1, 1, 1)`)
  expect(await migrate({ url, partitions: 1 })).toMatchObject({
    outcome: 'migrated',
    applied: ['0007_tracks'],
  })
  const { rows } = await client.query(
    'select point_count, west, south, east, north, thumbnails, splits from routes_1',
  )
  expect(rows).toEqual([
    { point_count: 2, west: 14, south: 46, east: 14.1, north: 46.2, thumbnails: null, splits: null },
  ])
  const versions = await client.query('select distinct revision from projection_version')
  expect(versions.rows).toEqual([{ revision: 1 }])
})

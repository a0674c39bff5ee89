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
import { adoptVersion, beginVersion } from '#projections/versions.ts'
import { workerNews } from '#projections/worker-news.ts'
import { freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { allFinished, type OpenedRides, openRides, rideOut } from './open-rides.ts'

const versionsOf = ({ log }: OpenedRides, projection: string) =>
  log.database.query(sql`
    select version, state, revision from projection_version where projection = ${projection} order by version`)

test('tables of an older revision are built anew and served when they are whole, once', async () => {
  await using opened = await openRides()
  const worker = opened.worker()
  await rideOut(opened)
  await allFinished(opened, 1)
  await worker.stop()
  const made = routes(opened.log, { committed: () => undefined })
  const next = made.revision + 1
  const projections = [rides, { ...made, revision: next }]
  const said: string[] = []
  const { onRenewal, onPromotion } = workerNews({
    database: opened.log.database,
    now: Date.now,
    tell: (what) => said.push(what),
    onFault: (what) => said.push(`fault: ${what}`),
  })
  const newer = opened.worker({ projections, onRenewal, onPromotion })
  const both = [
    { version: 1, state: 'retired', revision: made.revision },
    { version: 2, state: 'serving', revision: next },
  ]
  await eventually('the new tables to be served', async () => {
    expect(await versionsOf(opened, 'routes')).toEqual(both)
    return true
  })
  expect(await opened.log.database.query(sql`select distance from routes_2`)).toEqual(
    await opened.log.database.query(sql`select distance from routes_1`),
  )
  expect(await versionsOf(opened, 'rides')).toHaveLength(1)
  await newer.stop()
  expect(said).toEqual([
    'The tables of routes are made anew, for this version of Slipstream makes them otherwise. Until they are whole the old ones are read.',
    'The projection routes is served from its version 2',
  ])
  // The one after it finds nothing to do.
  const again = opened.worker({ projections, onRenewal })
  await rideOut(opened)
  await allFinished(opened, 2)
  expect(await versionsOf(opened, 'routes')).toEqual(both)
  expect(said).toHaveLength(2)
  expect(again.faults).toEqual([])
})

test.each([1, 4])(
  'tables to which nothing was applied yet are not made anew, with %i partition(s)',
  async (partitions) => {
    await using opened = await openRides({ partitions })
    // Written by a program without workers, before the first of them.
    await rideOut(opened)
    const made = routes(opened.log, { committed: () => undefined })
    const revision = made.revision + 5
    const renewed: string[] = []
    const worker = opened.worker({
      projections: [
        { ...rides, revision },
        { ...made, revision },
      ],
      onRenewal: (projection) => renewed.push(projection),
    })
    await allFinished(opened, 1)
    for (const projection of ['rides', 'routes'])
      expect(await versionsOf(opened, projection)).toEqual([{ version: 1, state: 'serving', revision }])
    expect(await opened.log.database.query(sql`select from routes_1`)).toHaveLength(1)
    expect(renewed).toEqual([])
    expect(worker.faults).toEqual([])
  },
)

test('workers that start at once, while rides go on, adopt empty tables together and make nothing anew', async () => {
  await using opened = await openRides({ partitions: 2 })
  await Promise.all([rideOut(opened), rideOut(opened)])
  const made = routes(opened.log, { committed: () => undefined })
  const revision = made.revision + 1
  const projections = [
    { ...rides, revision: rides.revision + 1 },
    { ...made, revision },
  ]
  const renewed: string[] = []
  const onRenewal = (projection: string) => renewed.push(projection)
  const workers = Array.from({ length: 4 }, () => opened.worker({ projections, onRenewal }))
  for (let ride = 0; ride < 6; ride++) await rideOut(opened)
  await allFinished(opened, 8)
  for (const { name, revision } of projections)
    expect(await versionsOf(opened, name)).toEqual([{ version: 1, state: 'serving', revision }])
  expect(renewed).toEqual([])
  for (const { faults } of workers) expect(faults).toEqual([])
})

test('a worker that looked before another one adopted the tables, and filled them, renews nothing', async () => {
  await using opened = await openRides()
  await rideOut(opened)
  const { database, partitions } = opened.log
  const made = routes(opened.log, { committed: () => undefined })
  const newer = { ...made, revision: made.revision + 1 }
  const worker = opened.worker({ projections: [rides, newer] })
  await allFinished(opened, 1)
  await worker.stop()
  expect(await adoptVersion(database, newer, { version: 1, partitions })).toBe(true)
  expect(await beginVersion(database, newer, { partitions, isRenewal: true })).toEqual({
    version: 1,
    isNew: false,
  })
  // Of a revision that they are not of they are still made anew, and by whoever asks for it.
  const newest = { ...made, revision: made.revision + 2 }
  expect(await adoptVersion(database, newest, { version: 1, partitions })).toBe(false)
  expect(await beginVersion(database, newest, { partitions, isRenewal: true })).toMatchObject({ isNew: true })
  expect(await beginVersion(database, newer, { partitions })).toEqual({ version: 2, isNew: false })
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
    applied: expect.arrayContaining(['0007_tracks', '0008_route_columns']),
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

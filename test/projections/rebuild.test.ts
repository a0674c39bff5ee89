import { randomUUID } from 'node:crypto'
import { sql } from '@databases/pg'
import { expect, test } from 'vitest'
import { openAdministration } from '#projections/administration.ts'
import type { Projection } from '#projections/projection.ts'
import { promote } from '#projections/promote.ts'
import { rides } from '#projections/rides.ts'
import { routes } from '#projections/routes.ts'
import { eventually } from '../support/eventually.ts'
import { allFinished, type OpenedRides, openRides, rideOut, riding, seconds, start } from './open-rides.ts'

const routesOf = ({ log }: OpenedRides) => routes(log, { committed: () => undefined })

const administrationOf = (opened: OpenedRides, ...projections: Projection[]) =>
  openAdministration({ database: opened.log.database, projections, partitions: opened.log.partitions })

const rowsIn = ({ log }: OpenedRides, table: string) =>
  log.database.query(sql`select * from ${sql.ident(table)} order by partition, ride_id`)

const servedVersion = async ({ log }: OpenedRides, projection: string) => {
  const [row] = await log.database.query(sql`
    select version from projection_version where projection = ${projection} and state = 'serving'`)
  return row.version as number
}

test.each([1, 4])(
  'read = fold: a rebuilt version equals the one that was served, row for row, with %i partition(s)',
  async (partitions) => {
    await using opened = await openRides({ partitions })
    opened.worker()
    await Promise.all(Array.from({ length: 8 }, () => rideOut(opened)))
    const open = randomUUID()
    await opened.command(open, { type: 'startRide', startedAt: null, title: 'Open', visibility: 'PUBLIC' })
    await opened.command(open, { type: 'recordPositions', positions: riding(86_400, 86_410) })
    await allFinished(opened, 8)
    const administration = administrationOf(opened, rides, routesOf(opened))
    for (const name of ['rides', 'routes'])
      expect(await administration.rebuild(name)).toEqual({ outcome: 'begun', version: 2 })
    await eventually('both to be served', async () => {
      const served = [await servedVersion(opened, 'rides'), await servedVersion(opened, 'routes')]
      return served.every((version) => version === 2)
    })
    for (const table of ['rides', 'ride_progress', 'routes']) {
      const served = await rowsIn(opened, `${table}_1`)
      expect(served.length).toBeGreaterThan(0)
      expect(await rowsIn(opened, `${table}_2`)).toEqual(served)
    }
    // What is read now is the new one, and it goes on.
    await eventually('the reader to have noticed', () =>
      opened.read.selectFrom('rides').select('ride_id').compile().sql.includes('rides_2'),
    )
    await opened.command(open, { type: 'endRide', at: seconds(86_420) })
    await allFinished(opened, 9)
  },
)

test('a new version has the same columns, indexes and storage as the one that a migration made', async () => {
  await using opened = await openRides()
  const administration = administrationOf(opened, rides, routesOf(opened))
  for (const name of ['rides', 'routes']) await administration.rebuild(name)
  const shapeOf = async (table: string) => ({
    columns: await opened.log.database.query(sql`
      select column_name, data_type, udt_name, is_nullable, ordinal_position, column_default
        from information_schema.columns where table_name = ${table} order by ordinal_position`),
    indexes: (
      await opened.log.database.query(
        sql`select indexdef from pg_indexes where tablename = ${table} order by indexname`,
      )
    ).map(({ indexdef }) => indexdef.replaceAll(/_\d+/g, '_n')),
    storage: await opened.log.database.query(sql`
      select array_to_string(reloptions, ' ') as options, (
               select string_agg(attname || ' ' || attcompression::text, ', ' order by attnum)
                 from pg_attribute where attrelid = c.oid and attcompression <> ''
             ) as compressions
        from pg_class c where relname = ${table}`),
  })
  for (const table of ['rides', 'ride_progress', 'routes', 'tracks']) {
    const shape = await shapeOf(`${table}_1`)
    expect(shape.columns.length).toBeGreaterThan(0)
    expect(await shapeOf(`${table}_2`)).toEqual(shape)
  }
})

test('a rebuild that is interrupted three times goes on where it was, and brings about nothing a second time', async () => {
  await using opened = await openRides({ partitions: 4 })
  const first = opened.worker()
  const rideIds = await Promise.all(Array.from({ length: 40 }, () => rideOut(opened)))
  await allFinished(opened, 40)
  await first.stop()
  const administration = administrationOf(opened, rides, routesOf(opened))
  await administration.rebuild('routes')
  const built = async () => {
    const [row] = await opened.log.database.query(sql`
      select coalesce(sum(position), 0)::int as position from projection_position where projection = 'routes' and version = 2`)
    return row.position as number
  }
  const positions = [0]
  let applied = 0
  for (let interruption = 0; interruption < 3; interruption++) {
    // Lets some batches through and dies in the middle of the next one: what is not committed is done again.
    let left = interruption
    let isDying = false
    const dying: Projection = {
      ...routesOf(opened),
      async apply(transaction, version, events) {
        await routesOf(opened).apply(transaction, version, events.slice(0, 2))
        if (left-- <= 0) {
          isDying = true
          throw Object.assign(new Error('interrupted'), { code: '40001' })
        }
        await routesOf(opened).apply(transaction, version, events.slice(2))
        applied += events.length
      },
    }
    const worker = opened.worker({ projections: [dying], includes: ({ state }) => state === 'building' })
    await eventually('the interruption', () => isDying)
    await worker.stop()
    positions.push(await built())
  }
  expect(positions).toEqual([...positions].sort((a, b) => a - b))
  expect(await servedVersion(opened, 'routes')).toBe(1)
  expect(applied).toBeGreaterThan(0)
  expect(await administration.rebuild('routes')).toEqual({ outcome: 'under way', version: 2 })
  const last = opened.worker()
  await eventually('the new version to be served', async () => (await servedVersion(opened, 'routes')) === 2)
  expect(await rowsIn(opened, 'routes_2')).toEqual(await rowsIn(opened, 'routes_1'))
  expect(await opened.log.database.query(sql`select * from finish_outbox`)).toEqual([])
  for (const rideId of rideIds) {
    const [row] = await opened.log.database.query(sql`
      select count(*) as finishes from events where stream_id = ${rideId} and type = 'RideFinished'`)
    expect(row.finishes).toBe(1)
  }
  expect(last.faults).toEqual([])
})

test('what the new version has applied and the served one has not is brought about when it is served', async () => {
  await using opened = await openRides()
  const projection = routesOf(opened)
  // Nobody has worked on the version that is served: it stands at the log's beginning.
  const rideId = await rideOut(opened)
  await administrationOf(opened, projection).rebuild('routes')
  const building = opened.worker({
    projections: [projection],
    finishes: false,
    includes: ({ state }) => state === 'building',
  })
  await eventually('the new version to be served', async () => (await servedVersion(opened, 'routes')) === 2)
  await building.stop()
  expect(await opened.log.database.query(sql`select ride_id from finish_outbox`)).toEqual([
    { ride_id: rideId },
  ])
  const worker = opened.worker({ projections: [rides, projection] })
  await allFinished(opened, 1)
  expect(worker.faults).toEqual([])
})

test('a version with rides parked that are read in the served one is not served before they are retried', async () => {
  await using opened = await openRides()
  opened.worker({ projections: [rides, routesOf(opened)], includes: ({ state }) => state === 'serving' })
  const [poison, other] = [await rideOut(opened), await rideOut(opened)]
  await allFinished(opened, 2)
  let isMended = false
  const broken: Projection = {
    ...rides,
    async apply(transaction, version, events) {
      if (!isMended && version === 2 && events.some(({ streamId }) => streamId === poison))
        throw new Error('Not this one')
      await rides.apply(transaction, version, events)
    },
  }
  const administration = administrationOf(opened, broken)
  await administration.rebuild('rides')
  const promotions: string[] = []
  opened.worker({
    projections: [broken],
    finishes: false,
    includes: ({ state }) => state !== 'retired',
    onPromotion: (_, { outcome }) => promotions.push(outcome),
  })
  await eventually('the new version to wait for its parked ride', () => promotions.includes('parked'))
  expect(await servedVersion(opened, 'rides')).toBe(1)
  expect(await promote(opened.log.database, broken, 1)).toEqual({ outcome: 'parked', rides: 1 })
  isMended = true
  expect(await administration.retry(poison)).toMatchObject([{ outcome: 'applied', version: 2 }])
  await eventually('the new version to be served', async () => (await servedVersion(opened, 'rides')) === 2)
  expect((await rowsIn(opened, 'rides_2')).map((row) => row.ride_id).sort()).toEqual([poison, other].sort())
})

test('what was served before is dropped after its time, and a rebuild that is cancelled at once', async () => {
  await using opened = await openRides()
  await rideOut(opened)
  const administration = administrationOf(opened, rides, routesOf(opened))
  const tables = async () =>
    (
      await opened.log.database.query(sql`
        select relname from pg_class where relkind = 'r' and relname ~ '^(rides|ride_progress|routes)_[0-9]+$' order by relname`)
    ).map(({ relname }) => relname)
  await administration.rebuild('rides')
  expect(await administration.cancel('rides')).toBe(2)
  expect(await tables()).toEqual(['ride_progress_1', 'rides_1', 'routes_1'])
  expect(await administration.cancel('rides')).toBeUndefined()
  expect(await administration.rebuild('nothing')).toEqual({ outcome: 'unknown', known: ['rides', 'routes'] })

  await administration.rebuild('rides')
  const worker = opened.worker({ retiredForMs: 0 })
  await eventually('the old version to be dropped', async () => {
    expect(await tables()).toEqual(['ride_progress_2', 'rides_2', 'routes_1'])
    return true
  })
  expect(
    (await administration.status()).map(({ projection, version, state }) => [projection, version, state]),
  ).toEqual([
    ['rides', 2, 'serving'],
    ['routes', 1, 'serving'],
  ])
  expect(worker.faults).toEqual([])
})

test('one request reads one version, whatever is served meanwhile', async () => {
  await using opened = await openRides()
  opened.worker({ retiredForMs: 3_600_000 })
  await rideOut(opened)
  await allFinished(opened, 1)
  const request = opened.read
  await administrationOf(opened, rides).rebuild('rides')
  await eventually('the new version to be served', async () => (await servedVersion(opened, 'rides')) === 2)
  await eventually('a new request to read it', () =>
    opened.read.selectFrom('rides').select('ride_id').compile().sql.includes('rides_2'),
  )
  const query = request
    .selectFrom('rides as r')
    .innerJoin('ride_progress as p', 'p.ride_id', 'r.ride_id')
    .select('r.title')
  expect(query.compile().sql).toContain('"rides_1" as "r"')
  expect(query.compile().sql).toContain('"ride_progress_1" as "p"')
  expect(await query.execute()).toEqual([{ title: 'Out' }])
  // It goes on being kept, for whoever reads it still.
  await opened.command(randomUUID(), {
    type: 'startRide',
    startedAt: start,
    title: 'Later',
    visibility: 'PRIVATE',
  })
  await eventually('both to have it', async () => (await query.execute()).length === 2)
})

test('a ride that was parked in the version before is finished when the new one takes over', async () => {
  await using opened = await openRides()
  const rideId = randomUUID()
  const projection = routesOf(opened)
  let isMended = false
  const broken: Projection = {
    ...projection,
    async apply(transaction, version, events) {
      if (!isMended && events.some(({ streamId }) => streamId === rideId)) throw new Error('Not this one')
      await projection.apply(transaction, version, events)
    },
  }
  const worker = opened.worker({ projections: [rides, broken] })
  await rideOut(opened, rideId)
  await rideOut(opened)
  await eventually('the ride to be parked', () => worker.parked.length === 1)
  await allFinished(opened, 1)
  isMended = true
  await administrationOf(opened, broken).rebuild('routes')
  await eventually('the new version to be served', async () => (await servedVersion(opened, 'routes')) === 2)
  await allFinished(opened, 2)
  expect((await rowsIn(opened, 'routes_2')).map((row) => row.ride_id)).toContain(rideId)
  expect(await administrationOf(opened, broken).parked()).toEqual([])
})

test('a version in which a ride is parked earlier than in the served one does not take over', async () => {
  await using opened = await openRides()
  const rideId = randomUUID()
  const broken: Projection = {
    ...rides,
    async apply(transaction, version, events) {
      const types: readonly string[] = version === 1 ? ['RidePaused'] : ['RideStarted', 'RidePaused']
      if (events.some((event) => event.streamId === rideId && types.includes(event.type)))
        throw new Error('Not this')
      await rides.apply(transaction, version, events)
    },
  }
  const promotions: string[] = []
  const worker = opened.worker({
    projections: [broken],
    finishes: false,
    onPromotion: (_, { outcome }) => promotions.push(outcome),
  })
  await rideOut(opened, rideId)
  await eventually('the ride to be parked', () => worker.parked.length === 1)
  await administrationOf(opened, broken).rebuild('rides')
  await eventually('the new version to wait', () => promotions.includes('parked'))
  expect(await servedVersion(opened, 'rides')).toBe(1)
  expect((await rowsIn(opened, 'rides_1')).map((row) => row.title)).toEqual(['Out'])
})

test('a version that cannot be dropped keeps nobody from working', async () => {
  await using opened = await openRides()
  await administrationOf(opened, rides).rebuild('rides')
  const first = opened.worker({ projections: [rides], finishes: false, retiredForMs: 3_600_000 })
  await eventually('the new version to be served', async () => (await servedVersion(opened, 'rides')) === 2)
  await first.stop()
  // Somebody's own view, on what is to be dropped.
  await opened.log.database.query(sql`create view somebody as select * from rides_1`)
  const worker = opened.worker({ retiredForMs: 0 })
  await rideOut(opened)
  await allFinished(opened, 1)
  await eventually('it to be told of', () => worker.faults.length > 0)
  expect((worker.faults[0] as { code?: string }).code).toBe('2BP01')
  await opened.log.database.query(sql`drop view somebody`)
})

import { randomUUID } from 'node:crypto'
import { sql } from '@databases/pg'
import { expect, test } from 'vitest'
import { openAdministration } from '#projections/administration.ts'
import { measureRide } from '#projections/measure.ts'
import type { Projection } from '#projections/projection.ts'
import { rides } from '#projections/rides.ts'
import { routes } from '#projections/routes.ts'
import type { RideEventType } from '#ride/events.ts'
import { eventually } from '../support/eventually.ts'
import { finished, type OpenedRides, openRides, rideOut, riding, seconds, start } from './open-rides.ts'

/** A projection that cannot take some events, until it is mended. */
function breaking(projection: Projection, fails: (event: { streamId: string; type: string }) => boolean) {
  const broken = { isMended: false, seen: 0 }
  const breakable: Projection = {
    ...projection,
    async apply(transaction, version, events) {
      await projection.apply(transaction, version, events)
      if (broken.isMended || !events.some(fails)) return
      broken.seen++
      throw new Error('It cannot be taken')
    },
  }
  return { broken, breakable }
}

const of = (rideId: string, type?: RideEventType) => (event: { streamId: string; type: string }) =>
  event.streamId === rideId && (type === undefined || event.type === type)

const rowsOf = async ({ log }: OpenedRides, rideId: string) => ({
  ride: (await log.database.query(sql`select status, title from rides_1 where ride_id = ${rideId}`))[0],
  progress: (await log.database.query(sql`select version from ride_progress_1 where ride_id = ${rideId}`))[0],
  route: (await log.database.query(sql`select timer_time from routes_1 where ride_id = ${rideId}`))[0],
})

const administrationOf = ({ log }: OpenedRides, ...projections: Projection[]) =>
  openAdministration({ database: log.database, projections, partitions: log.partitions })

test.each([1, 4])(
  'a ride that cannot be taken is parked, and all others go on, with %i partition(s)',
  async (partitions) => {
    await using opened = await openRides({ partitions })
    const [poison, ...others] = Array.from({ length: 6 }, () => randomUUID())
    const { broken, breakable } = breaking(rides, of(poison!, 'RidePaused'))
    // All of it lies there before the worker begins, so that the poison stands in the middle of a batch.
    for (const rideId of [...others.slice(0, 2), poison!, ...others.slice(2)]) await rideOut(opened, rideId)
    const worker = opened.worker({
      projections: [breakable, routes(opened.log, { committed: () => undefined })],
    })
    for (const rideId of others) await finished(opened, rideId)
    await eventually('the ride to be parked', () => worker.parked.length > 0)
    expect(worker.parked).toEqual([poison])
    // Tried again alone before it was given up; the batches that only narrowed it down are not told of.
    expect(worker.faults.map((fault) => (fault as Error).message)).toEqual(
      Array(3).fill('It cannot be taken'),
    )
    expect((await rowsOf(opened, poison!)).progress).toEqual({ version: 3 })

    const administration = administrationOf(opened, breakable)
    expect(await administration.parked()).toMatchObject([
      {
        projection: 'rides',
        version: 1,
        rideId: poison,
        rideVersion: 4,
        eventType: 'RidePaused',
        attempts: 3,
      },
    ])
    expect((await administration.status()).find(({ projection }) => projection === 'rides')).toMatchObject({
      state: 'serving',
      parkedRides: 1,
      partitions: Array.from({ length: partitions }, (_, partition) => ({ partition })),
    })

    // Not mended yet: it stays, and says why.
    expect(await administration.retry(poison!)).toMatchObject([
      { outcome: 'failed', rideVersion: 4, error: { message: 'It cannot be taken' } },
    ])
    broken.isMended = true
    const [outcome] = await administration.retry(poison!)
    expect(outcome).toMatchObject({ outcome: 'applied', projection: 'rides' })
    await finished(opened, poison!)
    expect((await rowsOf(opened, poison!)).progress).toEqual({ version: 8 })
    expect(await administration.parked()).toEqual([])
    expect(await administration.retry(poison!)).toEqual([])
  },
)

test('what came in for a parked ride is applied in order when it is retried, and then it goes on by itself', async () => {
  await using opened = await openRides()
  const { command } = opened
  const rideId = randomUUID()
  const { broken, breakable } = breaking(rides, of(rideId, 'RidePaused'))
  const worker = opened.worker({ projections: [breakable], finishes: false })
  await command(rideId, { type: 'startRide', startedAt: start, title: null, visibility: 'PRIVATE' })
  await command(rideId, { type: 'pauseRide', at: seconds(10) })
  await eventually('the ride to be parked', () => worker.parked.length === 1)
  await command(rideId, { type: 'editRide', changes: { title: 'First' } })
  await command(rideId, { type: 'resumeRide', at: seconds(20) })
  await command(rideId, { type: 'recordPositions', positions: riding(20, 30) })
  await command(rideId, { type: 'editRide', changes: { title: 'Second' } })
  await rideOut(opened)
  await eventually('the other ride', async () => {
    const [row] = await opened.log.database.query(
      sql`select count(*) as rides from rides_1 where status = 'ENDED'`,
    )
    return row.rides === 1
  })
  expect(await rowsOf(opened, rideId)).toMatchObject({
    ride: { status: 'ACTIVE', title: null },
    progress: { version: 1 },
  })
  broken.isMended = true
  expect(await administrationOf(opened, breakable).retry(rideId)).toMatchObject([
    { outcome: 'applied', events: 5 },
  ])
  expect(await rowsOf(opened, rideId)).toMatchObject({
    ride: { status: 'ACTIVE', title: 'Second' },
    progress: { version: 6 },
  })
  await command(rideId, { type: 'endRide', at: seconds(40) })
  await eventually('the end', async () => (await rowsOf(opened, rideId)).ride.status === 'ENDED')
})

test('a RideEnded that is skipped finishes the ride all the same, with no route', async () => {
  await using opened = await openRides()
  const rideId = randomUUID()
  const { breakable } = breaking(routes(opened.log, { committed: () => undefined }), of(rideId))
  const worker = opened.worker({ projections: [rides, breakable] })
  await rideOut(opened, rideId)
  await eventually('the ride to be parked', () => worker.parked.length === 1)
  expect(await administrationOf(opened, rides, breakable).skip(rideId)).toMatchObject([
    { outcome: 'applied', projection: 'routes' },
  ])
  await finished(opened, rideId)
  expect((await rowsOf(opened, rideId)).route).toBeUndefined()
  expect(await opened.log.database.query(sql`select * from finish_outbox`)).toEqual([])
})

test('a ride that fails on a second event is parked there when the first is skipped', async () => {
  await using opened = await openRides()
  const rideId = randomUUID()
  const { broken, breakable } = breaking(
    rides,
    ({ streamId, type }) => streamId === rideId && (type === 'RidePaused' || type === 'RideEnded'),
  )
  const worker = opened.worker({ projections: [breakable], finishes: false })
  await rideOut(opened, rideId)
  await eventually('the ride to be parked', () => worker.parked.length === 1)
  const administration = administrationOf(opened, breakable)
  await eventually('the projection to have passed by', async () => {
    const [own] = (await administration.status()).filter(({ projection }) => projection === 'rides')
    return own?.partitions.every(({ position, head }) => position === head)
  })
  expect(await administration.skip(rideId)).toMatchObject([{ outcome: 'failed', rideVersion: 7 }])
  expect(await administration.parked({ rideId })).toMatchObject([{ rideVersion: 7, eventType: 'RideEnded' }])
  broken.isMended = true
  expect(await administration.retry(rideId)).toMatchObject([{ outcome: 'applied', events: 1 }])
  expect(await rowsOf(opened, rideId)).toMatchObject({ ride: { status: 'ENDED' }, progress: { version: 7 } })
})

test('a parked ride that is deleted is parked no longer, and nowhere to be read', async () => {
  await using opened = await openRides()
  const { command, log } = opened
  const rideId = randomUUID()
  const { breakable } = breaking(rides, of(rideId, 'RidePaused'))
  const worker = opened.worker({ projections: [breakable, routes(log, { committed: () => undefined })] })
  await rideOut(opened, rideId)
  await eventually('the ride to be parked', () => worker.parked.length === 1)
  await command(rideId, { type: 'deleteRide', at: null })
  await eventually('the ride to be gone', async () => {
    expect(await administrationOf(opened, rides).parked()).toEqual([])
    // Each projection gets there at its own pace.
    expect(await rowsOf(opened, rideId)).toEqual({ ride: undefined, progress: undefined, route: undefined })
    return true
  })
})

test('nothing of what an event holds is kept of a fault that quotes it', async () => {
  await using opened = await openRides()
  const rideId = randomUUID()
  const quoting: Projection = {
    ...rides,
    async apply(transaction, version, events) {
      await rides.apply(transaction, version, events)
      const uploads = events.filter(({ type }) => type === 'RidePositionsRecorded')
      // PostgreSQL answers: invalid input syntax for type integer: "{…the positions…}"
      for (const { data } of uploads)
        await transaction.query(sql`select ${JSON.stringify(data)}::text::integer`)
    },
  }
  const worker = opened.worker({ projections: [quoting], finishes: false })
  await rideOut(opened, rideId)
  await eventually('the ride to be parked', () => worker.parked.length === 1)
  const [row] = await opened.log.database.query(sql`select error from parked_rides`)
  expect(row.error).toMatchObject({ fault: 'SQL', state: '22P02' })
  expect(JSON.stringify(row.error)).not.toContain('positions')
})

test("a fault that is nobody's event parks nothing: it is tried again until it passes", async () => {
  await using opened = await openRides()
  await rideOut(opened)
  await opened.log.database.query(sql`alter table projection_position rename to somewhere`)
  const worker = opened.worker({ projections: [rides], finishes: false })
  await eventually('the fault', () => worker.faults.length > 1)
  await opened.log.database.query(sql`alter table somewhere rename to projection_position`)
  await eventually('the ride', async () => {
    const [row] = await opened.log.database.query(sql`select version from ride_progress_1`)
    return row?.version === 7
  })
  expect(worker.parked).toEqual([])
})

test('an event that is skipped twice, or three times at once, is passed over alone', async () => {
  await using opened = await openRides()
  const { command, log } = opened
  const rideId = randomUUID()
  const { breakable } = breaking(rides, of(rideId, 'RidePaused'))
  const worker = opened.worker({ projections: [breakable], finishes: false })
  await rideOut(opened, rideId)
  await command(rideId, { type: 'editRide', changes: { title: 'Edited' } })
  const administration = administrationOf(opened, breakable)
  await eventually('the projection to have passed by', async () => {
    const [own] = (await administration.status()).filter(({ projection }) => projection === 'rides')
    return worker.parked.length === 1 && own?.partitions.every(({ position, head }) => position === head)
  })
  await Promise.all([1, 2, 3].map(() => administration.skip(rideId, 4)))
  await administration.skip(rideId, 4)
  expect(await administration.parked()).toEqual([])
  expect(await rowsOf(opened, rideId)).toMatchObject({
    ride: { status: 'ENDED', title: 'Edited' },
    progress: { version: 8 },
  })
  expect(await log.database.query(sql`select * from parked_rides`)).toEqual([])
})

test('a projection that needs few of the events passes by the others without waiting', async () => {
  await using opened = await openRides()
  const { log } = opened
  // More than it looks through at once.
  const uploads = 11_000
  await log.database.query(sql`
    insert into events (partition, position, stream_id, version, event_id, type, schema_version, recorded_at, data)
    select 0, n, '00000000-0000-4000-8000-00000000000a', n, gen_random_uuid(), 'RidePositionsRecorded', 1, now(), '{}'
      from generate_series(1, ${uploads}::integer) as n`)
  const batches: number[] = []
  opened.worker({
    projections: [routes(log, { committed: () => undefined })],
    finishes: false,
    onBatch: (_, { upTo }) => void batches.push(upTo),
  })
  // Nobody tells of more, and the next look would be in an hour.
  await eventually('the end', () => batches.at(-1) === uploads)
  expect(batches.length).toBeGreaterThan(1)
})

test.each([
  ['takes too long', '57014'],
  ['takes too much memory', '53200'],
  ['needs what the server lacks', '58P01'],
])('a ride whose statement %s is parked like any other, and the others go on', async (_, code) => {
  await using opened = await openRides()
  const poison = randomUUID()
  const failing: Projection = {
    ...rides,
    async apply(transaction, version, events) {
      if (events.some(({ streamId }) => streamId === poison)) {
        // As PostgreSQL says it, of a statement of this transaction.
        await transaction.query(
          sql`do ${sql.__dangerous__rawValue(`$$ begin raise exception 'no' using errcode = '${code}'; end $$`)}`,
        )
      }
      await rides.apply(transaction, version, events)
    },
  }
  const worker = opened.worker({ projections: [failing, routes(opened.log, { committed: () => undefined })] })
  await rideOut(opened, poison)
  const other = await rideOut(opened)
  await finished(opened, other)
  await eventually('the ride to be parked', () => worker.parked.length === 1)
  expect(worker.parked).toEqual([poison])
})

test('a ride that cannot be measured is parked, and those that are measured beside it are finished', async () => {
  await using opened = await openRides()
  const rideIds = Array.from({ length: 9 }, () => randomUUID())
  const poison = rideIds[4]!
  for (const rideId of rideIds) await rideOut(opened, rideId)
  await opened.command(poison, { type: 'editRide', changes: { title: 'Poison' } })
  const projection = routes(opened.log, {
    committed: () => undefined,
    async measure(events) {
      if (events.includes('Poison')) throw new Error('It cannot be measured')
      return measureRide(events)
    },
  })
  const worker = opened.worker({ projections: [rides, projection] })
  for (const rideId of rideIds) if (rideId !== poison) await finished(opened, rideId)
  await eventually('the ride to be parked', () => worker.parked.length > 0)
  expect(worker.parked).toEqual([poison])
  expect(worker.faults.map((fault) => (fault as Error).message)).toEqual(
    Array(3).fill('It cannot be measured'),
  )
})

import { randomUUID } from 'node:crypto'
import { sql } from '@databases/pg'
import { describe, expect, test } from 'vitest'
import { rides } from '#projections/rides.ts'
import { routes } from '#projections/routes.ts'
import { eventually } from '../support/eventually.ts'
import { finished, type OpenedRides, openRides, rideOut, riding, seconds, start } from './open-rides.ts'

const rideRow = async ({ log }: OpenedRides, rideId: string) =>
  (
    await log.database.query(
      sql`select * from rides_1 join ride_progress_1 using (partition, ride_id) where ride_id = ${rideId}`,
    )
  )[0]

const routeRow = async ({ log }: OpenedRides, rideId: string) =>
  (
    await log.database.query(sql`
      select *, ST_NumGeometries(route) as lines, ST_NPoints(route) as points, ST_GeometryType(route) as type, ST_NDims(route) as dimensions,
             ST_M(ST_StartPoint(ST_GeometryN(route, 2))) as second_from, ST_Z(ST_StartPoint(ST_GeometryN(route, 1))) as first_height,
             ST_IsValidTrajectory(ST_GeometryN(route, 1)) as trajectory
        from routes_1 where ride_id = ${rideId}`)
  )[0]

describe.each([1, 4])('projections, with %i partition(s)', (partitions) => {
  test('a ride that has ended gets its route, its statistics and RideFinished', async () => {
    await using opened = await openRides({ partitions })
    opened.worker()
    const rideId = await rideOut(opened)
    await finished(opened, rideId)
    expect(await rideRow(opened, rideId)).toMatchObject({
      title: 'Out',
      visibility: 'PRIVATE',
      version: 8,
      started_at: new Date(start),
      ended_at: new Date(seconds(1060)),
      timer_time: 160,
      moving_time: 150,
    })
    const route = await routeRow(opened, rideId)
    expect(route).toMatchObject({
      type: 'ST_MultiLineString',
      dimensions: 4,
      lines: 2,
      points: 152,
      trajectory: true,
      second_from: seconds(1000) / 1000,
      first_height: 100,
      elapsed_time: 1060,
      timer_time: 160,
      moving_time: 150,
      excluded: [],
    })
    // 5 m/s for 150 s; nothing is measured across the pause.
    expect(route.distance).toBeCloseTo(750, 0)
    const { distance } = await rideRow(opened, rideId)
    expect(distance).toBeCloseTo(route.distance, 1)
    expect(await opened.log.database.query(sql`select * from finish_outbox`)).toEqual([])
  })

  test('what two workers do together is done once', async () => {
    await using opened = await openRides({ partitions })
    const workers = [opened.worker({ pollMs: 50 }), opened.worker({ pollMs: 50 })]
    const rideIds = await Promise.all(Array.from({ length: 8 }, () => rideOut(opened)))
    for (const rideId of rideIds) await finished(opened, rideId)
    for (const rideId of rideIds) expect(await rideRow(opened, rideId)).toMatchObject({ version: 8 })
    expect(workers.flatMap(({ faults }) => faults)).toEqual([])
  })

  test('read = fold: what was projected bit by bit equals what is projected from the log at once', async () => {
    await using opened = await openRides({ partitions })
    opened.worker()
    const rideIds = await Promise.all(Array.from({ length: 5 }, () => rideOut(opened)))
    const open = randomUUID()
    await opened.command(open, { type: 'startRide', startedAt: null, title: null, visibility: 'PUBLIC' })
    await opened.command(open, { type: 'recordPositions', positions: riding(86_400, 86_410) })
    await opened.command(open, { type: 'editRide', changes: { title: 'Open', description: 'Still going' } })
    for (const rideId of rideIds) await finished(opened, rideId)
    await eventually('the open ride', async () => (await rideRow(opened, open))?.version === 3)
    const tables = async () => ({
      rides: await opened.log.database.query(sql`select * from rides_1 order by ride_id`),
      progress: await opened.log.database.query(sql`select * from ride_progress_1 order by ride_id`),
      routes: await opened.log.database.query(sql`select * from routes_1 order by ride_id`),
    })
    const served = await tables()
    expect(served.rides).toHaveLength(6)
    expect(served.routes).toHaveLength(5)
    await opened.log.database.query(sql`truncate rides_1, ride_progress_1, routes_1, projection_position`)
    const rebuilding = opened.worker({
      projections: [rides, routes(opened.log, { committed: () => undefined })],
      finishes: false,
      pollMs: 20,
    })
    await eventually('the same rows', async () => {
      expect(await tables()).toEqual(served)
      return true
    })
    expect(rebuilding.faults).toEqual([])
  })
})

test('hint: with every notification lost rides are finished all the same', async () => {
  await using opened = await openRides()
  opened.worker({ listener: { on: () => () => undefined, close: async () => undefined }, pollMs: 30 })
  await finished(opened, await rideOut(opened))
})

test('rides that ended while no worker lived are finished by the next one', async () => {
  await using opened = await openRides()
  const rideId = await rideOut(opened)
  opened.worker()
  await finished(opened, rideId)
})

test('a worker that died between the route and RideFinished is made up for', async () => {
  await using opened = await openRides()
  const dying = opened.worker({ finishes: false })
  const rideId = await rideOut(opened)
  await eventually('the route', async () => (await routeRow(opened, rideId)) !== undefined)
  await dying.stop()
  expect(await rideRow(opened, rideId)).toMatchObject({ status: 'ENDED' })
  opened.worker()
  await finished(opened, rideId)
})

test('a batch that fails leaves neither rows nor checkpoint, and is tried again', async () => {
  await using opened = await openRides()
  let failures = 3
  const faltering = {
    ...rides,
    async apply(...given: Parameters<typeof rides.apply>) {
      await rides.apply(...given)
      if (failures-- > 0) throw new Error('in the middle of it')
    },
  }
  const rideId = await rideOut(opened)
  const worker = opened.worker({ projections: [faltering], finishes: false })
  await eventually('the ride', async () => (await rideRow(opened, rideId))?.version === 7)
  expect(failures).toBeLessThan(0)
  expect(worker.parked).toEqual([])
})

test('a ride without a single fix is finished, with statistics and no route', async () => {
  await using opened = await openRides()
  opened.worker()
  const rideId = randomUUID()
  await opened.command(rideId, { type: 'startRide', startedAt: start, title: null, visibility: 'PRIVATE' })
  await opened.command(rideId, {
    type: 'recordPositions',
    positions: [
      { at: seconds(1), heartRate: 120 },
      { at: seconds(2), heartRate: 130 },
    ],
  })
  await opened.command(rideId, { type: 'endRide', at: seconds(60) })
  await finished(opened, rideId)
  expect(await routeRow(opened, rideId)).toMatchObject({
    route: null,
    distance: 0,
    timer_time: 60,
    average_heart_rate: 125,
  })
})

test('a title with half a character, written before such were refused, holds nobody up', async () => {
  await using opened = await openRides()
  const worker = opened.worker()
  const rideId = randomUUID()
  await opened.command(rideId, {
    type: 'startRide',
    startedAt: start,
    title: 'bad \ud83d',
    visibility: 'PRIVATE',
  })
  await finished(opened, await rideOut(opened))
  expect(await rideRow(opened, rideId)).toMatchObject({ title: 'bad \ufffd' })
  expect(worker.faults).toEqual([])
})

test('two fixes at opposite ends of the earth hold nobody up', async () => {
  await using opened = await openRides()
  const worker = opened.worker()
  const rideId = randomUUID()
  await opened.command(rideId, { type: 'startRide', startedAt: start, title: null, visibility: 'PRIVATE' })
  const [here, there] = [
    { latitude: 46, longitude: 14.5 },
    { latitude: -46, longitude: -165.5 },
  ]
  const positions = [here, there, here].map((place, index) => ({ at: seconds(index), ...place }))
  await opened.command(rideId, { type: 'recordPositions', positions })
  await opened.command(rideId, { type: 'endRide', at: seconds(10) })
  await finished(opened, rideId)
  expect(worker.faults).toEqual([])
})

test('the length of a route is measured flat: a trembling altitude makes no way', async () => {
  await using opened = await openRides()
  opened.worker()
  const rideId = randomUUID()
  await opened.command(rideId, { type: 'startRide', startedAt: start, title: null, visibility: 'PRIVATE' })
  const positions = riding(0, 200).map((position, index) => ({
    ...position,
    altitude: 100 + (index % 2) * 4,
  }))
  await opened.command(rideId, { type: 'recordPositions', positions })
  await opened.command(rideId, { type: 'endRide', at: seconds(200) })
  await finished(opened, rideId)
  expect((await routeRow(opened, rideId)).distance).toBeCloseTo(1000, 0)
})

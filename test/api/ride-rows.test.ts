import { sql } from '@databases/pg'
import { expect, test } from 'vitest'
import { openAfresh } from '#api/afresh.ts'
import { titleOf } from '#api/ride.ts'
import type { RideRow } from '#api/ride-row.ts'
import { ridesById, ridesInProgress, ridesSeenBy } from '#api/ride-rows.ts'
import { countRides, ridesPage } from '#api/rides-page.ts'
import { metres } from '#api/rounding.ts'
import type { RouteRow } from '#api/route-row.ts'
import { type Projection, tableOf } from '#projections/projection.ts'
import { rides } from '#projections/rides.ts'
import { routes } from '#projections/routes.ts'
import { createReadRights } from '#rights/masking.ts'
import { openUnsettled } from '#rights/unsettled.ts'
import { localRider } from '#rights/viewer.ts'
import { allFinished, openRides, rideOut, riderId, riding, seconds } from '../projections/open-rides.ts'
import { eventually } from '../support/eventually.ts'

test('rights: a ride that is deleted is not shown, also while the read tables have it still', async () => {
  await using opened = await openRides({ partitions: 4 })
  const { command, log, serving } = opened
  const worker = opened.worker()
  const [deleted, kept] = [await rideOut(opened), await rideOut(opened)]
  const finished = () =>
    serving.read().selectFrom('rides').select('ride_id').where('status', '=', 'FINISHED').execute()
  await eventually('both to be FINISHED', async () => (await finished()).length === 2)
  // From now on nobody takes anything over into the read tables.
  await worker.stop()
  await command(deleted, { type: 'deleteRide', at: null })
  expect(await finished()).toHaveLength(2)
  const viewer = { ...localRider, riderId }
  const everything = { after: undefined, before: undefined, limit: 100, inverted: false }
  const ids = (rows: readonly { readonly rideId: string }[]) => rows.map(({ rideId }) => rideId)
  expect(ids(await ridesById(serving.read(), log.partitionOf, [deleted, kept]))).toEqual([kept])
  expect(ids(await ridesPage(serving.read(), viewer, everything))).toEqual([kept])
  expect(await countRides(serving.read(), viewer)).toBe(1)
})

test('rights: a ride in progress that is deleted is not shown on the live map, also while the read tables have it still', async () => {
  await using opened = await openRides()
  const { command, serving } = opened
  const worker = opened.worker()
  const rideId = crypto.randomUUID()
  await command(rideId, { type: 'startRide', startedAt: null, title: null, visibility: 'PUBLIC' })
  await eventually('it to be there', async () => (await ridesInProgress(serving.read())).length === 1)
  await worker.stop()
  await command(rideId, { type: 'deleteRide', at: null })
  expect(await ridesInProgress(serving.read())).toEqual([])
})

test('rights: what a replica does not know to be deleted is left out of a page, and the page is full all the same', async () => {
  await using opened = await openRides()
  const { command, log, serving } = opened
  opened.worker({ finishes: false })
  const ids = Array.from({ length: 7 }, () => crypto.randomUUID())
  for (const [second, id] of ids.entries()) {
    await command(id, { type: 'startRide', startedAt: seconds(second), title: null, visibility: 'PRIVATE' })
  }
  await eventually(
    'all to be there',
    async () => (await ridesInProgress(serving.read())).length === ids.length,
  )
  const viewer = { ...localRider, riderId }
  const [first = '', second = '', third = '', fourth = '', fifth = '', sixth = '', seventh = ''] = ids
  const asked: number[] = []
  const unsettled = await openUnsettled({
    ...{ log, serving, listener: opened.listener, readRights: createReadRights(log) },
    onFault: (error) => {
      throw error
    },
  })
  using _closing = { [Symbol.dispose]: () => unsettled.close() }
  const afresh = openAfresh({
    unsettled,
    async outdated(rows) {
      asked.push(rows.length)
      return new Set([second, fifth, sixth].filter((id) => rows.some(({ rideId }) => rideId === id)))
    },
  })
  const page = async (limit: number, inverted: boolean) => {
    const wanted = { after: undefined, before: undefined, limit, inverted }
    return (await ridesPage(serving.read(), viewer, wanted, afresh)).map(({ rideId }) => rideId)
  }
  expect(await page(3, false)).toEqual([seventh, fourth, third])
  expect(await page(3, true)).toEqual([first, third, fourth])
  expect(await page(4, false)).toEqual([seventh, fourth, third, first])
  expect(await page(5, true)).toEqual([first, third, fourth, seventh])
  asked.length = 0
  const byId = await ridesSeenBy(serving.read(), log.partitionOf, [first, second], { viewer, afresh })
  expect(byId.map(({ rideId }) => rideId)).toEqual([first])
  expect(asked).toEqual([2])
})

test('what is shown of a finished ride agrees with its statistics, also when they were made anew by a better rule', async () => {
  await using opened = await openRides({ partitions: 4 })
  const { log, serving } = opened
  const viewer = { ...localRider, riderId }
  const first = opened.worker()
  const [measured, skipped] = [await rideOut(opened), await rideOut(opened)]
  await allFinished(opened, 2)
  const open = crypto.randomUUID()
  await opened.command(open, { type: 'startRide', startedAt: null, title: null, visibility: 'PUBLIC' })
  await opened.command(open, { type: 'recordPositions', positions: riding(86_400, 86_410) })
  const rowsOf = async () => {
    const rows = await ridesSeenBy(serving.read(), log.partitionOf, [measured, skipped, open], { viewer })
    return new Map(rows.map((row) => [row.rideId, row]))
  }
  await eventually('the open one to be there', async () => ((await rowsOf()).get(open)?.distance ?? 0) > 0)
  await first.stop()
  const before = await rowsOf()
  const made = routes(log, { committed: () => undefined })
  // It finds less of everything, another zone, and no route of one of them.
  const better: Projection = {
    ...made,
    revision: made.revision + 1,
    async apply(transaction, version, events) {
      await made.apply(transaction, version, events)
      await transaction.query(sql`
        update ${tableOf('routes', version)}
           set distance = 700.004, moving_time = 130.5, timer_time = 150.25, time_zone = 'Asia/Tokyo'`)
      await transaction.query(sql`delete from ${tableOf('routes', version)} where ride_id = ${skipped}`)
    },
  }
  opened.worker({ projections: [rides, better] })
  const numbersOf = ({ distance, movingTime, timerTime }: RideRow | RouteRow) => [
    metres(distance),
    movingTime,
    timerTime,
  ]
  await eventually('the new tables to be read', async () => {
    return (await rowsOf()).get(measured)?.route?.distance === 700
  })
  const after = await rowsOf()
  const route = after.get(measured)?.route
  expect(numbersOf(after.get(measured)!)).toEqual(numbersOf(route!))
  expect(numbersOf(after.get(measured)!)).toEqual([700, 130.5, 150.25])
  expect(before.get(measured)).toMatchObject({ timeZone: 'Africa/Libreville' })
  expect(after.get(measured)).toMatchObject({ timeZone: 'Asia/Tokyo', speed: null })
  expect(titleOf({ ...after.get(measured)!, title: null })).toBe('Afternoon ride')
  // Of a ride that has no route there is what was said when
  // it was finished, and of one in progress what is known.
  for (const id of [skipped, open]) {
    const [shown, shownBefore] = [after.get(id)!, before.get(id)!]
    expect(numbersOf(shown)).toEqual(numbersOf(shownBefore))
    expect({ ...shown, distance: 0 }).toEqual({ ...shownBefore, distance: 0, route: null })
  }
  const everything = { after: undefined, before: undefined, limit: 100, inverted: false }
  for (const row of await ridesPage(serving.read(), viewer, everything))
    expect(row).toEqual({ ...after.get(row.rideId), shares: undefined })
})

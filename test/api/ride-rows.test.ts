import { expect, test } from 'vitest'
import { countRides, ridesById, ridesInProgress, ridesPage } from '#api/ride-rows.ts'
import { openRides, rideOut, riderId, seconds } from '../projections/open-rides.ts'
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
  const viewer = { riderId, isAdministrator: false }
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
  const viewer = { riderId, isAdministrator: false }
  const [first = '', second = '', third = '', fourth = '', fifth = '', sixth = '', seventh = ''] = ids
  const asked: number[] = []
  const gone = async (rideIds: readonly string[]) => {
    asked.push(rideIds.length)
    return new Set(rideIds.filter((id) => [second, fifth, sixth].includes(id)))
  }
  const page = async (limit: number, inverted: boolean) => {
    const wanted = { after: undefined, before: undefined, limit, inverted }
    return (await ridesPage(serving.read(), viewer, wanted, gone)).map(({ rideId }) => rideId)
  }
  expect(await page(3, false)).toEqual([seventh, fourth, third])
  expect(await page(3, true)).toEqual([first, third, fourth])
  expect(await page(4, false)).toEqual([seventh, fourth, third, first])
  expect(await page(5, true)).toEqual([first, third, fourth, seventh])
  asked.length = 0
  const byId = await ridesById(serving.read(), log.partitionOf, [first, second], gone)
  expect(byId.map(({ rideId }) => rideId)).toEqual([first])
  expect(asked).toEqual([2])
})

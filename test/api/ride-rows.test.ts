import { expect, test } from 'vitest'
import { countRides, ridesById, ridesInProgress, ridesPage } from '#api/ride-rows.ts'
import { openRides, rideOut, riderId } from '../projections/open-rides.ts'
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

/** Rides that the read side is not going to have for a while. */
import { randomUUID } from 'node:crypto'
import { sql } from '@databases/pg'
import { expect, test } from 'vitest'
import { askOutdated, openAfresh } from '#api/afresh.ts'
import { ridesSeenBy } from '#api/ride-rows.ts'
import { openAdministration } from '#projections/administration.ts'
import type { Projection } from '#projections/projection.ts'
import { rides } from '#projections/rides.ts'
import { createReadRights } from '#rights/masking.ts'
import { openUnsettled } from '#rights/unsettled.ts'
import { anonymous } from '#rights/viewer.ts'
import { openRides, riderId, seconds } from '../projections/open-rides.ts'
import { eventually } from '../support/eventually.ts'

test('rights: a ride that is parked is judged by the log, also by a process that comes later, until it is taken', async () => {
  await using opened = await openRides()
  const { log, serving, listener, command } = opened
  const [parked, other] = [randomUUID(), randomUUID()]
  const broken = { isMended: false }
  const flaky: Projection = {
    ...rides,
    async apply(transaction, version, events) {
      const isPoison = events.some(({ streamId, type }) => streamId === parked && type === 'RideEdited')
      if (isPoison && !broken.isMended) throw new Error('It cannot be taken')
      await rides.apply(transaction, version, events)
    },
  }
  const worker = opened.worker({ projections: [flaky], finishes: false })
  const begin = { type: 'startRide', startedAt: seconds(0), title: null, visibility: 'PUBLIC' } as const
  await command(parked, begin)
  await command(parked, { type: 'editRide', changes: { visibility: 'PRIVATE' } })
  await command(other, begin)
  await command(other, { type: 'editRide', changes: { title: 'Taken' } })
  const viewer = anonymous('somewhere')
  const read = () => ridesSeenBy(serving.read(), log.partitionOf, [parked, other], { viewer })
  await eventually('one to be parked and the other taken', async () => {
    const titles = (await read()).map(({ title }) => title)
    return worker.parked.length === 1 && titles.includes('Taken')
  })

  const unsettled = await openUnsettled({
    ...{ log, serving, listener, readRights: createReadRights(log) },
    onFault: (error) => {
      throw error
    },
  })
  using _closing = { [Symbol.dispose]: () => unsettled.close() }
  const afresh = openAfresh({ unsettled })
  const visibilities = async () =>
    new Map((await afresh.rides(await read(), viewer)).map(({ rideId, visibility }) => [rideId, visibility]))
  const expected = new Map([
    [parked, 'PRIVATE'],
    [other, 'PUBLIC'],
  ])
  expect(await visibilities()).toEqual(expected)
  expect(await afresh.unlistedFor(viewer)).toEqual([parked])
  // Edited once more it is judged by that.
  const version = await command(parked, { type: 'editRide', changes: { visibility: 'UNLISTED' } })
  unsettled.heed({ rideId: parked, version })
  expect(await visibilities()).toEqual(new Map([...expected, [parked, 'UNLISTED']]))

  broken.isMended = true
  const administration = openAdministration({ database: log.database, projections: [flaky], partitions: 1 })
  await administration.retry(parked)
  const rows = await eventually('it to be taken', async () => {
    const there = await read()
    return there.some((row) => row.rideId === parked && row.version === version) && there
  })
  expect(rows.find(({ rideId }) => rideId === parked)).toMatchObject({ visibility: 'UNLISTED' })
  // What is read says it itself now.
  for (const row of rows) expect(unsettled.rightsOf(row)).toBeUndefined()
  await eventually('it to be forgotten', async () => (await afresh.unlistedFor(viewer)).length === 0)
  await worker.stop()
})

test.each(['before', 'after'])(
  'rights: a ride of which a newer program wrote something is for no others, and lists are answered; written %s the start',
  async (when) => {
    await using opened = await openRides()
    const { log, serving, listener, command } = opened
    const [newer, other] = [randomUUID(), randomUUID()]
    const begin = { type: 'startRide', startedAt: seconds(0), title: null, visibility: 'PUBLIC' } as const
    await command(newer, begin)
    const version = await command(newer, { type: 'editRide', changes: { title: 'Newer' } })
    await log.database.query(sql`
      update events set schema_version = 99 where stream_id = ${newer} and type = 'RideEdited'`)
    await command(other, begin)
    const viewer = anonymous('somewhere')
    const worker = opened.worker({ projections: [rides], finishes: false })
    const read = () => ridesSeenBy(serving.read(), log.partitionOf, [newer, other], { viewer })
    const open = () =>
      openUnsettled({
        ...{ log, serving, listener, readRights: createReadRights(log) },
        onFault: (error) => {
          throw error
        },
      })
    const early = when === 'after' ? await open() : undefined
    early?.hear({ streamId: newer, version, type: 'RideEdited' })
    await eventually('both to be read', async () => worker.parked.length === 1 && (await read()).length === 2)
    const unsettled = early ?? (await open())
    using _closing = { [Symbol.dispose]: () => unsettled.close() }
    const afresh = openAfresh({ unsettled })
    expect(await afresh.rides(await read(), viewer)).toMatchObject([{ rideId: other }])
    expect(await afresh.unlistedFor(viewer)).toEqual([newer])
    await worker.stop()
  },
)

test('others see a ride of whose rider all zones were taken away, also while it is judged by the log or by another database', async () => {
  await using opened = await openRides()
  const { log, serving, listener, command } = opened
  const rideId = randomUUID()
  const zone = { latitude: 40, longitude: 10, radius: 500 }
  await command(rideId, { type: 'startRide', startedAt: seconds(0), title: null, visibility: 'PUBLIC' })
  await command(rideId, { type: 'maskRide', mask: { version: 1, zones: [zone] }, isEndKnown: false })
  await command(rideId, { type: 'maskRide', mask: { version: 2, zones: [] }, isEndKnown: false })
  await log.database.query(sql`update riders set mask_version = 2 where rider_id = ${riderId}`)
  const worker = opened.worker({ projections: [rides], finishes: false })
  const viewer = anonymous('somewhere')
  const read = () => ridesSeenBy(serving.read(), log.partitionOf, [rideId], { viewer })
  await eventually('it to be there', async () => (await read()).length === 1)
  const unsettled = await openUnsettled({
    ...{ log, serving, listener, readRights: createReadRights(log) },
    onFault: (error) => {
      throw error
    },
  })
  using _closing = { [Symbol.dispose]: () => unsettled.close() }
  const afresh = openAfresh({ unsettled, outdated: askOutdated(log.database, log.partitionOf) })
  expect(await afresh.rides(await read(), viewer)).toMatchObject([{ rideId }])
  unsettled.heed({ rideId, version: 1_000_000_000 })
  expect(await afresh.rides(await read(), viewer)).toMatchObject([{ rideId }])
  await worker.stop()
})

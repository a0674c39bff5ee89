import { randomUUID } from 'node:crypto'
import { sql } from '@databases/pg'
import { expect, test } from 'vitest'
import { openAdministration } from '#projections/administration.ts'
import { rides } from '#projections/rides.ts'
import { routes } from '#projections/routes.ts'
import { createScout, type Scout } from '#projections/scout.ts'
import { eventually } from '../support/eventually.ts'
import { finished, type OpenedRides, openRides, rideOut, riding, start } from './open-rides.ts'

const headOf = async ({ log }: OpenedRides): Promise<number> =>
  (await log.database.query(sql`select coalesce(max(position), 0) as head from events`))[0].head

async function scoutAtHead(opened: OpenedRides, now: () => number): Promise<{ scout: Scout; head: number }> {
  const { database } = opened.log
  const scout = createScout({ database, partition: 0, types: ['RideEnded'], now })
  expect(await scout.look()).toMatchObject({ isWorth: true })
  const head = await headOf(opened)
  scout.moved(head)
  return { scout, head }
}

async function upload({ command }: OpenedRides, rideId: string, second: number): Promise<void> {
  await command(rideId, { type: 'recordPositions', positions: riding(second, second) })
}

test('what nobody wants is looked through once, and the checkpoint follows half a second later', async () => {
  await using opened = await openRides()
  const rideId = randomUUID()
  await opened.command(rideId, { type: 'startRide', startedAt: start, title: null, visibility: 'PRIVATE' })
  let at = 0
  const { scout, head } = await scoutAtHead(opened, () => at)
  expect(await scout.look()).toEqual({ events: 0, isWorth: false, isAhead: false })
  for (const second of [1, 2, 3]) await upload(opened, rideId, second)
  expect(await scout.look()).toEqual({ events: 3, isWorth: false, isAhead: true })
  expect(await scout.look()).toEqual({ events: 0, isWorth: false, isAhead: true })
  expect(scout.after(head)).toBe(head + 3)
  at = 499
  expect(await scout.look()).toMatchObject({ isWorth: false })
  at = 500
  expect(await scout.look()).toEqual({ events: 0, isWorth: true, isAhead: true })
  scout.moved(head + 3)
  expect(await scout.look()).toEqual({ events: 0, isWorth: false, isAhead: false })
})

test('what is wanted is worth a transaction at once', async () => {
  await using opened = await openRides()
  const { scout } = await scoutAtHead(opened, () => 0)
  await rideOut(opened)
  expect(await scout.look()).toMatchObject({ isWorth: true })
})

test('a checkpoint that stands where this one has not looked is read on from where it stands', async () => {
  await using opened = await openRides()
  await rideOut(opened)
  const { scout, head } = await scoutAtHead(opened, () => 0)
  const rideId = randomUUID()
  await opened.command(rideId, { type: 'startRide', startedAt: start, title: null, visibility: 'PRIVATE' })
  await upload(opened, rideId, 1)
  await scout.look()
  // Another worker is ahead.
  expect(scout.after(head + 7)).toBe(head + 7)
  // Somebody has set it back.
  expect(scout.after(2)).toBe(2)
})

test('hole: behind a position that the log does not have nothing is looked through', async () => {
  await using opened = await openRides()
  const { database } = opened.log
  const rideId = await rideOut(opened)
  const { scout, head } = await scoutAtHead(opened, () => 0)
  await database.query(sql`
    insert into events (partition, position, recorded_at, stream_id, version, event_id, type, schema_version, data)
    values (0, ${head + 2}, now(), ${rideId}, 99, gen_random_uuid(), 'RidePaused', 1, '{}')`)
  expect(await scout.look()).toMatchObject({ isWorth: true })
  expect(scout.after(head)).toBe(head)
})

test('a projection that wants nothing of what comes in is shown at the end of the log all the same', async () => {
  await using opened = await openRides()
  const projections = [rides, routes(opened.log, { committed: () => undefined })]
  const worker = opened.worker({ projections })
  const rideId = randomUUID()
  await opened.command(rideId, { type: 'startRide', startedAt: start, title: null, visibility: 'PRIVATE' })
  for (let second = 1; second < 20; second++) await upload(opened, rideId, second)
  const administration = openAdministration({ database: opened.log.database, projections, partitions: 1 })
  await eventually('both to be at the end', async () =>
    (await administration.status()).every(({ partitions }) =>
      partitions.every(({ position, head }) => position === head),
    ),
  )
  await rideOut(opened)
  await opened.command(rideId, { type: 'endRide', at: null })
  await finished(opened, rideId)
  expect(worker.faults).toEqual([])
})

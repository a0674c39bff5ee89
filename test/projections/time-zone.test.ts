/** A ride's time zone is where its track begins, whatever came first. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { ridesById } from '#api/ride-rows.ts'
import type { Position } from '#ride/position.ts'
import { eventually } from '../support/eventually.ts'
import { allFinished, finished, type OpenedRides, openRides, seconds, start } from './open-rides.ts'

/** North from here at 5 m/s. */
const from = (second: number, latitude: number, longitude: number): Position[] =>
  Array.from({ length: 60 }, (_, index) => ({
    at: seconds(second + index),
    latitude: latitude + (index * 5) / 111_200,
    longitude,
  }))
const inOslo = [59.91, 10.75] as const
const inShanghai = [31.23, 121.47] as const

async function started({ command }: OpenedRides): Promise<string> {
  const rideId = randomUUID()
  await command(rideId, { type: 'startRide', startedAt: start, title: null, visibility: 'PRIVATE' })
  return rideId
}

const shown = async ({ read, log }: OpenedRides, rideId: string) => {
  const [ride] = await ridesById(read, log.partitionOf, [rideId])
  return ride?.timeZone
}

test('a first fix on the other side of the earth says where the ride is until its track is known', async () => {
  await using opened = await openRides()
  opened.worker()
  const rideId = await started(opened)
  const [first, ...others] = from(0, ...inOslo)
  const wrong = { ...first!, latitude: inShanghai[0], longitude: inShanghai[1] }
  await opened.command(rideId, { type: 'recordPositions', positions: [wrong, ...others] })
  await eventually('a time zone', async () => (await shown(opened, rideId)) === 'Asia/Shanghai')
  await opened.command(rideId, { type: 'endRide', at: seconds(60) })
  await finished(opened, rideId)
  expect(await shown(opened, rideId)).toBe('Europe/Oslo')
})

test('a ride from one zone into another has that of its beginning, though it came last', async () => {
  await using opened = await openRides()
  opened.worker()
  const rideId = await started(opened)
  // Portugal and Spain, an hour apart by the clock.
  await opened.command(rideId, { type: 'recordPositions', positions: from(1_000, 41.88, -8.6) })
  await opened.command(rideId, { type: 'recordPositions', positions: from(0, 41.8, -8.6) })
  await opened.command(rideId, { type: 'endRide', at: seconds(1_100) })
  await finished(opened, rideId)
  expect(await shown(opened, rideId)).toBe('Europe/Lisbon')
})

test('a ride without a place has no time zone, and one whose places are all left out keeps what came', async () => {
  await using opened = await openRides()
  opened.worker()
  const [placeless, paused] = [await started(opened), await started(opened)]
  await opened.command(placeless, { type: 'recordPositions', positions: [{ at: seconds(1), heartRate: 90 }] })
  await opened.command(placeless, { type: 'endRide', at: seconds(60) })
  await opened.command(paused, { type: 'recordPositions', positions: from(30, ...inOslo) })
  await opened.command(paused, { type: 'endRide', at: seconds(10) })
  await allFinished(opened, 2)
  expect(await shown(opened, placeless)).toBeNull()
  expect(await shown(opened, paused)).toBe('Europe/Oslo')
})

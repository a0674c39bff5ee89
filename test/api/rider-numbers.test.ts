/** A rider's totals and records, as his viewers see them. */
import { randomUUID } from 'node:crypto'
import { sql } from '@databases/pg'
import { expect, test } from 'vitest'
import { isKnownRider, recordsOf, totalsOf } from '#api/rider-numbers.ts'
import { localRider, type Viewer } from '#rights/viewer.ts'
import { openRides, riderId, seconds } from '../projections/open-rides.ts'
import { eventually } from '../support/eventually.ts'

const zoned = '00000000-0000-4000-8000-0000000000a1'

/** North along a meridian at 8 m/s, a sample every ten seconds. */
function fast(from: number, to: number) {
  return Array.from({ length: (to - from) / 10 + 1 }, (_, index) => ({
    at: seconds(from + index * 10),
    latitude: 40 + ((from + index * 10) * 8) / 111_035,
    longitude: -100,
    altitude: 100 + index,
  }))
}

test('totals go by the day where a ride began, and count what the viewer sees of it; records are the best of these', async () => {
  await using opened = await openRides({ partitions: 2 })
  const { commands, log } = opened
  const worker = opened.worker()
  const short = randomUUID()
  const long = randomUUID()
  const asked = { riderId, period: 'WEEK', from: undefined, to: undefined } as const
  const own: Viewer = { ...localRider, riderId }
  const stranger: Viewer = { ...localRider, riderId: null, scopes: new Set() }
  // 2026-05-31, a Sunday, 08:00 UTC, is two in the morning at 100° west; of the 1st of June, 03:00 UTC, is still Sunday there.
  for (const [rideId, until, offset, visibility] of [
    [short, 300, 0, 'PUBLIC'],
    [long, 1500, 19 * 3600, 'PRIVATE'],
  ] as const) {
    const positions = fast(0, until).map((each) => ({ ...each, at: each.at + offset * 1000 }))
    await opened.command(rideId, { type: 'startRide', startedAt: seconds(offset), title: null, visibility })
    await opened.command(rideId, { type: 'recordPositions', positions })
    await opened.command(rideId, { type: 'endRide', at: seconds(offset + until) })
  }
  await eventually('both to count', async () => (await totalsOf(opened.read, own, asked))[0]?.rides === 2)
  const [week] = await totalsOf(opened.read, own, asked)
  expect(week).toMatchObject({ from: '2026-05-25', rides: 2, elapsedTime: 1800 })
  expect(week!.distance).toBeGreaterThan(14_300)
  // Both are ridden on Sunday there, though the second begins on Monday by UTC.
  expect(await totalsOf(opened.read, own, { ...asked, period: 'DAY' })).toMatchObject([
    { from: '2026-05-31', rides: 2 },
  ])
  expect(await totalsOf(opened.read, own, { ...asked, period: 'DAY', from: '2026-06-01' })).toEqual([])
  expect(await totalsOf(opened.read, own, { ...asked, period: 'MONTH' })).toMatchObject([
    { from: '2026-05-01' },
  ])
  expect(await totalsOf(opened.read, own, { ...asked, period: 'YEAR', from: '2026-06-01' })).toEqual([])
  expect(await totalsOf(opened.read, own, { ...asked, to: '2026-05-31' })).toHaveLength(1)

  const records = await recordsOf(opened.read, own, riderId)
  expect(records).toMatchObject({ longest: long, mostClimbing: long })
  expect(records.fastest.map(({ distance }) => distance)).toEqual([5_000, 10_000])
  expect(records.fastest[0]!.time).toBeGreaterThan(600)
  expect(records.fastest[0]!.time).toBeLessThan(650)

  // Others see the public one.
  expect(await totalsOf(opened.read, stranger, asked)).toMatchObject([{ rides: 1, elapsedTime: 300 }])
  expect(await recordsOf(opened.read, stranger, riderId)).toMatchObject({ longest: short, fastest: [] })
  expect(await isKnownRider(opened.read, stranger, riderId)).toBe(true)
  await opened.command(short, { type: 'editRide', changes: { visibility: 'PRIVATE' } })
  await opened.command(long, { type: 'editRide', changes: { visibility: 'PUBLIC' } })
  await eventually('the other one to count', async () => {
    return (await recordsOf(opened.read, stranger, riderId)).longest === long
  })
  // A zone that hides the way of the second half: only the first counts for others, as soon as the ride is masked by it.
  const half = 40 + (750 * 8) / 111_035
  const mask = {
    version: 1,
    zones: [{ latitude: 40 + (1500 * 8) / 111_035, longitude: -100, radius: (1500 - 750) * 8 }],
  }
  expect(half).toBeLessThan(mask.zones[0]!.latitude)
  await log.database.query(sql`update riders set mask_version = 1 where rider_id = ${riderId}`)
  expect(await totalsOf(opened.read, stranger, asked)).toEqual([])
  await commands.handle({
    streamId: long,
    eventId: randomUUID(),
    contentHash: '',
    command: { type: 'maskRide', mask, isEndKnown: true },
    circumstances: { actor: 'system', now: seconds(86_400) },
  })
  await eventually(
    'half of it to count',
    async () => (await totalsOf(opened.read, stranger, asked)).length === 1,
  )
  const [masked] = await totalsOf(opened.read, stranger, asked)
  expect(masked!.distance).toBeLessThan(6_100)
  expect(masked!.distance).toBeGreaterThan(5_500)
  expect((await totalsOf(opened.read, own, asked))[0]!.distance).toBeCloseTo(week!.distance, 3)
  await opened.command(long, { type: 'deleteRide', at: null })
  expect(await totalsOf(opened.read, stranger, asked)).toEqual([])
  expect(await isKnownRider(opened.read, stranger, riderId)).toBe(false)
  expect(await isKnownRider(opened.read, stranger, zoned)).toBe(false)
  await worker.stop()
})

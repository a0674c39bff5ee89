/** Privacy zones on the read side: what others are shown of a ride, whatever becomes of its rider's zones. */
import { randomUUID } from 'node:crypto'
import { sql } from '@databases/pg'
import { expect, onTestFinished, test } from 'vitest'
import { maskRide } from '#projections/mask-ride.ts'
import { createMasker } from '#projections/masker.ts'
import type { Mask, Zone } from '#ride/mask.ts'
import { eventually } from '../support/eventually.ts'
import {
  allFinished,
  finished,
  type OpenedRides,
  openRides,
  type RideCommands,
  riderId,
  riding,
  seconds,
  start,
} from './open-rides.ts'

/** The first 250 m of the way north, and what lies round 1,000 m (200 s). */
const home: Zone = { latitude: 0, longitude: 10, radius: 250 }
const work: Zone = { latitude: 1000 / 110_574.39, longitude: 10, radius: 250 }
const mask = (version: number, ...zones: Zone[]): Mask => ({ version, zones })

async function setZones(opened: OpenedRides, { version, zones }: Mask): Promise<void> {
  await opened.log.database.tx(async (transaction) => {
    await transaction.query(sql`delete from privacy_zones`)
    for (const { latitude, longitude, radius } of zones) {
      await transaction.query(sql`
        insert into privacy_zones (id, rider_id, name, latitude, longitude, radius)
        values (${randomUUID()}, ${riderId}, 'Home', ${latitude}, ${longitude}, ${radius})`)
    }
    await transaction.query(sql`update riders set mask_version = ${version} where rider_id = ${riderId}`)
  })
}

/** Out for 200 s, 1,000 m. */
async function ride(opened: OpenedRides, by?: Mask, rideId: string = randomUUID()): Promise<string> {
  await opened.command(rideId, {
    ...{ type: 'startRide', startedAt: start, title: null, visibility: 'PUBLIC' },
    ...(by && { mask: by }),
  })
  for (let from = 0; from < 200; from += 10) {
    await opened.command(rideId, { type: 'recordPositions', positions: riding(from, from + 9) })
  }
  await opened.command(rideId, { type: 'recordPositions', positions: riding(200, 200) })
  return rideId
}

async function rowOf(opened: OpenedRides, rideId: string, audience: string) {
  const [row] = await opened.log.database.query(sql`
    select r.status, r.mask_version, extract(epoch from r.started_at)::float8 * 1000 as started_at,
           extract(epoch from r.ended_at)::float8 * 1000 as ended_at, p.version, p.distance, p.timer_time, p.is_hidden,
           (p.latest->>'latitude')::float8 as latitude, f.distance as measured, ST_YMin(f.route) as south, f.ends_hidden,
           (select count(*)::int from tracks_1 t where t.ride_id = r.ride_id and t.audience = r.audience) as tracks
      from rides_1 r join ride_progress_1 p using (ride_id, audience) left join routes_1 f using (ride_id, audience)
     where r.ride_id = ${rideId} and r.audience = ${audience}`)
  return row
}

/** Until then: routes are built behind what is read of rides, and no partition waits for another. */
async function nothingByOlderZones(opened: OpenedRides, version: number): Promise<void> {
  await eventually(`nothing by zones older than ${version}`, async () => {
    const [older] = await opened.log.database.query(sql`
      select (select count(*) from rides_1 where mask_version < ${version})::int as rides,
             (select count(*) from routes_1 where mask_version < ${version})::int as routes`)
    return older.rides + older.routes === 0
  })
}

interface Masking {
  wake(): void
  stop(): Promise<void>
}

interface MaskingOptions {
  readonly now?: () => number
  readonly commands?: RideCommands
  /** None, where left out. */
  readonly expected?: readonly string[]
}

function masking(opened: OpenedRides, options: MaskingOptions = {}): Masking {
  const { log } = opened
  const { now = () => seconds(90_000), commands = opened.commands, expected = [] } = options
  const stopping = new AbortController()
  const faults: unknown[] = []
  const masker = createMasker({
    ...{ database: log.database, log, commands, now, random: Math.random },
    onFault: (error) => faults.push(error),
  })
  const running = masker.run(stopping.signal)
  onTestFinished(() =>
    expect(faults.map(String)).toEqual(expected.map((each) => expect.stringContaining(each))),
  )
  return {
    wake: masker.wake,
    async stop() {
      stopping.abort()
      await running
    },
  }
}

test('others have a row of their own of a ride with zones, from the first place that they may see', async () => {
  await using opened = await openRides()
  opened.worker()
  const rideId = await ride(opened, mask(1, home))
  await eventually('it to be seen', async () => (await rowOf(opened, rideId, 'rider'))?.version === 22)
  const others = await rowOf(opened, rideId, 'others')
  expect(others).toMatchObject({ status: 'ACTIVE', mask_version: 1, is_hidden: false })
  // At 265 m: behind two places that confirm that he is outside. The newest window is not over.
  expect(others.started_at).toBe(seconds(53))
  expect(others.distance).toBeCloseTo(730, 0)
  expect(others.timer_time).toBeCloseTo(146, 0)
  // STARTED, and fifteen windows of ten seconds.
  expect(others.version).toBe(16)
  expect(await rowOf(opened, rideId, 'rider')).toMatchObject({ distance: expect.closeTo(1000, 0) })
  expect(await rowOf(opened, rideId, 'everyone')).toBeUndefined()
})

test('before there is something to see others have no row, and where the rider is hidden it says so', async () => {
  await using opened = await openRides()
  opened.worker()
  const rideId = await ride(opened, mask(1, { ...home, radius: 2000 }))
  await eventually('it to be read', async () => (await rowOf(opened, rideId, 'rider'))?.version === 22)
  expect(await rowOf(opened, rideId, 'others')).toBeUndefined()
  const hiding = await ride(opened, mask(1, home, work))
  await eventually('it to be hidden', async () => (await rowOf(opened, hiding, 'others'))?.is_hidden === true)
  const others = await rowOf(opened, hiding, 'others')
  expect(others.latitude).toBeLessThan(750 / 110_574)
})

test('an end in a zone is shown as the end a while later, and the route is measured of what is seen', async () => {
  await using opened = await openRides()
  opened.worker()
  const rideId = await ride(opened, mask(1, home, work))
  await opened.command(rideId, { type: 'endRide', at: seconds(230) })
  await finished(opened, rideId)
  const before = await rowOf(opened, rideId, 'others')
  expect(before).toMatchObject({ status: 'ACTIVE', ended_at: null, ends_hidden: true, tracks: 1 })
  expect(before.measured).toBeCloseTo(480, 0)
  expect(before.south * 110_574).toBeGreaterThan(250)
  const [due] = await opened.log.database.query(sql`
    select extract(epoch from due_at)::float8 * 1000 as at from reveal_outbox where ride_id = ${rideId}`)
  // Long past: it came to the log when nobody watched, and there is nothing to wait for.
  expect(due.at).toBeLessThan(Date.now())
  const early = masking(opened, { now: () => due.at - 1 })
  // It comes to all that is due, among them this.
  await opened.log.database.query(sql`
    insert into reveal_outbox (partition, ride_id, due_at) values (0, ${randomUUID()}, to_timestamp(0))`)
  await eventually('a round', async () => {
    const [row] = await opened.log.database.query(sql`select count(*)::int as count from reveal_outbox`)
    return row.count === 1
  })
  await early.stop()
  expect((await rowOf(opened, rideId, 'others')).status).toBe('ACTIVE')
  const late = masking(opened, { now: () => due.at + 1 })
  await eventually('the end', async () => (await rowOf(opened, rideId, 'others'))?.status === 'FINISHED')
  await late.stop()
  const after = await rowOf(opened, rideId, 'others')
  expect(after.ended_at).toBe(seconds(149))
  expect(after.measured).toBe(before.measured)
  expect(await opened.log.database.query(sql`select from reveal_outbox`)).toEqual([])
})

test('a ride that comes to be read behind where the masker is looking is masked as well', async () => {
  await using opened = await openRides()
  opened.worker()
  const [first, second] = [`f${randomUUID().slice(1)}`, `0${randomUUID().slice(1)}`]
  const whole = async (rideId: string, count: number) => {
    await ride(opened, undefined, rideId)
    await opened.command(rideId, { type: 'endRide', at: seconds(230) })
    await allFinished(opened, count)
  }
  await whole(first, 1)
  await setZones(opened, mask(1, home))
  let isSecondThere = false
  const commands: RideCommands = {
    ...opened.commands,
    async handle(request) {
      if (!isSecondThere) await whole(second, 2)
      isSecondThere = true
      return opened.commands.handle(request)
    },
  }
  const masker = masking(opened, { commands })
  await eventually('both to be masked', async () => {
    masker.wake()
    const rows = await Promise.all([first, second].map((rideId) => rowOf(opened, rideId, 'others')))
    return rows.every((row) => row?.mask_version === 1)
  })
  const [marks] = await opened.log.database.query(
    sql`select masked_version from riders where rider_id = ${riderId}`,
  )
  await masker.stop()
  expect(marks.masked_version).toBeLessThanOrEqual(1)
})

test('what a newer program wrote of one ride keeps no other from being masked, nor its end from being told', async () => {
  await using opened = await openRides()
  const worker = opened.worker()
  const rideIds = [`0${randomUUID().slice(1)}`, `f${randomUUID().slice(1)}`]
  for (const rideId of rideIds) {
    await ride(opened, mask(1, home, work), rideId)
    await opened.command(rideId, { type: 'endRide', at: seconds(230) })
  }
  await allFinished(opened, 2)
  await opened.log.database.query(sql`
    update events set schema_version = 99 where stream_id = ${rideIds[0]} and type = 'RideStarted'`)
  await opened.log.database.query(sql`update reveal_outbox set due_at = to_timestamp(0)`)
  const masker = masking(opened, { expected: ['written by a newer Slipstream'] })
  const others = () => rowOf(opened, rideIds[1]!, 'others')
  await eventually('the end of the other', async () => (await others())?.status === 'FINISHED')
  await masker.stop()
  await worker.stop()
})

test('a ride that moves on while it is masked is masked all the same, behind all that others were told of it', async () => {
  await using opened = await openRides()
  opened.worker()
  const rideId = await ride(opened)
  const said = async () =>
    (await rowOf(opened, rideId, 'others')) ?? (await rowOf(opened, rideId, 'everyone'))
  let left = 2
  const commands: RideCommands = {
    ...opened.commands,
    async handle(request) {
      const from = 210 - 2 * left
      if (left-- > 0)
        await opened.command(rideId, { type: 'recordPositions', positions: riding(from, from + 1) })
      return opened.commands.handle(request)
    },
  }
  const means = { log: opened.log, commands, now: Date.now, random: () => 0 }
  const outcomes = [await maskRide(means, rideId, { mask: mask(1, home), isEndKnown: false })]
  await eventually('it to be masked', async () => (await said())?.mask_version === 1)
  const [{ version }] = [await said()]
  // The 24 that were told, 64 behind them, STARTED and the windows that are over.
  expect(version).toBe(24 + 64 + 1 + 15)
  // A zone that hides nothing of it changes nothing.
  const far: Zone = { latitude: 40, longitude: 10, radius: 500 }
  outcomes.push(await maskRide(means, rideId, { mask: mask(2, home, far), isEndKnown: false }))
  await eventually('it to be masked', async () => (await said())?.mask_version === 2)
  expect((await said()).version).toBe(version)
  left = 3
  outcomes.push(await maskRide(means, rideId, { mask: mask(3), isEndKnown: false }))
  expect(outcomes).toEqual(['accepted', 'accepted', 'accepted'])
  await eventually('it to be masked', async () => (await said())?.mask_version === 3)
  expect((await said()).version).toBeGreaterThan(version + 2 ** 18)
})

test('zones that change apply to rides that were, and a rebuild makes the same rows', async () => {
  await using opened = await openRides({ partitions: 3 })
  const worker = opened.worker()
  const rideIds = [await ride(opened), await ride(opened), await ride(opened)]
  for (const rideId of rideIds.slice(0, 2))
    await opened.command(rideId, { type: 'endRide', at: seconds(230) })
  await allFinished(opened, 2)
  const [shared, share] = [await ride(opened), { id: randomUUID(), expiresAt: null }]
  await opened.command(shared, { type: 'shareRide', share })
  await opened.command(shared, { type: 'recordPositions', positions: riding(201, 210) })
  await opened.command(shared, { type: 'unshareRide', shareId: share.id })
  await eventually('those that go on to be read', async () => {
    const versions = [(await rowOf(opened, rideIds[2]!, 'everyone'))?.version]
    versions.push((await rowOf(opened, shared, 'rider'))?.version)
    return String(versions) === '22,25'
  })
  let told = await Promise.all(rideIds.map((rideId) => rowOf(opened, rideId, 'everyone')))
  for (const row of told) expect(row).toMatchObject({ mask_version: 0 })
  await setZones(opened, mask(1, home))
  const masker = masking(opened)
  const allAt = async (version: number) => {
    await nothingByOlderZones(opened, version)
    const rows = await Promise.all(rideIds.map((rideId) => rowOf(opened, rideId, 'others')))
    // Whatever is hidden or not any more: others' version grows, by at least the least that is drawn.
    for (const [index, row] of rows.entries()) {
      expect(row).toMatchObject({ mask_version: version })
      expect(row.version - told[index].version).toBeGreaterThan(40)
    }
    told = rows
  }
  await allAt(1)
  for (const rideId of rideIds) {
    expect(await rowOf(opened, rideId, 'everyone')).toBeUndefined()
    expect((await rowOf(opened, rideId, 'others')).started_at).toBe(seconds(53))
    expect((await rowOf(opened, rideId, 'rider')).started_at).toBe(start)
  }
  expect((await rowOf(opened, rideIds[0]!, 'others')).measured).toBeLessThan(760)
  await setZones(opened, mask(2))
  await allAt(2)
  const whole = await rowOf(opened, rideIds[0]!, 'others')
  expect(whole).toEqual({
    ...(await rowOf(opened, rideIds[0]!, 'rider')),
    version: whole.version,
    measured: null,
    south: null,
    ends_hidden: null,
    tracks: 0,
  })
  await setZones(opened, mask(3, work))
  await allAt(3)
  // One that is masked as it ends; the others are masked behind that.
  await opened.command(rideIds[2]!, { type: 'endRide', at: seconds(230) })
  await allFinished(opened, 3)
  await masker.stop()
  await worker.stop()
  const tables = ['rides', 'ride_progress', 'routes', 'tracks']
  const rowsOf = (version: number) =>
    Promise.all(
      tables.map((name) =>
        opened.log.database.query(
          sql`select to_json(t)::text as row from ${sql.ident(`${name}_${version}`)} t order by ride_id, audience`,
        ),
      ),
    )
  const before = await rowsOf(1)
  for (const name of tables) {
    await opened.log.database.query(sql`truncate ${sql.ident(`${name}_1`)}`)
  }
  await opened.log.database.query(sql`delete from projection_position`)
  const again = opened.worker()
  await eventually('the same rows', async () => JSON.stringify(await rowsOf(1)) === JSON.stringify(before))
  await again.stop()
})

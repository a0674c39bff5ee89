import { randomUUID } from 'node:crypto'
import { sql } from '@databases/pg'
import { expect, test } from 'vitest'
import type { Projection } from '#projections/projection.ts'
import { rides } from '#projections/rides.ts'
import { eventually } from '../support/eventually.ts'
import { type OpenedRides, openRides, riding, seconds, start } from './open-rides.ts'

/**
 * Writes down every event that it is given, in the order in
 * which it is given them; the same twice is a fault of SQL.
 */
async function recordingIn({ log }: OpenedRides): Promise<Projection> {
  await log.database.query(sql`
    create table applied (partition integer, position bigint, place bigserial, primary key (partition, position))`)
  return {
    name: 'rides',
    revision: rides.revision,
    tables: [],
    async apply(transaction, _version, events) {
      for (const { partition, position } of events)
        await transaction.query(
          sql`insert into applied (partition, position) values (${partition}, ${position})`,
        )
    },
  }
}

const appliedIn = ({ log }: OpenedRides): Promise<{ partition: number; position: number }[]> =>
  log.database.query(sql`select partition, position from applied order by partition, place`)

const eventsIn = ({ log }: OpenedRides): Promise<{ partition: number; position: number }[]> =>
  log.database.query(sql`select partition, position from events order by partition, position`)

async function rideOn({ command }: OpenedRides, uploads: number): Promise<void> {
  const rideId = randomUUID()
  await command(rideId, { type: 'startRide', startedAt: start, title: null, visibility: 'PRIVATE' })
  for (let upload = 0; upload < uploads; upload++)
    await command(rideId, { type: 'recordPositions', positions: riding(upload, upload) })
  await command(rideId, { type: 'endRide', at: seconds(uploads) })
}

test.each([1, 4])(
  'exactly once: three workers apply every event once and in order, with %i partition(s)',
  async (partitions) => {
    await using opened = await openRides({ partitions })
    const projection = await recordingIn(opened)
    const workers = Array.from({ length: 3 }, () =>
      opened.worker({ projections: [projection], finishes: false, pollMs: 20 }),
    )
    await Promise.all(Array.from({ length: 12 }, () => rideOn(opened, 10)))
    await eventually('all events', async () => (await appliedIn(opened)).length === 12 * 12)
    expect(await appliedIn(opened)).toEqual(await eventsIn(opened))
    expect(workers.flatMap(({ faults }) => faults)).toEqual([])
  },
)

test('exactly once: what a worker had done when its commit failed is done by the next one, and once', async () => {
  await using opened = await openRides()
  const projection = await recordingIn(opened)
  let failures = 0
  const failing: Projection = {
    ...projection,
    async apply(transaction, version, events) {
      await projection.apply(transaction, version, events)
      // The transaction ends here for the server; nobody is to blame for it.
      if (++failures % 2 === 1) throw Object.assign(new Error('lost'), { code: '40001' })
    },
  }
  const workers = [projection, failing].map((each) =>
    opened.worker({ projections: [each], finishes: false, pollMs: 5 }),
  )
  for (let count = 0; count < 6; count++) await rideOn(opened, 5)
  await eventually('all events', async () => (await appliedIn(opened)).length === 6 * 7)
  expect(await appliedIn(opened)).toEqual(await eventsIn(opened))
  for (const worker of workers) await worker.stop()
  expect(workers.flatMap(({ parked }) => parked)).toEqual([])
})

test('exactly once: a checkpoint never stands where its rows do not', async () => {
  await using opened = await openRides()
  const projection = await recordingIn(opened)
  opened.worker({ projections: [projection], finishes: false })
  const writing = Promise.all(Array.from({ length: 5 }, () => rideOn(opened, 10)))
  const seen: { applied: number; position: number }[] = []
  do {
    // One statement, one snapshot.
    const [row] = await opened.log.database.query(sql`
      select (select count(*) from applied) as applied,
             (select coalesce(max(position), 0) from projection_position where projection = 'rides') as position`)
    seen.push(row)
  } while (seen.at(-1)?.position !== 5 * 12)
  await writing
  expect(seen.filter(({ applied, position }) => applied !== position)).toEqual([])
})

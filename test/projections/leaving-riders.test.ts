/** Riders who have left are forgotten each for himself: none waits for another, and nobody is told the same again and again. */
import { randomUUID } from 'node:crypto'
import { sql } from '@databases/pg'
import { expect, test } from 'vitest'
import { createLeavers, type LeaversOptions } from '#projections/leaving-riders.ts'
import { rides } from '#projections/rides.ts'
import { routes } from '#projections/routes.ts'
import { eventually } from '../support/eventually.ts'
import { type OpenedRides, openRides, seconds, start } from './open-rides.ts'

const first = '00000000-0000-4000-8000-00000000000a'
const second = '00000000-0000-4000-8000-00000000000b'

/** A ride of somebody's. */
async function rideOf(opened: OpenedRides, riderId: string): Promise<string> {
  const rideId = randomUUID()
  const { outcome } = await opened.commands.handle({
    streamId: rideId,
    eventId: randomUUID(),
    contentHash: '',
    command: { type: 'startRide', startedAt: start, title: 'Out', visibility: 'PRIVATE' },
    circumstances: { actor: { riderId }, now: seconds(86_400) },
  })
  expect(outcome).toBe('accepted')
  return rideId
}

const mark = ({ log }: OpenedRides, riderId: string) =>
  log.database.query(sql`insert into leaving_riders (rider_id) values (${riderId})`)

async function leaving({ log }: OpenedRides): Promise<string[]> {
  const rows: { rider_id: string }[] = await log.database.query(
    sql`select rider_id from leaving_riders order by rider_id`,
  )
  return rows.map(({ rider_id: riderId }) => riderId)
}

async function isDeleted({ log }: OpenedRides, rideId: string): Promise<boolean> {
  const rows = await log.database.query(sql`select from streams where deleted and stream_id = ${rideId}`)
  return rows.length === 1
}

/** Those who forget, at work: what they say, and which attempts they made. */
function forgetting(opened: OpenedRides, options: Partial<LeaversOptions> = {}) {
  const { log, commands } = opened
  const faults: unknown[] = []
  const told: string[] = []
  const stopping = new AbortController()
  const leavers = createLeavers({
    database: log.database,
    log,
    commands,
    // Their marks are older than any time for which a credential could still be taken.
    now: () => Date.now() + 60_000,
    projections: [rides, routes(log, { committed: () => undefined })],
    partitions: log.partitions,
    forgetBeside: () => Promise.resolve(),
    vacuum: () => Promise.resolve(),
    passedOver: { firstMs: 1, longestMs: 1 },
    onFault: (error) => faults.push(error),
    tell: (what) => told.push(what),
    ...options,
  })
  const running = leavers.run(stopping.signal)
  return {
    faults,
    told,
    wake: leavers.wake,
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await running
    },
  }
}

test('a rider who cannot be forgotten keeps nobody waiting who left after him, and is told of once', async () => {
  await using opened = await openRides()
  const stuck = await rideOf(opened, first)
  const other = await rideOf(opened, first)
  const ride = await rideOf(opened, second)
  await mark(opened, first)
  await mark(opened, second)
  opened.worker()
  let attempts = 0
  await using leavers = forgetting(opened, {
    commands: {
      ...opened.commands,
      handle(request) {
        if (request.streamId !== stuck) return opened.commands.handle(request)
        attempts++
        return Promise.resolve({ outcome: 'refused', refusal: { code: 'RIDE_NOT_FOUND' } })
      },
    },
  })
  await eventually('the second to be forgotten', async () => {
    leavers.wake()
    expect(await leaving(opened)).toEqual([first])
    return true
  })
  expect(await isDeleted(opened, ride)).toBe(true)
  expect(await isDeleted(opened, other)).toBe(true)
  expect(await isDeleted(opened, stuck)).toBe(false)
  await eventually('some more attempts', async () => {
    leavers.wake()
    return attempts > 3
  })
  expect(leavers.faults).toHaveLength(1)
})

test('who cannot be forgotten is passed over, each time for longer, whoever else leaves', async () => {
  await using opened = await openRides()
  const { database } = opened.log
  const stuck = await rideOf(opened, first)
  await mark(opened, first)
  opened.worker()
  let attempts = 0
  await using leavers = forgetting(opened, {
    passedOver: { firstMs: 3_600_000, longestMs: 86_400_000 },
    commands: {
      ...opened.commands,
      handle(request) {
        if (request.streamId !== stuck) return opened.commands.handle(request)
        attempts++
        return Promise.resolve({ outcome: 'refused', refusal: { code: 'RIDE_NOT_FOUND' } })
      },
    },
  })
  const passedOverFor = async () => {
    const [row] = await database.query(sql`
      select attempts, extract(epoch from next_attempt_at - now())::float8 as seconds from leaving_riders`)
    return row
  }
  await eventually('him to be passed over', async () => (await passedOverFor()).attempts === 1)
  // Half of it at least, and not more than all.
  const { seconds: once } = await passedOverFor()
  expect(once).toBeGreaterThan(1_700)
  expect(once).toBeLessThanOrEqual(3_600)
  await rideOf(opened, second)
  await mark(opened, second)
  await eventually('another to be forgotten', async () => {
    leavers.wake()
    return (await leaving(opened)).length === 1
  })
  expect(attempts).toBe(1)
  await database.query(sql`update leaving_riders set next_attempt_at = now()`)
  await eventually('him to be tried again', async () => {
    leavers.wake()
    return (await passedOverFor()).attempts === 2
  })
  expect((await passedOverFor()).seconds).toBeGreaterThan(3_500)
  expect(attempts).toBe(2)
})

test('while the read side lags the rides of whoever leaves go, and the marks once it has come after', async () => {
  await using opened = await openRides()
  const before = await rideOf(opened, first)
  const after = await rideOf(opened, second)
  await mark(opened, first)
  await using leavers = forgetting(opened)
  await eventually('the ride of the first to be deleted', () => isDeleted(opened, before))
  await mark(opened, second)
  await eventually('the ride of the second to be deleted', async () => {
    leavers.wake()
    return isDeleted(opened, after)
  })
  expect(await leaving(opened)).toEqual([first, second])
  opened.worker()
  await eventually('both to be forgotten', async () => {
    leavers.wake()
    return (await leaving(opened)).length === 0
  })
  expect(leavers.told).toEqual([])
})

test('a deleted ride of somebody else whose content is still there keeps no mark, one of his own does', async () => {
  await using opened = await openRides()
  const { log } = opened
  // Nothing can be redacted.
  await log.database.query(sql`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'not now'; end $$`)
  await log.database.query(sql`
    create trigger refuse before update on events for each row execute function refuse()`)
  for (const riderId of [first, second]) {
    const rideId = await rideOf(opened, riderId)
    const { outcome } = await opened.commands.handle({
      streamId: rideId,
      eventId: randomUUID(),
      contentHash: '',
      command: { type: 'deleteRide', at: null },
      circumstances: { actor: { riderId }, now: seconds(86_400) },
    })
    expect(outcome).toBe('accepted')
  }
  const none = randomUUID()
  await mark(opened, first)
  await mark(opened, none)
  opened.worker({ finishes: false })
  await using leavers = forgetting(opened)
  await eventually('who has no ride to be forgotten', async () => {
    leavers.wake()
    return (await leaving(opened)).every((riderId) => riderId !== none)
  })
  expect(await leaving(opened)).toEqual([first])
  await log.database.query(sql`drop function refuse() cascade`)
  await eventually('the first to be forgotten', async () => {
    leavers.wake()
    return (await leaving(opened)).length === 0
  })
  // Left to whoever redacts: the other rider has not left.
  expect(await log.database.query(sql`select from streams where deleted and not redacted`)).toHaveLength(1)
  expect(leavers.told).toEqual([])
})

test('what stays of a rider is told once, however often it is looked for', async () => {
  await using opened = await openRides()
  const { database } = opened.log
  await database.query(sql`
    insert into webhook_deleted_rides (partition, ride_id, rider_id, event_id, version, recorded_at)
    values (0, ${randomUUID()}, ${first}, ${randomUUID()}, 2, now())`)
  await mark(opened, first)
  let looks = 0
  await using leavers = forgetting(opened, {
    forgetBeside() {
      looks++
      return Promise.resolve()
    },
  })
  await eventually('some looks', async () => {
    leavers.wake()
    return looks > 3
  })
  expect(leavers.told).toEqual([
    'Of a rider who has left not all is forgotten yet: 1 in webhook_deleted_rides',
  ])
  await database.query(sql`delete from webhook_deleted_rides`)
  await eventually('him to be forgotten', async () => {
    leavers.wake()
    return (await leaving(opened)).length === 0
  })
  expect(leavers.told).toHaveLength(1)
})

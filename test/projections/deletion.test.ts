import { randomUUID } from 'node:crypto'
import { sql } from '@databases/pg'
import { describe, expect, test } from 'vitest'
import { openCommands } from '#log/commands.ts'
import { describeStream, type RecordedEvent, readStream } from '#log/read.ts'
import { openAdministration } from '#projections/administration.ts'
import { rides } from '#projections/rides.ts'
import { routes } from '#projections/routes.ts'
import { rideDecider } from '#ride/decider.ts'
import type { RideStatus } from '#ride/events.ts'
import { eventually } from '../support/eventually.ts'
import { type OpenedRides, openRides, rideOut, riderId, riding, seconds, start } from './open-rides.ts'

const remove = ({ command }: OpenedRides, rideId: string) => command(rideId, { type: 'deleteRide', at: null })

const readTables = ['rides_1', 'ride_progress_1', 'routes_1', 'parked_rides', 'finish_outbox']

/** Where the read side, or what belongs to it, still has the ride. */
async function tracesOf({ log }: OpenedRides, rideId: string): Promise<string[]> {
  const places: string[] = []
  for (const table of readTables) {
    const rows = await log.database.query(sql`select from ${sql.ident(table)} where ride_id = ${rideId}`)
    if (rows.length > 0) places.push(table)
  }
  return places
}

const statusOf = async ({ log }: OpenedRides, rideId: string): Promise<RideStatus | undefined> =>
  (await log.database.query(sql`select status from rides_1 where ride_id = ${rideId}`))[0]?.status

const eventsOf = ({ log }: OpenedRides, rideId: string) => readStream(log, rideId, { after: 0, limit: 1000 })

const redacted = (opened: OpenedRides, rideId: string) =>
  eventually('the ride to be redacted', async () => (await describeStream(opened.log, rideId))?.isRedacted)

const forgotten = (opened: OpenedRides, rideId: string) =>
  eventually('the read side to let go of the ride', async () => {
    expect(await tracesOf(opened, rideId)).toEqual([])
    return true
  })

/** What a redacted event still says. */
const outline = ({ position, version, eventId, type, recordedAt }: RecordedEvent) => ({
  position,
  version,
  eventId,
  type,
  recordedAt,
})

/**
 * Of a deleted ride the log keeps the ids, types and order of its events, and what the tombstone itself says.
 */
async function expectRedacted(opened: OpenedRides, rideId: string, before: readonly RecordedEvent[]) {
  const events = await eventsOf(opened, rideId)
  const tombstone = events.pop()
  expect(events.map(outline)).toEqual(before.map(outline))
  expect(events.every(({ data, metadata }) => data === null && metadata === null)).toBe(true)
  expect(tombstone).toMatchObject({ type: 'RideDeleted', metadata: null, data: { at: expect.any(Number) } })
  const [kept] = await opened.log.database.query(sql`
    select s.state::text as state, array_agg(distinct e.data::text) filter (where e.version < s.version) as data,
           count(e.metadata) + count(e.content_hash) as others
      from streams s join events e on e.partition = s.partition and e.stream_id = s.stream_id
     where s.stream_id = ${rideId} group by s.state::text`)
  expect(kept).toEqual({ state: '{"status":"DELETED"}', data: ['null'], others: 0 })
}

/** A ride in that status, on the read side too. */
async function rideThatIs(status: RideStatus, opened: OpenedRides): Promise<string> {
  const rideId = status === 'ENDED' || status === 'FINISHED' ? await rideOut(opened) : randomUUID()
  if (status === 'ACTIVE' || status === 'PAUSED') {
    await opened.command(rideId, {
      type: 'startRide',
      startedAt: start,
      title: 'Secret',
      visibility: 'PUBLIC',
    })
    await opened.command(rideId, { type: 'recordPositions', positions: riding(0, 30) })
    await opened.command(rideId, { type: 'editRide', changes: { description: 'Past the old mill' } })
    if (status === 'PAUSED') await opened.command(rideId, { type: 'pauseRide', at: seconds(30) })
  }
  await eventually(`the ride to be ${status}`, async () => {
    expect(await statusOf(opened, rideId)).toBe(status)
    const isBuilt = status === 'ACTIVE' || status === 'PAUSED'
    return isBuilt || (await tracesOf(opened, rideId)).includes('routes_1')
  })
  return rideId
}

describe.each([1, 4])('deletion, with %i partition(s)', (partitions) => {
  test.each(['ACTIVE', 'PAUSED', 'ENDED', 'FINISHED'] as const)(
    'a ride that is %s leaves ids, types and order, and nothing else, anywhere',
    async (status) => {
      await using opened = await openRides({ partitions })
      const first = opened.worker({ finishes: status === 'FINISHED' })
      const rideId = await rideThatIs(status, opened)
      const other = await rideThatIs('ACTIVE', opened)
      const otherEvents = await eventsOf(opened, other)
      if (status === 'ENDED') expect(await tracesOf(opened, rideId)).toContain('finish_outbox')
      await first.stop()
      const before = await eventsOf(opened, rideId)
      await remove(opened, rideId)
      const worker = opened.worker()
      await forgotten(opened, rideId)
      await redacted(opened, rideId)
      await expectRedacted(opened, rideId, before)
      expect((await eventsOf(opened, rideId)).at(-1)?.data).toMatchObject({ status })
      expect(await eventsOf(opened, other)).toEqual(otherEvents)
      expect(await statusOf(opened, other)).toBe('ACTIVE')
      expect(worker.faults).toEqual([])
    },
  )

  test('two devices that upload and delete at once: every upload is answered, and no position survives', async () => {
    await using opened = await openRides({ partitions })
    const worker = opened.worker({ pollMs: 20 })
    const another = openCommands(await opened.another(), rideDecider)
    for (let round = 0; round < 5; round++) {
      const rideId = randomUUID()
      await opened.command(rideId, {
        type: 'startRide',
        startedAt: start,
        title: null,
        visibility: 'PRIVATE',
      })
      const sent = Array.from({ length: 40 }, (_, index) =>
        (index % 2 === 0 ? opened.commands : another).handle({
          streamId: rideId,
          eventId: randomUUID(),
          contentHash: '',
          command:
            index === 21
              ? { type: 'deleteRide', at: null }
              : { type: 'recordPositions', positions: riding(index, index) },
          circumstances: { actor: { riderId }, now: seconds(86_400) },
        }),
      )
      const outcomes = (await Promise.all(sent)).map(({ outcome }) => outcome)
      expect(outcomes[21]).toBe('accepted')
      expect(outcomes.filter((outcome) => outcome !== 'accepted' && outcome !== 'gone')).toEqual([])
      await forgotten(opened, rideId)
      await redacted(opened, rideId)
      const events = await eventsOf(opened, rideId)
      // What was accepted was accepted before it: the start, uploads, and the deletion behind them all.
      expect(events).toHaveLength(1 + outcomes.filter((outcome) => outcome === 'accepted').length)
      await expectRedacted(opened, rideId, events.slice(0, -1))
    }
    expect(worker.faults).toEqual([])
  })

  test('read = fold: what is rebuilt over redacted events equals what is served', async () => {
    await using opened = await openRides({ partitions })
    const worker = opened.worker()
    const kept = [await rideThatIs('FINISHED', opened), await rideThatIs('PAUSED', opened)]
    const deleted = [await rideThatIs('FINISHED', opened), await rideThatIs('ACTIVE', opened)]
    for (const rideId of deleted) await remove(opened, rideId)
    for (const rideId of deleted) await forgotten(opened, rideId)
    for (const rideId of deleted) await redacted(opened, rideId)
    const administration = openAdministration({
      database: opened.log.database,
      projections: [rides, routes(opened.log, { committed: () => undefined })],
      partitions,
    })
    for (const name of ['rides', 'routes']) {
      expect(await administration.rebuild(name)).toMatchObject({ outcome: 'begun', version: 2 })
    }
    await eventually('both to be served', async () => {
      const serving = (await administration.status()).filter(({ state }) => state === 'serving')
      return serving.every(({ version }) => version === 2)
    })
    for (const table of ['rides', 'ride_progress', 'routes']) {
      const [served, rebuilt] = await Promise.all(
        [1, 2].map((version) =>
          opened.log.database.query(sql`select * from ${sql.ident(`${table}_${version}`)} order by ride_id`),
        ),
      )
      expect(rebuilt).toEqual(served)
      expect(rebuilt).toHaveLength(table === 'routes' ? 1 : kept.length)
    }
    expect(worker.parked).toEqual([])
    expect(worker.faults).toEqual([])
  })
})

test('a worker that died between the tombstone and the redaction is made up for', async () => {
  await using opened = await openRides()
  const dying = opened.worker({ finishes: false })
  const rideId = await rideThatIs('ACTIVE', opened)
  const before = await eventsOf(opened, rideId)
  await remove(opened, rideId)
  await forgotten(opened, rideId)
  await dying.stop()
  expect(await describeStream(opened.log, rideId)).toMatchObject({ isGone: true, isRedacted: false })
  opened.worker()
  await redacted(opened, rideId)
  await expectRedacted(opened, rideId, before)
})

test('a ride that is parked is deleted like any other, and parked no longer', async () => {
  await using opened = await openRides()
  const rideId = randomUUID()
  const faltering = {
    ...rides,
    async apply(...given: Parameters<typeof rides.apply>) {
      const [, , events] = given
      if (events.some(({ streamId, type }) => streamId === rideId && type === 'RidePaused'))
        throw new Error('no')
      await rides.apply(...given)
    },
  }
  const worker = opened.worker({ projections: [faltering], pollMs: 20 })
  await opened.command(rideId, { type: 'startRide', startedAt: start, title: null, visibility: 'PRIVATE' })
  await opened.command(rideId, { type: 'pauseRide', at: seconds(1) })
  await eventually('the ride to be parked', () => worker.parked.includes(rideId))
  expect(await tracesOf(opened, rideId)).toContain('parked_rides')
  await remove(opened, rideId)
  await forgotten(opened, rideId)
})

test('deleted before the read side ever had it, a ride never comes there', async () => {
  await using opened = await openRides()
  const rideId = await rideOut(opened)
  await remove(opened, rideId)
  const other = await rideOut(opened)
  const worker = opened.worker()
  await eventually('the other ride', async () => (await statusOf(opened, other)) === 'FINISHED')
  expect(await tracesOf(opened, rideId)).toEqual([])
  await redacted(opened, rideId)
  expect(worker.faults).toEqual([])
})

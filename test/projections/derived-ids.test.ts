import { createHash, randomUUID } from 'node:crypto'
import { sql } from '@databases/pg'
import { expect, test } from 'vitest'
import { derivedId } from '#projections/derived-id.ts'
import { createFinisher } from '#projections/finisher.ts'
import { forgetRide } from '#projections/forget-rider.ts'
import { eventually } from '../support/eventually.ts'
import { finished, openRides, rideOut, riding, seconds, start } from './open-rides.ts'

/** What anybody can work out from a purpose and a ride. */
function guessed(purpose: string, rideId: string): string {
  const hex = createHash('sha256').update(`${purpose} ${rideId}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

test('no client knows the ids of what the system does: uploads with ids that were guessed keep it from nothing', async () => {
  await using opened = await openRides()
  const { log, commands, command } = opened
  const rideId = randomUUID()
  await command(rideId, { type: 'startRide', startedAt: start, title: null, visibility: 'PRIVATE' })
  await command(rideId, { type: 'recordPositions', positions: riding(0, 2) }, guessed('RideFinished', rideId))
  await command(rideId, { type: 'endRide', at: seconds(10) }, guessed('forget', rideId))
  opened.worker()
  await finished(opened, rideId)
  const means = { database: log.database, log, commands, now: () => seconds(90_000) }
  expect(await forgetRide(means, { partition: 0, rideId })).toBe(true)
})

test('the same log makes the same id again, another log another one', async () => {
  const logs = ['one', 'other'].map((key) => ({ hash: (text: string) => hashed(key, text) }))
  const rideId = randomUUID()
  const ids = logs.flatMap((log) => [derivedId(log, 'forget', rideId), derivedId(log, 'forget', rideId)])
  expect(ids[0]).toBe(ids[1])
  expect(ids[2]).toBe(ids[3])
  expect(ids[0]).not.toBe(ids[2])
  expect(derivedId(logs[0]!, 'RideFinished', rideId)).not.toBe(ids[0])
})

const hashed = (key: string, text: string) =>
  createHash('sha256').update(`${key} ${text}`).digest('hex').slice(0, 32)

test('rides whose finishing has the id of another event are told once and keep no other ride waiting', async () => {
  await using opened = await openRides()
  const { log, commands, command } = opened
  const stuck = Array.from({ length: 120 }, () => randomUUID())
  for (const rideId of stuck) {
    await command(rideId, { type: 'startRide', startedAt: start, title: null, visibility: 'PRIVATE' })
    await command(rideId, { type: 'endRide', at: seconds(1) }, derivedId(log, 'RideFinished', rideId))
  }
  const worker = opened.worker({ finishes: false })
  await eventually('the outbox', async () => (await outbox()).length === stuck.length)
  // It comes behind all of them.
  const last = 'ffffffff-ffff-4fff-8fff-ffffffffffff'
  await rideOut(opened, last)
  await eventually('the last in the outbox', async () => (await outbox()).length === stuck.length + 1)

  const faults: unknown[] = []
  const now = () => seconds(90_000)
  const finisher = createFinisher({
    database: log.database,
    log,
    commands,
    now,
    onFault: (fault) => faults.push(fault),
  })
  const stopping = new AbortController()
  const running = finisher.run(stopping.signal)
  await finished(opened, last)
  await eventually('the fault', () => faults.length > 0)
  // Another one, another look at all of them: nothing more is said.
  const another = await rideOut(opened)
  await finished(opened, another)
  stopping.abort()
  await running
  expect(faults).toEqual([
    new Error(`${stuck.length} rides cannot be finished: another event has the id that is theirs`),
  ])
  expect((await outbox()).map(({ ride_id }) => ride_id).sort()).toEqual(stuck.sort())
  expect(worker.faults).toEqual([])

  function outbox(): Promise<{ ride_id: string }[]> {
    return log.database.query(sql`select ride_id from finish_outbox`)
  }
})

test('a ride that was finished under another id is not finished a second time', async () => {
  await using opened = await openRides()
  const { log } = opened
  const rideId = await rideOut(opened)
  await opened.command(rideId, { type: 'finishRide', progress: null }, guessed('RideFinished', rideId))
  const worker = opened.worker()
  await finished(opened, rideId)
  await eventually('the outbox to be worked off', async () => {
    const [route] = await log.database.query(sql`select from routes_1`)
    const left = await log.database.query(sql`select from finish_outbox`)
    return route !== undefined && left.length === 0
  })
  const finishes = await log.database.query(sql`select from events where type = 'RideFinished'`)
  expect(finishes).toHaveLength(1)
  expect(worker.faults).toEqual([])
})

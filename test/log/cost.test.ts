/**
 * What the log costs, in buffers (test/bench/buffers.ts) rather than in time; in bulk, and in time, by test/bench/log.ts. Only
 * a real PostgreSQL shows it: the embedded one has no other sessions.
 */
import { randomUUID } from 'node:crypto'
import databases, { sql } from '@databases/pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { openLog } from '#log/log.ts'
import { readState } from '#log/read.ts'
import { readHead } from '#log/read-all.ts'
import { buffersOfAppend, buffersOfWork } from '../bench/buffers.ts'
import { directly } from '../bench/directly.ts'
import { fillLog } from '../bench/fill-log.ts'
import { commitInside, smallEntry, underSnapshot } from '../bench/idle-snapshot.ts'
import { comeTo, pollsAt } from '../bench/polls.ts'
import { openRides, rideOut } from '../projections/open-rides.ts'
import { databaseServer, needsPostgres } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type OpenedLog, openFreshLog } from './open.ts'

/** Nobody gathers statistics or tidies up but the test. */
async function leaveAlone({ url }: OpenedLog): Promise<void> {
  await directly(url, async (client) => {
    for (const table of [
      'events',
      'streams',
      'projection_checkpoint',
      'projection_position',
      'projection_version',
    ])
      await client.query(`alter table ${table} set (autovacuum_enabled = false)`)
  })
}

test('flat cost: an append to a stream at version 10,000 touches as many buffers as to one at version 10', async (context) => {
  needsPostgres(context)
  await using opened = await openFreshLog()
  const [short, long] = [randomUUID(), randomUUID()]
  await commitInside(opened.url, [long], 10_000)
  await commitInside(opened.url, [short], 10)
  expect((await readState(opened.log, long, long)).actual.version).toBe(10_000)
  await leaveAlone(opened)
  // Now and then one splits a page of an index, or is the first on a page of the table.
  const leastTo = async (streamId: string) => {
    const each: number[] = []
    while (each.length < 5) each.push(await buffersOfAppend(opened.log.database, () => smallEntry(streamId)))
    return Math.min(...each)
  }
  const ofShort = await leastTo(short)
  const ofLong = await leastTo(long)
  expect(Math.abs(ofLong - ofShort)).toBeLessThanOrEqual(2)
})

test.for([
  ['never', false],
  ['only while they were nearly empty', true],
] as const)(
  'flat cost: a session that began on empty tables appends to full ones as cheaply as any, also where they were analysed %s',
  async ([, isAnalysed], context) => {
    needsPostgres(context)
    await using opened = await openFreshLog()
    const { url } = opened
    await leaveAlone(opened)
    // As the product's pool, with one session only: its plans are what this is about.
    const session = databases.default({ connectionString: url, poolSize: 1, bigIntMode: 'number' })
    const log = await openLog(session)
    await using _closing = { [Symbol.asyncDispose]: () => log.close().then(() => session.dispose()) }
    const known = smallEntry(randomUUID())
    await log.append(known)
    if (isAnalysed) await directly(url, (client) => client.query('analyze events, streams'))
    // One by one until plpgsql has settled on a plan, then in commits of many.
    for (let count = 0; count < 20; count++) await log.append(smallEntry(known.streamId))
    for (let round = 0; round < 20; round++) {
      await Promise.all(Array.from({ length: 250 }, () => log.append(smallEntry(randomUUID()))))
    }
    const toKnown = () => buffersOfAppend(session, () => smallEntry(known.streamId))
    const toNew = () => buffersOfAppend(session, () => smallEntry(randomUUID()))
    const kept = { known: await toKnown(), fresh: await toNew() }
    // Every plan is made anew behind this.
    await directly(url, (client) => client.query('analyze events, streams'))
    expect(kept.known).toBeLessThanOrEqual((await toKnown()) + 2)
    expect(kept.fresh).toBeLessThanOrEqual((await toNew()) + 2)
    // A whole look at five thousand events takes hundreds.
    expect(Math.max(kept.known, kept.fresh)).toBeLessThan(60)
  },
)

describe('at 100,000 events', () => {
  const events = 100_000
  let opened: OpenedLog
  beforeAll(async () => {
    if (databaseServer()?.kind !== 'postgres') return
    opened = await openFreshLog()
    await leaveAlone(opened)
    await fillLog(opened.log.database, { events, sideBySide: 50, eventsOfRide: 1_000 })
    await comeTo(opened.log.database, events)
    return () => opened[Symbol.asyncDispose]()
  })

  test.for(['never', 'just now'])(
    'flat cost: who has caught up touches a handful of buffers to see that nothing is new, with tables analysed %s',
    async (analysed, context) => {
      needsPostgres(context)
      const { database } = opened.log
      if (analysed === 'just now') await directly(opened.url, (client) => client.query('vacuum analyze'))
      expect(await readHead(database, 0)).toBe(events)
      for (const { name, ask } of pollsAt(events)) {
        expect(await buffersOfWork(database, ask), name).toBeLessThanOrEqual(12)
      }
    },
  )

  test('flat cost: an append touches no more buffers after 25,000 commits to its stream under an idle snapshot', async (context) => {
    needsPostgres(context)
    const { log, url } = opened
    const stream = randomUUID()
    await commitInside(url, [stream], 10)
    const cost = () => buffersOfAppend(log.database, () => smallEntry(stream))
    await underSnapshot(url, async () => {
      const before = await cost()
      await commitInside(url, [stream], 25_000)
      expect(await readHead(log.database, 0)).toBe(events + 25_010)
      expect(await cost()).toBeLessThanOrEqual(1.5 * before)
    })
  })
})

test.for([
  ['that has written', 'begin; create table unrelated (); select pg_current_xact_id()'],
  ['that holds a snapshot', 'begin isolation level repeatable read; select count(*) from events'],
] as const)(
  'a long transaction %s stalls neither appends nor followers nor workers',
  async ([, beginning], context) => {
    needsPostgres(context)
    await using opened = await openRides()
    await directly(opened.url, async (client) => {
      await client.query(beginning)
      const worker = opened.worker()
      const rides = await Promise.all([rideOut(opened), rideOut(opened)])
      await eventually('both rides to be finished', async () => {
        const [{ finished }] = await opened.log.database.query(
          sql`select count(*) as finished from rides_1 where ride_id = any(${rides}::uuid[]) and status = 'FINISHED'`,
        )
        return finished === rides.length
      })
      expect(worker.faults).toEqual([])
      const { rows } = await client.query(
        'select pg_current_xact_id_if_assigned()::text as id, now() < clock_timestamp() as old',
      )
      // It has been open all the while.
      expect(rows[0].old).toBe(true)
      expect(rows[0].id === null).toBe(!beginning.includes('pg_current_xact_id'))
      await client.query('rollback')
    })
  },
)

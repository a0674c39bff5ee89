/** What the database room promises while the database is away, on a PostgreSQL that may be killed. */
import { randomUUID } from 'node:crypto'
import { sql } from '@databases/pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DatabaseUnavailable } from '#database/faults.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { databaseServer, needsPostgres } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { statement } from '../support/statement.ts'
import { type BehindProxy, openBehindProxy, pause, start } from './behind-proxy.ts'

let cluster: Cluster
beforeAll(async () => {
  if (databaseServer()?.kind === 'postgres') cluster = await startCluster()
})
afterAll(() => cluster?.[Symbol.asyncDispose]())

/** What a machine under load needs at most for what takes a millisecond. */
const atOnceMs = 500

interface Going {
  readonly how: string
  leave(behind: BehindProxy): Promise<void>
  comeBack(behind: BehindProxy): Promise<void>
}

const goings: Going[] = [
  {
    how: 'takes no connection and has cut all',
    async leave({ proxy }) {
      proxy.refuse()
      proxy.cut()
    },
    async comeBack({ proxy }) {
      proxy.pass()
    },
  },
  {
    how: 'swallows everything without a word',
    async leave({ proxy }) {
      proxy.blackhole()
    },
    async comeBack({ proxy }) {
      // A host that was gone knows nothing of the connections it had.
      proxy.cut()
      proxy.pass()
    },
  },
  {
    how: 'was killed',
    leave: () => cluster.kill9(),
    comeBack: () => cluster.restart(),
  },
]

describe.each(goings)('a database that $how', ({ leave, comeBack }) => {
  test('is not waited for, and found again; nothing acknowledged is lost', async (context) => {
    needsPostgres(context)
    await using behind = await openBehindProxy(cluster)
    const { command, database, said } = behind
    const rideId = randomUUID()
    const pauseId = randomUUID()
    expect(await command(rideId, start)).toBe(1)

    await leave(behind)
    expect(await command(rideId, pause, pauseId)).toBe('overloaded')
    await eventually('it to be known to be away', () => database.availability.status === 'away')

    const asked = performance.now()
    const refused = await Promise.all(Array.from({ length: 100 }, () => command(randomUUID(), start)))
    await expect(database.write.query(sql`select 1`)).rejects.toBeInstanceOf(DatabaseUnavailable)
    await expect(readRiders(database)).rejects.toBeInstanceOf(DatabaseUnavailable)
    expect(performance.now() - asked).toBeLessThan(atOnceMs)
    expect(new Set(refused)).toEqual(new Set(['overloaded']))
    expect(said).toEqual(['away'])

    await comeBack(behind)
    const position = await eventually('commands to go on', async () => {
      const answer = await command(rideId, pause, pauseId)
      return answer !== 'overloaded' && answer
    })
    expect(position).toBe(2)
    expect(await command(randomUUID(), start)).toBe(3)
    expect(await readRiders(database)).toEqual(expect.any(Array))
    expect(said).toEqual(['away', 'back'])
    expect(
      await statement(behind.directUrl, 'select position::integer from events order by position'),
    ).toEqual([1, 2, 3].map((each) => ({ position: each })))
  })

  test('is waited for by the work in the background, which then goes on', async (context) => {
    needsPostgres(context)
    await using behind = await openBehindProxy(cluster)
    const { database } = behind
    await leave(behind)
    await eventually('it to be known to be away', async () => {
      await database.write.query(sql`select 1`).catch(() => undefined)
      return database.availability.status === 'away'
    })
    const stopping = new AbortController()
    const stopped = database.work(stopping.signal).query(sql`select 1`)
    const waiting = work(database).tx((transaction) => transaction.query(sql`select 2 as two`))
    stopping.abort()
    await expect(stopped).rejects.toBeInstanceOf(DatabaseUnavailable)
    await comeBack(behind)
    expect(await waiting).toEqual([{ two: 2 }])
  })
})

test('exactly once: a command whose answer was lost is answered as the first time when it is sent again', async (context) => {
  needsPostgres(context)
  await using behind = await openBehindProxy(cluster)
  const { command, database, proxy, said } = behind
  const [rideId, eventId] = [randomUUID(), randomUUID()]
  const lost = proxy.loseAnswer(/append_events/)
  expect(await command(rideId, start, eventId)).toBe('overloaded')
  await lost
  await eventually('the doubt to be over', () => database.availability.status === 'available')
  expect(await command(rideId, start, eventId)).toBe(1)
  expect(await command(rideId, pause)).toBe(2)
  expect(said).toEqual(['broken'])
})

test('a transaction that was given up does nothing more, also where its answers come after all', async (context) => {
  needsPostgres(context)
  await using behind = await openBehindProxy(cluster)
  const { database, directUrl, proxy } = behind
  await statement(directUrl, 'create table written (what text)')
  const ended = Promise.withResolvers<unknown>()
  const attempt = work(database).tx(async (transaction) => {
    try {
      await transaction.query(sql`insert into written values ('first')`)
      proxy.blackhole()
      await transaction.query(sql`insert into written values ('second')`)
      await transaction.query(sql`insert into written values ('third')`)
      ended.resolve('all written')
    } catch (error) {
      ended.resolve(error)
      throw error
    }
  })
  await expect(attempt).rejects.toBeInstanceOf(DatabaseUnavailable)
  proxy.pass()
  expect(await ended.promise).toBeInstanceOf(DatabaseUnavailable)
  await eventually('its transaction to be over', async () => {
    const open = await statement(
      directUrl,
      `select from pg_stat_activity where state like 'idle in transaction%'`,
    )
    return open.length === 0
  })
  expect(await statement(directUrl, 'select * from written')).toEqual([])
})

test('a command whose append gets no answer is refused, though the database is there', async (context) => {
  needsPostgres(context)
  await using behind = await openBehindProxy(cluster)
  const { command, database, said } = behind
  const [rideId, pauseId] = [randomUUID(), randomUUID()]
  expect(await command(rideId, start)).toBe(1)
  const [holding, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  // Another process that was stopped while it held the partition's mutex.
  const holder = work(database).tx(async (transaction) => {
    await transaction.query(sql`select from log_partition for update`)
    holding.resolve()
    await held.promise
  })
  await holding.promise
  expect(await command(rideId, pause, pauseId)).toBe('overloaded')
  held.resolve()
  await holder
  const position = await eventually('commands to go on', async () => {
    const answer = await command(rideId, pause, pauseId)
    return answer !== 'overloaded' && answer
  })
  expect(position).toBe(2)
  expect(said).toEqual(['broken'])
})

type OpenDatabase = BehindProxy['database']

function work(database: OpenDatabase) {
  return database.work(new AbortController().signal)
}

function readRiders({ read }: OpenDatabase) {
  return read.selectFrom('riders').select('name').execute()
}

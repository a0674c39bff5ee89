/** How the database is, as a user sees it who owns nothing and is told nothing of others. */
import pg from 'pg'
import { expect, test } from 'vitest'
import { readServerFacts } from '#cli/doctor/server-facts.ts'
import { openDatabase } from '#database/database.ts'
import { readVitals } from '#database/vitals.ts'
import { startCluster } from '../support/cluster.ts'
import { needsPostgres } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'

test('a user without rights sees the connections of others and what they wait for; with pg_monitor how long they have been at it', async (context) => {
  needsPostgres(context)
  await using cluster = await startCluster()
  await using rooms = new AsyncDisposableStack()
  async function connected(url: string, application_name: string): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url, application_name })
    await client.connect()
    rooms.defer(() => client.end())
    return client
  }
  const holder = await connected(cluster.url, 'report')
  await holder.query('create role somebody login')
  await holder.query('begin; lock table pg_description in access exclusive mode')
  const waiter = await connected(cluster.url, 'slipstream')
  const waiting = waiter.query('begin; lock table pg_description in access share mode; commit')
  for (let count = 0; count < 5; count++) await connected(cluster.url, 'report')

  const url = cluster.url.replace('postgres@', 'somebody@')
  const database = openDatabase<unknown>({ url, onConnectionLost: () => undefined })
  rooms.defer(() => database.close())
  const seen = await eventually('the wait', async () => {
    const vitals = await readVitals(database.write)
    return vitals.waitingForLocks > 0 && vitals
  })
  expect(seen.waitingForLocks).toBe(1)
  // Those seven, and those of this user.
  expect(seen.connections).toBeGreaterThanOrEqual(8)
  expect(seen.connections).toBeLessThan(12)
  const doctor = await connected(url, 'slipstream doctor')
  expect((await readServerFacts(doctor, Date.now)).connections.others).toBe(6)

  await holder.query('commit; grant pg_monitor to somebody')
  await holder.query('begin')
  await waiting
  await eventually('the transaction of another user', async () => {
    const { oldestTransactionSeconds, waitingForLocks } = await readVitals(database.write)
    return oldestTransactionSeconds > 0.2 && waitingForLocks === 0
  })
})

/** Queries answered by a replica that lags behind. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { expect, test } from 'vitest'
import { freshDatabase, needsPostgres } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { startProduct, withSignIn } from '../support/product.ts'
import { asRider } from '../support/riders.ts'
import { type ApiClient, at, connect, position, startRide } from './client.ts'

/**
 * What queries read, whatever the worker and commands do
 * from now on: what a replica has that does not come on.
 */
const copies = ['streams', 'rides_1', 'ride_progress_1', 'routes_1'].map(
  (table) => `create table stale.${table} as table public.${table}`,
)

test('rights: a ride is nowhere once its deletion is answered, however far a replica lags behind', async (context) => {
  needsPostgres(context)
  await using database = await freshDatabase()
  const readUrl = new URL(database.url)
  readUrl.searchParams.set('options', '-c search_path=stale,public')
  await using product = await startProduct({
    env: { DATABASE_URL: database.url, DATABASE_READ_URL: readUrl.href },
  })
  await using client = connect(product.url)
  const finished = await rideOut()
  const riding = await startRide(client, { visibility: 'PUBLIC' })
  const kept = await startRide(client)
  await eventually('the route', async () => {
    const { data } = await client.ask('query ($id: ID!) { ride(id: $id) { route { pointCount } } }', {
      id: finished,
    })
    return data?.['ride']?.['route'] != null
  })
  await eventually('the others', async () => (await listed()).length === 3)
  const run = runIn(database.url)
  await run('create schema stale', ...copies)
  for (const rideId of [finished, riding]) {
    expect(await client.mutate('deleteRide', { rideId })).toMatchObject({ rideId })
  }
  expect(await run('select ride_id from stale.rides_1')).toHaveLength(3)
  for (const id of [finished, riding]) {
    const { data, errors } = await client.ask('query ($id: ID!) { ride(id: $id) { id title } }', { id })
    expect(errors).toBeUndefined()
    expect(data).toEqual({ ride: null })
  }
  expect(await listed()).toEqual([kept])
  const live = client.subscribe('subscription { liveRides { snapshot rides { rideId } } }')
  const { value } = await live.next()
  expect(value.data).toEqual({ liveRides: { snapshot: true, rides: [{ rideId: kept }] } })
  await live.return?.()

  async function rideOut(): Promise<string> {
    const rideId = await startRide(client)
    const positions = [1, 2, 3, 4].map(position)
    await client.mutate('recordPositions', { rideId, uploadId: randomUUID(), positions }, 'accepted')
    await client.mutate('endRide', { rideId, at: at(10) })
    return rideId
  }
  async function listed(): Promise<string[]> {
    const { data } = await client.ask('{ rides(first: 100) { nodes { id } } }')
    const nodes = data?.['rides']?.['nodes'] as { id: string }[]
    return nodes.map(({ id }) => id)
  }
})

test('rights: what other zones hide from now on nobody else is shown, however far a replica lags behind', async (context) => {
  needsPostgres(context)
  await using database = await freshDatabase()
  const readUrl = new URL(database.url)
  readUrl.searchParams.set('options', '-c search_path=stale,public')
  await using product = await startProduct({
    env: { ...withSignIn, DATABASE_URL: database.url, DATABASE_READ_URL: readUrl.href },
  })
  await using owner = connect(product.url, await asRider(product, 'Olga'))
  await using nobody = connect(product.url)
  const rideId = await startRide(owner, { visibility: 'PUBLIC' })
  const query = 'query ($id: ID!) { ride(id: $id) { id } rides { nodes { id } } }'
  const all = { ride: { id: rideId }, rides: { nodes: [{ id: rideId }] } }
  const seenBy = async (client: ApiClient) => (await client.ask(query, { id: rideId })).data
  await eventually('it to be seen', async () => (await seenBy(nobody))?.['ride'] != null)
  const run = runIn(database.url)
  await run('create schema stale', ...copies, 'create table stale.riders as table public.riders')
  expect(await seenBy(nobody)).toEqual(all)
  await run('update public.riders set mask_version = mask_version + 1')
  expect(await seenBy(nobody)).toEqual({ ride: null, rides: { nodes: [] } })
  expect(await seenBy(owner)).toEqual(all)
  const live = nobody.subscribe('subscription { liveRides { rides { rideId } } }')
  expect((await live.next()).value.data).toEqual({ liveRides: { rides: [] } })
  await live.return?.()
})

function runIn(connectionString: string) {
  return async (...statements: readonly string[]): Promise<unknown[]> => {
    const connection = new pg.Client({ connectionString })
    await connection.connect()
    try {
      let rows: unknown[] = []
      for (const statement of statements) rows = (await connection.query(statement)).rows
      return rows
    } finally {
      await connection.end()
    }
  }
}

/** What a process does that runs on while the log under it becomes another one. */
import pg from 'pg'
import { expect, test } from 'vitest'
import { connect, startRide } from '../api/client.ts'
import { freshDatabase, needsPostgres } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type Product, startProduct } from '../support/product.ts'

/** What a backup of another server leaves behind. */
const restore = `update log_identity set origin = 'another server'`
const opened = /Everything is closed and opened again.*Stop with Ctrl-C/s

test.each(['all', 'api', 'worker'] as const)(
  'a process of role %s that is told that the log is another one closes everything and opens it again',
  async (role) => {
    await using database = await freshDatabase()
    await using product = await startProduct({ env: { DATABASE_URL: database.url }, role })
    const { pid } = product
    await run(database.url, restore, `select pg_notify('identity', '')`)
    await toHaveOpenedAgain(product)
    expect(product.pid).toBe(pid)
    expect(await product.stop()).toEqual({ code: 0, signal: null })
  },
)

test('a process whose connections broke finds out by itself, and takes no cursor from before', async (context) => {
  needsPostgres(context)
  await using database = await freshDatabase()
  await using product = await startProduct({ env: { DATABASE_URL: database.url } })
  await using client = connect(product.url)
  const rideId = await startRide(client)
  const { cursor } = await client.mutate('pauseRide', { rideId })
  await run(
    database.url,
    restore,
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`,
  )
  await toHaveOpenedAgain(product)
  const feed = client.subscribe(
    'subscription ($ride: ID!, $after: Cursor) { rideFeed(rideId: $ride, after: $after) { type } }',
    { ride: rideId, after: cursor },
  )
  const { value } = await feed.next()
  expect(value?.errors?.[0]).toMatchObject({ extensions: { code: 'CURSOR_UNKNOWN' } })
  // And it goes on.
  expect(await client.mutate('endRide', { rideId })).toMatchObject({ version: 3 })
})

async function toHaveOpenedAgain({ url, output }: Product): Promise<void> {
  await eventually('it to be opened again', async () => {
    expect(output()).toMatch(/The log is not the one it was: /)
    expect(output()).toMatch(opened)
    return (await fetch(`${url}/readyz`)).status === 200
  })
}

async function run(url: string, ...statements: readonly string[]): Promise<void> {
  const connection = new pg.Client({ connectionString: url })
  await connection.connect()
  try {
    for (const statement of statements) await connection.query(statement)
  } finally {
    await connection.end()
  }
}

/** What a process does that runs on while the log under it becomes another one. */
import pg from 'pg'
import { expect, test } from 'vitest'
import { freshDatabase, needsPostgres } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type Product, startProduct } from '../support/product.ts'

/** What a backup of another server leaves behind. */
const restore = `update log_identity set origin = 'another server'`

test.each(['all', 'api', 'worker'] as const)(
  'a process of role %s that is told that the log is another one ends and says why, and can be started again',
  async (role) => {
    await using database = await freshDatabase()
    await using product = await startProduct({ env: { DATABASE_URL: database.url }, role })
    await run(database.url, restore, `select pg_notify('identity', '')`)
    await toHaveGivenUp(product)
    await product.restart()
  },
)

test('a process whose connections broke finds out by itself', async (context) => {
  needsPostgres(context)
  await using database = await freshDatabase()
  await using product = await startProduct({ env: { DATABASE_URL: database.url } })
  await run(
    database.url,
    restore,
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`,
  )
  await toHaveGivenUp(product)
})

async function toHaveGivenUp(product: Product): Promise<void> {
  await eventually('it to have ended', () => !isRunning(product.pid))
  expect(await product.stop()).toEqual({ code: 1, signal: null })
  expect(product.output()).toMatch(/The log is not the one it was: .* Start again\./)
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
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

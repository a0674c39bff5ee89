/**
 * An empty database with PostGIS for a test file. The migrations are the caller's: some tests are about them.
 *
 * ```ts
 * await using database = await freshDatabase()
 * ```
 */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { inject } from 'vitest'
import type { DatabaseServer } from './database-server.ts'
import { statement } from './statement.ts'

export interface FreshDatabase extends AsyncDisposable {
  readonly url: string
  readonly kind: 'embedded' | 'postgres'
}

/**
 * On a real PostgreSQL a new database, dropped when disposed of (at the latest when the run ends). On an embedded
 * one, which is a single database, that of this worker emptied: what an earlier call in the same file gave is gone.
 */
export async function freshDatabase(): Promise<FreshDatabase> {
  const server = databaseServer()
  if (server === undefined)
    throw new Error('No database is open for this test: vitest.config.ts says for which one is')
  switch (server.kind) {
    case 'embedded': {
      // Of the workers that run at the same time each has another number, from 1 up.
      const url = server.urls[Number(process.env['VITEST_POOL_ID']) - 1]
      if (url === undefined) throw new Error('There are more workers than embedded databases')
      await statement(url, emptying)
      return { url, kind: server.kind, [Symbol.asyncDispose]: async () => {} }
    }
    case 'postgres': {
      const name = `${server.template}_${randomBytes(4).toString('hex')}`
      await statement(server.url, `CREATE DATABASE ${name} TEMPLATE ${server.template}`)
      const url = new URL(server.url)
      url.pathname = `/${name}`
      return {
        url: url.href,
        kind: server.kind,
        // FORCE: a product that the test killed may have left connections that the server has not noticed yet.
        [Symbol.asyncDispose]: async () => {
          await statement(server.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
        },
      }
    }
  }
}

/** For a test of what only a real PostgreSQL does: `test('…', async (context) => { needsPostgres(context) … })`. */
export function needsPostgres(context: { skip: (note: string) => void }): void {
  if (databaseServer()?.kind !== 'postgres') {
    context.skip('needs a real PostgreSQL: set TEST_DATABASE_URL')
  }
}

/** The server of this run, where the test's group has one (vitest.config.ts). */
export function databaseServer(): DatabaseServer | undefined {
  return inject('databaseServer')
}

const emptying = readFileSync(new URL('./empty.sql', import.meta.url), 'utf8')

/** The PostgreSQL that is measured on: the one of DATABASE_URL, or one that is started for the run. */
import { randomBytes } from 'node:crypto'
import { findPostgres, startCluster } from '../support/cluster.ts'
import { statement } from '../support/statement.ts'

export interface Postgres extends AsyncDisposable {
  /** Such as 15.14. */
  readonly version: string
  /** Makes an empty database, and gives its address. It is dropped with the rest. */
  database(): Promise<string>
}

/** A string says why there is none, and what to do. */
export async function openPostgres(databaseUrl: string | undefined): Promise<Postgres | string> {
  await using opening = new AsyncDisposableStack()
  let server = databaseUrl
  if (server === undefined) {
    if (findPostgres() === undefined) {
      return 'PostgreSQL is not installed here. On Debian: apt-get install postgresql-15-postgis-3. Or set DATABASE_URL to a server on which databases may be made.'
    }
    // As it comes: what is measured must be what its users get.
    server = opening.use(await startCluster({ settings: {} })).url
  }
  const names: string[] = []
  let version: unknown
  try {
    const rows = await statement(
      server,
      `select current_setting('server_version') as version, rolcreatedb or rolsuper as may_create
         from pg_roles where rolname = current_user`,
    )
    version = rows[0]?.['version']
    if (rows[0]?.['may_create'] !== true)
      return 'The user of DATABASE_URL may not create databases: grant it (alter user … createdb), or leave DATABASE_URL out.'
  } catch (error) {
    const reason = error instanceof Error ? error.message : error
    return `The server of DATABASE_URL does not answer (${reason}). It is an address such as postgres://user:password@localhost/postgres; left out, a PostgreSQL is started.`
  }
  // The one that was started goes as a whole.
  if (databaseUrl !== undefined) {
    opening.defer(async () => {
      for (const name of names) await statement(databaseUrl, `drop database if exists ${name} with (force)`)
    })
  }
  const open = opening.move()
  return {
    version: String(version).replace(/ .*/, ''),
    async database() {
      const name = `slipstream_bench_${randomBytes(4).toString('hex')}`
      names.push(name)
      await statement(server, `create database ${name}`)
      return withDatabase(server, name)
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

/** Numbered plain-SQL migrations, applied in order in one transaction under a lock: all of them, or none. */
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { Kysely, PostgresAdapter, PostgresDialect, sql } from 'kysely'
import { type MigrationProvider, Migrator } from 'kysely/migration'
import { sqlState } from './faults.ts'
import { openPool } from './pool.ts'

export type MigrationOutcome =
  | { readonly outcome: 'migrated'; readonly applied: readonly string[] }
  /** `reason` says what is wrong and what to do. Nothing was changed. */
  | { readonly outcome: 'refused'; readonly reason: string }

export interface MigrateOptions {
  readonly url: string
  /** Fixed when the log is first made: see LOG_PARTITIONS. */
  readonly partitions: number
  /** Where the numbered `.sql` files are. */
  readonly directory?: URL
  readonly onProgress?: (message: string) => void
  /** How often it tries to get at tables that others are using. */
  readonly attempts?: number
}

const ownMigrations = new URL('../../db/migrations/', import.meta.url)
const oldestServer = 150_000
const connectTimeoutMs = 5_000
/**
 * A migration that waits for a table (for a backup that reads it, say) has everybody else who comes to the table wait behind
 * itself: it lets go of all soon, lets them through, and tries again.
 */
const lockTimeoutMs = 3_000
const betweenAttemptsMs = 3_000
const mostAttempts = 20

export async function migrate(options: MigrateOptions): Promise<MigrationOutcome> {
  const { url, partitions, directory = ownMigrations, onProgress, attempts = mostAttempts } = options
  const database = connect(url, 'slipstream migrate')
  try {
    const unfit = await whyUnfit(database, onProgress)
    if (unfit !== undefined) return { outcome: 'refused', reason: unfit }
    const provider = sqlFiles(directory, onProgress)
    for (let attempt = 1; ; attempt++) {
      try {
        return { outcome: 'migrated', applied: await applyAll(database, provider, partitions) }
      } catch (error) {
        if (!(error instanceof TablesInUse)) throw error
        if (attempt >= attempts) return { outcome: 'refused', reason: error.message }
        onProgress?.(`Others use the tables that migration ${error.migration} changes; trying again`)
        await pause(betweenAttemptsMs)
      }
    }
  } catch (error) {
    if (error instanceof MigrationRefused) return { outcome: 'refused', reason: error.message }
    throw error
  } finally {
    await database.destroy()
  }
}

/** How a database's tables stand to this version of Slipstream: `none` are there, `older` ones, its own, or `newer` ones. */
export type MigratedTo = 'none' | 'older' | 'this version' | 'newer'

/** Only looks. Throws where the database cannot be reached. */
export async function migratedTo(url: string, directory = ownMigrations): Promise<MigratedTo> {
  const database = connect(url, 'slipstream')
  try {
    const { rows: tables } = await sql<{ there: boolean }>`
      select to_regclass('kysely_migration') is not null as there`.execute(database)
    if (tables[0]?.there !== true) return 'none'
    const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(database)
    const applied = rows.map(({ name }) => name)
    const own = (await sqlFileNames(directory)).map(nameOf)
    if (applied.length === 0) return 'none'
    if (applied.some((name) => !own.includes(name))) return 'newer'
    return applied.length === own.length ? 'this version' : 'older'
  } finally {
    await database.destroy()
  }
}

function connect(url: string, name: string): Kysely<unknown> {
  const connection = {
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: name,
  }
  // A connection that breaks makes the statement fail that needs it; there is no more to say of it.
  return new Kysely<unknown>({
    dialect: new OneTransactionDialect({ pool: openPool(connection, () => undefined) }),
  })
}

function applyAll(
  database: Kysely<unknown>,
  provider: MigrationProvider,
  partitions: number,
): Promise<string[]> {
  return database.transaction().execute(async (transaction) => {
    // Whoever migrates already is waited for as long as it takes.
    await sql`select pg_advisory_xact_lock(${sql.lit(migrationLock)})`.execute(transaction)
    await sql`set local lock_timeout = ${sql.lit(lockTimeoutMs)}`.execute(transaction)
    const { error, results = [] } = await new Migrator({ db: transaction, provider }).migrateToLatest()
    if (error !== undefined) {
      const failed = results.find((result) => result.status === 'Error')?.migrationName
      if (failed !== undefined && error instanceof Error && sqlState(error) === lockNotAvailable) {
        throw new TablesInUse(failed)
      }
      throw new MigrationRefused(explain(error, failed))
    }
    await sql`select create_log(${partitions})`.execute(transaction)
    return results.map((result) => result.migrationName)
  })
}

/** What the server says at the end of `lock_timeout`. */
const lockNotAvailable = '55P03'

class TablesInUse extends Error {
  readonly migration: string
  constructor(migration: string) {
    super(
      `Migration ${migration} cannot get at its tables, and nothing was changed: others use them, such as a backup, an open transaction, or a Slipstream of the old version. Stop those, or wait for them, then start again.`,
    )
    this.migration = migration
  }
}

/** Thrown to roll back; answered as an outcome. */
class MigrationRefused extends Error {}

/** Any number that nobody else of the database takes: "slip" in ASCII. */
const migrationLock = 0x736c6970

/**
 * The lock is taken before the migrator looks at anything (it makes its own tables first), and the transaction's end lets
 * go of it: a process that dies leaves nothing behind. So the adapter, whose lock outlives transactions, takes none.
 */
class OneTransactionDialect extends PostgresDialect {
  override createAdapter(): PostgresAdapter {
    return new LocklessAdapter()
  }
}

class LocklessAdapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}

function sqlFiles(directory: URL, onProgress: MigrateOptions['onProgress']): MigrationProvider {
  return {
    async getMigrations() {
      const migrations = (await sqlFileNames(directory)).map(async (file) => {
        const text = await readFile(new URL(file, directory), 'utf8')
        const name = nameOf(file)
        async function up(transaction: Kysely<unknown>) {
          onProgress?.(`Applying migration ${name}`)
          await sql.raw(text).execute(transaction)
        }
        return [name, { up }] as const
      })
      return Object.fromEntries(await Promise.all(migrations))
    },
  }
}

async function sqlFileNames(directory: URL): Promise<string[]> {
  return (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort()
}

function nameOf(file: string): string {
  return file.slice(0, -'.sql'.length)
}

/** Why this server cannot hold Slipstream, or undefined. */
async function whyUnfit(
  database: Kysely<unknown>,
  onProgress: MigrateOptions['onProgress'],
): Promise<string | undefined> {
  const { rows } = await sql<{ server: number; available: boolean; installed: boolean; may_create: boolean }>`
    select current_setting('server_version_num')::integer as server,
           exists (select from pg_available_extensions where name = 'postgis') as available,
           exists (select from pg_extension where extname = 'postgis') as installed,
           coalesce(has_schema_privilege(current_schema(), 'create'), false) as may_create`.execute(database)
  const { server, available, installed, may_create: mayCreate } = rows[0]!
  if (server < oldestServer) {
    return `The database is PostgreSQL ${Math.floor(server / 10_000)}; Slipstream needs 15 or later. Point DATABASE_URL at a newer server.`
  }
  if (!mayCreate) {
    return 'This user of the database may not create tables in it. Make him its owner, or run "grant create, usage on schema public to …" in it as a superuser, then start again.'
  }
  if (!available && !installed) {
    return 'The database has no PostGIS. Install it on the database server (Debian: apt-get install postgresql-15-postgis-3) or leave DATABASE_URL unset to use the embedded database.'
  }
  if (!installed) {
    onProgress?.('Enabling PostGIS')
    try {
      await sql`create extension if not exists postgis`.execute(database)
    } catch (error) {
      const again = await sql`select from pg_extension where extname = 'postgis'`.execute(database)
      if (again.rows.length > 0) return undefined // another process was quicker
      return `The database has PostGIS, but this user may not enable it (${messageOf(error)}). Run "create extension postgis" in it as a superuser, then start again.`
    }
  }
  return undefined
}

function explain(error: unknown, failed: string | undefined): string {
  const message = messageOf(error)
  if (message.includes('previously executed migration')) {
    return `The database was migrated by a newer version of Slipstream (${message}). Start that version, or restore a backup from before it.`
  }
  const where = failed === undefined ? 'The migrations' : `Migration ${failed}`
  return `${where} failed and nothing was changed: ${message}`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Numbered plain-SQL migrations, applied in order in one transaction under a lock: all of them, or none. */
import { setTimeout as pause } from 'node:timers/promises'
import { Kysely, PostgresAdapter, PostgresDialect, sql } from 'kysely'
import { type MigrationProvider, Migrator } from 'kysely/migration'
import { sqlState } from './faults.ts'
import { type Migration, readMigrations } from './migration-files.ts'
import { openPool } from './pool.ts'
import { type Standing, standingOf, writeServesFrom } from './served-programs.ts'

export type MigrationOutcome =
  /** Nothing is applied where the tables are of this version already, or of a newer one that serves this one too. */
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
  const { url, directory = ownMigrations, onProgress, attempts = mostAttempts } = options
  const database = connect(url, 'slipstream migrate')
  try {
    const unfit = await whyUnfit(database, onProgress)
    if (unfit !== undefined) return { outcome: 'refused', reason: unfit }
    const migrations = await readMigrations(directory)
    for (let attempt = 1; ; attempt++) {
      try {
        return { outcome: 'migrated', applied: await applyAll(database, migrations, options) }
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

/** Only looks. Throws where the database cannot be reached. */
export async function migratedTo(url: string, directory = ownMigrations): Promise<Standing> {
  const database = connect(url, 'slipstream')
  try {
    return await standingOf(database, await readMigrations(directory))
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
  migrations: readonly Migration[],
  { partitions, onProgress }: MigrateOptions,
): Promise<string[]> {
  return database.transaction().execute(async (transaction) => {
    // Whoever migrates already is waited for as long as it takes.
    await sql`select pg_advisory_xact_lock(${sql.lit(migrationLock)})`.execute(transaction)
    await sql`set local lock_timeout = ${sql.lit(lockTimeoutMs)}`.execute(transaction)
    const standing = await standingOf(transaction, migrations)
    if (standing.to === 'too new') throw new MigrationRefused(standing.reason)
    if (standing.to === 'newer') {
      onProgress?.(`A newer version has made these tables (${standing.newest}); this one works beside it`)
      return []
    }
    const provider = providerOf(migrations, onProgress)
    const { error, results = [] } = await new Migrator({ db: transaction, provider }).migrateToLatest()
    if (error !== undefined) {
      const failed = results.find((result) => result.status === 'Error')?.migrationName
      if (failed !== undefined && error instanceof Error && sqlState(error) === lockNotAvailable) {
        throw new TablesInUse(failed)
      }
      throw new MigrationRefused(explain(error, failed))
    }
    await sql`select create_log(${partitions})`.execute(transaction)
    await writeServesFrom(transaction, migrations)
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

function providerOf(
  migrations: readonly Migration[],
  onProgress: MigrateOptions['onProgress'],
): MigrationProvider {
  return {
    async getMigrations() {
      return Object.fromEntries(
        migrations.map(({ name, text }) => {
          async function up(transaction: Kysely<unknown>) {
            onProgress?.(`Applying migration ${name}`)
            await sql.raw(text).execute(transaction)
          }
          return [name, { up }]
        }),
      )
    },
  }
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
  const where = failed === undefined ? 'The migrations' : `Migration ${failed}`
  return `${where} failed and nothing was changed: ${messageOf(error)}`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

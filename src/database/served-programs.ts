/**
 * How a database's tables stand to this program. A release only adds to the tables what the release before does not mind, and
 * takes away a release later what nobody uses any more, so that two releases can run beside each other; how old a program its
 * tables still serve says the database itself, in `serves_programs`.
 */
import { type Kysely, sql } from 'kysely'
import { type Migration, numberOf } from './migration-files.ts'

export type Standing =
  /** No tables, those of an older version, or of this one. */
  | { readonly to: 'none' | 'older' | 'this version' }
  /** Of a newer version, which this one can work beside. */
  | { readonly to: 'newer'; readonly newest: string }
  /** Of a newer version, with which this one must not work. `reason` says why, and what to do. */
  | { readonly to: 'too new'; readonly reason: string }

/** Only looks. */
export async function standingOf(
  database: Kysely<unknown>,
  migrations: readonly Migration[],
): Promise<Standing> {
  if (!(await isThere(database, 'kysely_migration'))) return { to: 'none' }
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
    database,
  )
  const applied = rows.map(({ name }) => name)
  const newest = applied.at(-1)
  if (newest === undefined) return { to: 'none' }
  const own = new Set(migrations.map(({ name }) => name))
  if (applied.every((name) => own.has(name)))
    return { to: applied.length === own.size ? 'this version' : 'older' }
  const isAllThere = [...own].every((name) => applied.includes(name))
  const servesFrom = await readServesFrom(database)
  const ownNewest = numberOf([...own].at(-1) ?? '')
  if (isAllThere && servesFrom !== undefined && ownNewest >= servesFrom) return { to: 'newer', newest }
  return { to: 'too new', reason: tooNew(newest, ownNewest, isAllThere ? servesFrom : undefined) }
}

/** By whoever has migrated, in the same transaction: what the database serves from now on. */
export async function writeServesFrom(
  transaction: Kysely<unknown>,
  migrations: readonly Migration[],
): Promise<void> {
  const servesFrom = migrations
    .flatMap((migration) => migration.servesFrom ?? [])
    .sort()
    .at(-1)
  if (servesFrom === undefined || !(await isThere(transaction, 'serves_programs'))) return
  await sql`
    insert into serves_programs as s (from_migration) values (${servesFrom})
      on conflict (singular) do update set from_migration = excluded.from_migration
       where s.from_migration < excluded.from_migration`.execute(transaction)
}

async function readServesFrom(database: Kysely<unknown>): Promise<string | undefined> {
  if (!(await isThere(database, 'serves_programs'))) return undefined
  const { rows } = await sql<{ from_migration: string }>`select from_migration from serves_programs`.execute(
    database,
  )
  return rows[0]?.from_migration
}

async function isThere(database: Kysely<unknown>, table: string): Promise<boolean> {
  const { rows } = await sql<{ is_there: boolean }>`
    select to_regclass(${table}) is not null as is_there`.execute(database)
  return rows[0]?.is_there === true
}

function tooNew(newest: string, ownNewest: string, servesFrom: string | undefined): string {
  const why =
    servesFrom === undefined
      ? `migration ${newest} is not known here`
      : `it serves programs that know migration ${servesFrom}, and the newest that is known here is ${ownNewest}`
  return `The database was migrated by a newer version of Slipstream (${why}). Start that version, or restore a backup from before it.`
}

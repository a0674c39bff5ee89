/**
 * The versions there are of the projections' tables.
 *
 *   (rebuild, or a newer revision of tables that are not empty)
 *      └─► building ─ caught up ─► serving ─ the next one is served ─► retired ─ ten minutes ─► (dropped)
 *             └── cancelled ─► (dropped)
 */
import { readFile } from 'node:fs/promises'
import { type ConnectionPool, type Queryable, sql, type Transaction } from '@databases/pg'
import { makeCheckpoints, takeCheckpoint, type VersionState } from './checkpoint.ts'
import { type Projection, tableOf } from './projection.ts'

export interface ProjectionVersion {
  readonly projection: string
  readonly version: number
  readonly state: VersionState
  /** Of the program that makes its rows (see `Projection`). */
  readonly revision: number
  /** When it came to that state, in milliseconds since 1970. */
  readonly since: number
}

const definitions = new URL('../../db/projections/', import.meta.url)

export async function readVersions(database: Queryable): Promise<ProjectionVersion[]> {
  return database.query(sql`
    select projection, version, state, revision, (extract(epoch from since) * 1000)::float8 as since
      from projection_version order by projection, version`)
}

/**
 * Begins the next version beside the one that is served, or answers the one
 * that is being built already; for a renewal only where the served one still
 * is of an older revision than the projection, and else answers that one.
 */
export async function beginVersion(
  database: ConnectionPool,
  projection: Projection,
  { partitions, isRenewal = false }: { readonly partitions: number; readonly isRenewal?: boolean },
): Promise<{ readonly version: number; readonly isNew: boolean }> {
  const definition = await readFile(new URL(`${projection.name}.sql`, definitions), 'utf8')
  return database.tx(async (transaction) => {
    await lockVersions(transaction, projection)
    const versions = (await readVersions(transaction)).filter((each) => each.projection === projection.name)
    const serving = versions.find(({ state }) => state === 'serving')
    const isRight = isRenewal && serving !== undefined && serving.revision >= projection.revision
    const there = isRight ? serving : versions.find(({ state }) => state === 'building')
    if (there !== undefined) return { version: there.version, isNew: false }
    const version = Math.max(...versions.map((each) => each.version)) + 1
    await transaction.query(sql`
      insert into projection_version (projection, version, state, revision)
      values (${projection.name}, ${version}, 'building', ${projection.revision})`)
    // The product's own file, and a number.
    await transaction.query(sql.__dangerous__rawValue(definition.replaceAll('{version}', String(version))))
    // Those of the served one as well, which has none where no worker has ever run.
    for (const each of [...versions.filter(({ state }) => state === 'serving'), { version }]) {
      await makeCheckpoints(transaction, { projection: projection.name, version: each.version, partitions })
    }
    await transaction.query(sql`select pg_notify('serving', ${projection.name})`)
    return { version, isNew: true }
  })
}

/**
 * Makes the served version one of the projection's own revision where nothing
 * was applied to it yet: empty tables need not be made anew. True where it is of
 * that revision now, whoever made it so; false where its tables are not empty.
 */
export async function adoptVersion(
  database: ConnectionPool,
  projection: Projection,
  { version, partitions }: { readonly version: number; readonly partitions: number },
): Promise<boolean> {
  const { name, revision } = projection
  // Both at one moment: another worker may just have adopted it, and begun to fill it by the same rules.
  const standing = async (where: Queryable): Promise<'right' | 'begun' | 'empty'> => {
    const [row] = await where.query(sql`
      select v.revision >= ${revision} as is_right,
             exists (select from projection_position p
                      where p.projection = v.projection and p.version = v.version) as is_begun
        from projection_version v where v.projection = ${name} and v.version = ${version}`)
    // What is no longer there needs nothing.
    if (row === undefined || row.is_right) return 'right'
    return row.is_begun ? 'begun' : 'empty'
  }
  const seen = await standing(database)
  if (seen !== 'empty') return seen === 'right'
  return database.tx(async (transaction) => {
    await lockVersions(transaction, projection)
    const now = await standing(transaction)
    if (now !== 'empty') return now === 'right'
    await makeCheckpoints(transaction, { projection: name, version, partitions })
    // Nobody applies anything meanwhile.
    for (let partition = 0; partition < partitions; partition++) {
      const who = { projection: name, version, partition }
      const checkpoint = await takeCheckpoint(transaction, who, { wait: true })
      if (checkpoint === undefined || checkpoint.position > 0) return false
    }
    await transaction.query(sql`
      update projection_version set revision = greatest(revision, ${revision})
       where projection = ${name} and version = ${version}`)
    return true
  })
}

/** Drops a version that is not served, with all that is kept of it. */
export async function dropVersion(
  database: ConnectionPool,
  projection: Projection,
  { state, olderThanMs = 0 }: { state: 'building' | 'retired'; olderThanMs?: number },
): Promise<number | undefined> {
  return database.tx(async (transaction) => {
    await lockVersions(transaction, projection)
    const [row] = await transaction.query(sql`
      select version from projection_version
       where projection = ${projection.name} and state = ${state}
         and since <= now() - make_interval(secs => ${olderThanMs / 1000})
       order by version limit 1`)
    if (row === undefined) return undefined
    const { version }: { version: number } = row
    // In the order in which everybody takes locks: checkpoints, then tables.
    await transaction.query(sql`
      select from projection_checkpoint where projection = ${projection.name} and version = ${version}
       order by partition for update`)
    for (const table of [
      'parked_rides',
      'projection_position',
      'projection_checkpoint',
      'projection_version',
    ]) {
      await transaction.query(
        sql`delete from ${sql.ident(table)} where projection = ${projection.name} and version = ${version}`,
      )
    }
    // Whoever still reads the tables, such as a backup, is not
    // waited for: nobody else could change a version meanwhile.
    await transaction.query(sql`set local lock_timeout = '2s'`)
    for (const table of projection.tables) await transaction.query(sql`drop table ${tableOf(table, version)}`)
    await transaction.query(sql`select pg_notify('serving', ${projection.name})`)
    return version
  })
}

/** One at a time changes which versions of a projection there are. */
export async function lockVersions(transaction: Transaction, { name }: Projection): Promise<void> {
  await transaction.query(sql`
    select from projection_version where projection = ${name} order by version for no key update`)
}

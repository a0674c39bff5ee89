/**
 * Promotion: a version that has been built and caught up is served from now on, and the one before it
 * retired. One transaction moves the pointer; whoever reads goes on with the version that he began with.
 */
import { type ConnectionPool, sql, type Transaction } from '@databases/pg'
import { readAll } from '#log/read-all.ts'
import { applyEvents, BatchFailed } from './apply.ts'
import { type Checkpoint, moveCheckpoint, takeCheckpoint } from './checkpoint.ts'
import type { Projection } from './projection.ts'
import { takeOverEffects } from './take-over.ts'
import { lockVersions, readVersions } from './versions.ts'

export type Promotion =
  | { readonly outcome: 'served'; readonly version: number }
  /** Nothing is being built. */
  | { readonly outcome: 'none' }
  /** In some partition it is not yet where the served version is. */
  | { readonly outcome: 'behind' }
  /**
   * So many rides are parked in it that are not, or only later,
   * in the version that is served: nobody is to see less of them.
   */
  | { readonly outcome: 'parked'; readonly rides: number }

export async function promote(
  database: ConnectionPool,
  projection: Projection,
  partitions: number,
): Promise<Promotion> {
  try {
    return await database.tx((transaction) => promoteWithin(transaction, projection, partitions))
  } catch (error) {
    // Some ride that it cannot take: its own runner parks it.
    if (error instanceof BatchFailed) return { outcome: 'behind' }
    throw error
  }
}

async function promoteWithin(
  transaction: Transaction,
  projection: Projection,
  partitions: number,
): Promise<Promotion> {
  await lockVersions(transaction, projection)
  const versions = (await readVersions(transaction)).filter((each) => each.projection === projection.name)
  const building = versions.find(({ state }) => state === 'building')
  const serving = versions.find(({ state }) => state === 'serving')
  if (building === undefined || serving === undefined) return { outcome: 'none' }
  // Nobody who has read the old one's newest is to find less in the new one: neither moves on meanwhile.
  const pairs: { served: Checkpoint; built: Checkpoint }[] = []
  for (const version of [serving.version, building.version]) {
    for (let partition = 0; partition < partitions; partition++) {
      const name = { projection: projection.name, version, partition }
      const checkpoint = await takeCheckpoint(transaction, name, { wait: true })
      if (checkpoint === undefined) return { outcome: 'behind' }
      if (version === serving.version) pairs.push({ served: checkpoint, built: checkpoint })
      else pairs[partition] = { served: pairs[partition]!.served, built: checkpoint }
    }
  }
  for (const { served, built } of pairs) {
    if (served.position - built.position > mostMadeUp) return { outcome: 'behind' }
    await makeUpEvents(transaction, projection, served, built)
  }
  const rides = await parkedOnlyIn(transaction, projection, building.version, serving.version)
  if (rides > 0) return { outcome: 'parked', rides }
  for (const { served, built } of pairs) await takeOverEffects(transaction, projection, served, built)
  await transaction.query(sql`
      update projection_version set state = 'retired', since = now()
       where projection = ${projection.name} and version = ${serving.version}`)
  await transaction.query(sql`
      update projection_version set state = 'serving', since = now()
       where projection = ${projection.name} and version = ${building.version}`)
  await transaction.query(sql`select pg_notify('serving', ${projection.name})`)
  return { outcome: 'served', version: building.version }
}

/** Under load the served version is always a little ahead: the last bit is made up for while it waits. */
const mostMadeUp = 1_000

async function makeUpEvents(
  transaction: Transaction,
  projection: Projection,
  served: Checkpoint,
  built: Checkpoint,
): Promise<void> {
  let after = built.position
  while (after < served.position) {
    const { partition } = built
    const limit = served.position - after
    const page = await readAll(transaction, { partition, after, limit, types: projection.eventTypes })
    const missing = page.events.filter(({ position }) => position <= served.position)
    await applyEvents(transaction, projection, built, missing)
    if (page.upTo === after) break
    after = page.upTo
  }
  if (built.position < served.position) await moveCheckpoint(transaction, built, served.position)
}

async function parkedOnlyIn(
  transaction: Transaction,
  { name }: Projection,
  building: number,
  serving: number,
): Promise<number> {
  const [row] = await transaction.query(sql`
    select count(*) as rides from parked_rides b
     where b.projection = ${name} and b.version = ${building} and not exists (
       select from parked_rides s
        where s.projection = b.projection and s.version = ${serving} and s.partition = b.partition
          and s.ride_id = b.ride_id
          and s.ride_version <= b.ride_version)`)
  return row.rides
}

/**
 * A checkpoint: how far a version of a projection has come in a partition. Its row is a mutex that is locked,
 * and never updated, by whoever applies a batch; the place moves in the same transaction, so that a second or
 * a stale worker can neither skip nor repeat an event.
 */
import { type Queryable, sql, type Transaction } from '@databases/pg'

export interface CheckpointName {
  readonly projection: string
  readonly version: number
  readonly partition: number
}

export type VersionState = 'building' | 'serving' | 'retired'

export interface Checkpoint extends CheckpointName {
  /** Of the last event that was applied, or looked at and left; 0 at the start. */
  readonly position: number
  readonly state: VersionState
  /** Some ride of the partition is parked. */
  readonly hasParked: boolean
}

/**
 * Takes the checkpoint for this transaction. Undefined where there is none, or, unless it is worth waiting
 * for, where another transaction has it.
 */
export async function takeCheckpoint(
  transaction: Transaction,
  { projection, version, partition }: CheckpointName,
  { wait }: { wait: boolean },
): Promise<Checkpoint | undefined> {
  // The lock first: what is read together with it may be from before it was had.
  const locked = await transaction.query(sql`
    select from projection_checkpoint
     where projection = ${projection} and version = ${version} and partition = ${partition}
       for no key update ${wait ? sql`` : sql`skip locked`}`)
  if (locked.length === 0) return undefined
  const [row] = await transaction.query(sql`
    select v.state, coalesce((
             select p.position from projection_position p
              where p.projection = v.projection and p.version = v.version and p.partition = ${partition}
              order by p.position desc limit 1
           ), 0) as position,
           exists (
             select from parked_rides r
              where r.projection = v.projection and r.version = v.version and r.partition = ${partition}
           ) as has_parked
      from projection_version v where v.projection = ${projection} and v.version = ${version}`)
  if (row === undefined) return undefined
  const { state, position, has_parked: hasParked } = row
  return { projection, version, partition, state, position, hasParked }
}

/** Moves a checkpoint that this transaction has taken. */
export async function moveCheckpoint(
  transaction: Transaction,
  { projection, version, partition, position: from }: Checkpoint,
  to: number,
): Promise<void> {
  if (to === from) return
  await transaction.query(sql`
    with moved as (
      insert into projection_position (projection, version, partition, position)
      values (${projection}, ${version}, ${partition}, ${to})
    )
    delete from projection_position
     where projection = ${projection} and version = ${version} and partition = ${partition}
       and position = ${from}`)
}

/** Makes the checkpoints of a version, where they are missing. */
export async function makeCheckpoints(
  database: Queryable,
  { projection, version, partitions }: { projection: string; version: number; partitions: number },
): Promise<void> {
  await database.query(sql`
    insert into projection_checkpoint (projection, version, partition)
    select ${projection}, ${version}, n from generate_series(0, ${partitions - 1}::integer) as n
    on conflict do nothing`)
}

/**
 * A parked ride's second chance. Both take the checkpoint first, so that no
 * worker moves past the ride meanwhile: what is applied here reaches exactly
 * to where the projection is, and what comes after it is the runner's again.
 */
import { type ConnectionPool, sql, type Transaction } from '@databases/pg'
import { describeFault, type FaultDescription } from '#database/fault-description.ts'
import { eventColumns, eventsOf, type RecordedEvent } from '#log/read.ts'
import { applyOnly, BatchFailed } from './apply.ts'
import { type Checkpoint, type CheckpointName, takeCheckpoint } from './checkpoint.ts'
import type { Projection } from './projection.ts'

export type RetryOutcome =
  /** Nothing waits any more. */
  | { readonly outcome: 'applied'; readonly events: number }
  /** It failed again, at this version of the ride, and stays parked there; what is before it was applied. */
  | {
      readonly outcome: 'failed'
      readonly events: number
      readonly rideVersion: number
      readonly error: FaultDescription
    }

/** Where a ride is parked. */
export interface Parked {
  readonly version: number
  readonly partition: number
  readonly rideId: string
}

/** In a transaction each: few enough that the other rides hardly wait. */
const batchSize = 100

/**
 * Applies what waits, batch by batch, and where one fails event by event, so that the one to blame is known.
 */
export async function retryRide(
  database: ConnectionPool,
  projection: Projection,
  parked: Parked,
): Promise<RetryOutcome> {
  let events = 0
  let limit = batchSize
  for (;;) {
    try {
      const applied = await database.tx(async (transaction) => {
        const waiting = await takeWaiting(transaction, projection, parked, limit)
        if (waiting === undefined) return 0
        await applyOnly(transaction, projection, waiting.checkpoint, waiting.next)
        await stepOver(transaction, projection, waiting)
        return waiting.next.length
      })
      if (applied === 0) return { outcome: 'applied', events }
      events += applied
    } catch (error) {
      if (!(error instanceof BatchFailed)) throw error
      if (limit > 1) {
        limit = 1
        continue
      }
      await recordFailure(database, projection, parked, error.fault)
      const rideVersion = error.events[0]!.version
      return { outcome: 'failed', events, rideVersion, error: describeFault(error.fault) }
    }
  }
}

/**
 * Passes over the event that failed: its effects come about, what it would have
 * shown does not. Only where the ride still stands before this version of itself,
 * and that one was tried: asked twice, nothing is passed over that would not fail.
 */
export async function skipEvent(
  database: ConnectionPool,
  projection: Projection,
  parked: Parked & { readonly rideVersion: number },
): Promise<void> {
  await database.tx(async (transaction) => {
    const waiting = await takeWaiting(transaction, projection, parked, 1)
    if (waiting === undefined || waiting.attempts === 0) return
    if (waiting.next[0]?.version === parked.rideVersion) await stepOver(transaction, projection, waiting)
  })
}

interface Waiting {
  readonly checkpoint: Checkpoint
  /** How often the event that the ride stands before was tried. */
  readonly attempts: number
  /** At least one. */
  readonly next: readonly RecordedEvent[]
  /** The one behind them, where the projection has come that far. */
  readonly following: RecordedEvent | undefined
}

/** Takes the checkpoint and finds what waits; undefined where nothing does any more. */
async function takeWaiting(
  transaction: Transaction,
  projection: Projection,
  { version, partition, rideId }: Parked,
  limit: number,
): Promise<Waiting | undefined> {
  const name: CheckpointName = { projection: projection.name, version, partition }
  const checkpoint = await takeCheckpoint(transaction, name, { wait: true })
  if (checkpoint === undefined) return undefined
  const [row] = await transaction.query(sql`
    select ride_version, attempts from parked_rides
     where projection = ${projection.name} and version = ${version} and partition = ${partition}
       and ride_id = ${rideId}`)
  if (row === undefined) return undefined
  const types = projection.eventTypes
  const waiting = eventsOf(
    await transaction.query(sql`
      select ${eventColumns}, data from events
       where partition = ${partition} and stream_id = ${rideId} and version >= ${row.ride_version}
         and position <= ${checkpoint.position} ${types === undefined ? sql`` : sql`and type = any(${types}::text[])`}
       order by version limit ${limit + 1}`),
  )
  if (waiting.length === 0) return undefined
  return { checkpoint, attempts: row.attempts, next: waiting.slice(0, limit), following: waiting[limit] }
}

/** The ride stands before the following event now, or is parked no longer. */
async function stepOver(
  transaction: Transaction,
  projection: Projection,
  { checkpoint, next, following }: Waiting,
): Promise<void> {
  const due = next.filter(({ data }) => data !== null)
  if (checkpoint.state === 'serving' && due.length > 0)
    await projection.effects?.(transaction, checkpoint.version, due)
  const where = sql`projection = ${checkpoint.projection} and version = ${checkpoint.version}
    and partition = ${checkpoint.partition} and ride_id = ${next[0]!.streamId}`
  await transaction.query(
    following === undefined
      ? sql`delete from parked_rides where ${where}`
      : sql`update parked_rides set ride_version = ${following.version}, position = ${following.position},
                   event_type = ${following.type}, attempts = 0 where ${where}`,
  )
  await transaction.query(sql`select pg_notify('projected', ${projection.name})`)
  // A version may have waited for just this ride to be served.
  if (following === undefined) await transaction.query(sql`select pg_notify('serving', ${projection.name})`)
}

async function recordFailure(
  database: ConnectionPool,
  { name }: Projection,
  { version, partition, rideId }: Parked,
  error: unknown,
): Promise<void> {
  await database.query(sql`
    update parked_rides set attempts = attempts + 1, error = ${JSON.stringify(describeFault(error))}::json
     where projection = ${name} and version = ${version} and partition = ${partition}
       and ride_id = ${rideId}`)
}

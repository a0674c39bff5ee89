/**
 * A parked ride's second chance. Both take the checkpoint first, so that no worker moves past the ride meanwhile: what is
 * applied here reaches exactly to where the projection is, and what comes after it is the runner's again.
 */
import { type ConnectionPool, sql, type Transaction } from '@databases/pg'
import { describeFault, type FaultDescription } from '#database/fault-description.ts'
import { isUnavailable } from '#database/faults.ts'
import type { RecordedEvent } from '#log/read.ts'
import { eventColumns, eventsOf } from '#log/read.ts'
import { type Checkpoint, type CheckpointName, takeCheckpoint } from './checkpoint.ts'
import type { Projection } from './projection.ts'

export type RetryOutcome =
  /** Nothing waits any more. */
  | { readonly outcome: 'applied'; readonly events: number }
  /** It failed again, at this version of the ride, and stays parked. */
  | { readonly outcome: 'failed'; readonly rideVersion: number; readonly error: FaultDescription }

/** Where a ride is parked. */
export interface Parked {
  readonly version: number
  readonly partition: number
  readonly rideId: string
}

/**
 * Applies one event after the other, each in a transaction of its own, so that what can be applied is, and the one that
 * fails is known.
 */
export async function retryRide(
  database: ConnectionPool,
  projection: Projection,
  parked: Parked,
): Promise<RetryOutcome> {
  let events = 0
  for (;;) {
    let failing: RecordedEvent | undefined
    try {
      const isDone = await database.tx(async (transaction) => {
        const waiting = await takeWaiting(transaction, projection, parked)
        if (waiting === undefined) return true
        failing = waiting.next
        if (failing.data !== null) await projection.apply(transaction, parked.version, [failing])
        await stepOver(transaction, projection, waiting)
        return false
      })
      if (isDone) return { outcome: 'applied', events }
      events++
    } catch (error) {
      if (failing === undefined || isUnavailable(error)) throw error
      await recordFailure(database, projection, parked, error)
      return { outcome: 'failed', rideVersion: failing.version, error: describeFault(error) }
    }
  }
}

/** Passes over the event that failed: its effects come about, what it would have shown does not. */
export async function skipEvent(
  database: ConnectionPool,
  projection: Projection,
  parked: Parked,
): Promise<void> {
  await database.tx(async (transaction) => {
    const waiting = await takeWaiting(transaction, projection, parked)
    if (waiting !== undefined) await stepOver(transaction, projection, waiting)
  })
}

interface Waiting {
  readonly checkpoint: Checkpoint
  /** The event that the ride stands before, and the one behind it, where the projection has come that far. */
  readonly next: RecordedEvent
  readonly following: RecordedEvent | undefined
}

/** Takes the checkpoint and finds what waits; undefined where nothing does any more. */
async function takeWaiting(
  transaction: Transaction,
  projection: Projection,
  { version, partition, rideId }: Parked,
): Promise<Waiting | undefined> {
  const name: CheckpointName = { projection: projection.name, version, partition }
  const checkpoint = await takeCheckpoint(transaction, name, { wait: true })
  if (checkpoint === undefined) return undefined
  const [row] = await transaction.query(sql`
    select ride_version from parked_rides
     where projection = ${projection.name} and version = ${version} and partition = ${partition} and ride_id = ${rideId}`)
  if (row === undefined) return undefined
  const types = projection.eventTypes
  const [next, following] = eventsOf(
    await transaction.query(sql`
      select ${eventColumns}, data from events
       where partition = ${partition} and stream_id = ${rideId} and version >= ${row.ride_version}
         and position <= ${checkpoint.position} ${types === undefined ? sql`` : sql`and type = any(${types}::text[])`}
       order by version limit 2`),
  )
  return next && { checkpoint, next, following }
}

/** The ride stands before the following event now, or is parked no longer. */
async function stepOver(
  transaction: Transaction,
  projection: Projection,
  { checkpoint, next, following }: Waiting,
): Promise<void> {
  if (checkpoint.state === 'serving' && next.data !== null) await projection.effects?.(transaction, [next])
  const where = sql`projection = ${checkpoint.projection} and version = ${checkpoint.version}
    and partition = ${checkpoint.partition} and ride_id = ${next.streamId}`
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
     where projection = ${name} and version = ${version} and partition = ${partition} and ride_id = ${rideId}`)
}

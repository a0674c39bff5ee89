/** Applying events to a version, by the transaction that has taken its checkpoint. */
import type { Transaction } from '@databases/pg'
import { isTooMuch, isUnavailable, sqlState } from '#database/faults.ts'
import type { RecordedEvent } from '#log/read.ts'
import type { Checkpoint } from './checkpoint.ts'
import { withoutParked } from './parking.ts'
import type { Projection } from './projection.ts'

/** Applies events and brings about their effects, all but those of parked rides. */
export async function applyEvents(
  transaction: Transaction,
  projection: Projection,
  checkpoint: Checkpoint,
  events: readonly RecordedEvent[],
): Promise<void> {
  const wanted = await withoutParked(transaction, checkpoint, events.filter(isKept))
  if (wanted.length === 0) return
  await applyOnly(transaction, projection, checkpoint, wanted)
  if (checkpoint.state === 'serving') await projection.effects?.(transaction, checkpoint.version, wanted)
}

/**
 * Throws BatchFailed where the projection cannot take the
 * events, and anything else where nothing is wrong with them.
 */
export async function applyOnly(
  transaction: Transaction,
  projection: Projection,
  { version }: Checkpoint,
  events: readonly RecordedEvent[],
): Promise<void> {
  const wanted = events.filter(isKept)
  if (wanted.length === 0) return
  try {
    await projection.apply(transaction, version, wanted)
  } catch (error) {
    throw isPassing(error) ? error : new BatchFailed(error, wanted)
  }
}

/** A redacted event has nothing more to tell; the ride's RideDeleted comes behind it. */
function isKept({ data }: RecordedEvent): boolean {
  return data !== null
}

/** Rolls the batch back, and says which events it was about. */
export class BatchFailed extends Error {
  readonly fault: unknown
  readonly events: readonly RecordedEvent[]
  constructor(fault: unknown, events: readonly RecordedEvent[]) {
    super('A batch could not be applied')
    this.fault = fault
    this.events = events
  }
}

/**
 * No event is to blame: the database is away or full, or a transaction got in another one's way. A statement
 * that takes too long or too much is to blame where it does so every time.
 */
function isPassing(error: unknown): boolean {
  if (isTooMuch(error)) return false
  if (isUnavailable(error)) return true
  const state = error instanceof Error ? sqlState(error) : undefined
  return state !== undefined && (state.startsWith('40') || state === '55P03')
}

/**
 * A projection: what is read is projected from the log. Each owns its tables and its checkpoints and moves both in one
 * transaction (`runner.ts`). One file a projection: `rides.ts`, `routes.ts`.
 */
import type { Transaction } from '@databases/pg'
import type { RecordedEvent } from '#log/read.ts'

export interface Projection {
  readonly name: string
  /** Part of its tables' names: changed when what it makes of the log changes. */
  readonly version: number
  /** Applies a batch of one partition's events, in order, by the transaction that moves the checkpoint. */
  apply(transaction: Transaction, events: readonly RecordedEvent[]): Promise<void>
  /** Called after a batch has been committed; what it starts may be lost with the process and is found again. */
  readonly committed?: () => void
}

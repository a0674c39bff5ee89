/**
 * A projection: what is read is projected from the log. Each owns its tables and moves them in one
 * transaction with its place in the log. One file a projection (`rides.ts`, `routes.ts`, whose rides are measured
 * in threads beside: `measurer.ts`); `workers.ts` keeps a runner going for each version and partition (`runner.ts`), as
 * often as is worth while (`pace.ts`, `scout.ts`, `width.ts`); a ride that cannot be taken is parked
 * (`parking.ts`) and gets a second chance (`retry.ts`); a new version is filled beside the one that is read
 * (`versions.ts`), put in its place (`promote.ts`), and found (`serving.ts`).
 */
import { type SQLQuery, sql, type Transaction } from '@databases/pg'
import type { RecordedEvent } from '#log/read.ts'
import type { RideEventType } from '#ride/events.ts'

export interface Projection {
  readonly name: ProjectionName
  /**
   * Goes up by one whenever rows come out otherwise than before:
   * tables of an older revision are built anew by themselves.
   */
  readonly revision: number
  /** The types of events that it needs: the others are not even read. All where left out. */
  readonly eventTypes?: readonly RideEventType[]
  /** How many events it takes in one transaction, where each of them is much work. */
  readonly batchSize?: number
  /** Its tables' names, without the version that they end in. */
  readonly tables: readonly string[]
  /**
   * Applies a batch of one partition's events, in order, by the transaction that moves its place in the log.
   */
  apply(transaction: Transaction, version: number, events: readonly RecordedEvent[]): Promise<void>
  /**
   * What else a batch brings about, written down in the same transaction for others to carry out. Once for
   * each event: only of the version that is served, and also for an event that is skipped.
   */
  effects?(transaction: Transaction, version: number, events: readonly RecordedEvent[]): Promise<void>
  /**
   * Called after a batch has been committed; what it starts may be lost with the process and is found again.
   */
  readonly committed?: () => void
}

export type ProjectionName = 'rides' | 'routes'

/** The event that takes a ride from every table, parked or not. */
export const removing: RideEventType = 'RideDeleted'

/** A table of a projection in one of its versions. */
export function tableOf(name: string, version: number): SQLQuery {
  return sql.ident(`${name}_${version}`)
}

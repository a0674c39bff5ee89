/**
 * Runs a projection on one partition: batch after batch, each in one transaction with its checkpoint. Woken by a hint,
 * backed by a slow poll. Of several workers one at a time holds the checkpoint's row; the others look again later.
 *
 *   looking ── events ──► applied and committed ──► looking
 *      ├────── none, or another worker's ─► waiting ── hint, poll ──► looking
 *      └────── fault ──► reported ─► waiting, longer each time, whatever is hinted ──► looking
 */
import { type ConnectionPool, sql } from '@databases/pg'
import { createHint, pause } from '#log/hint.ts'
import type { Listener } from '#log/listener.ts'
import { readAll } from '#log/read.ts'
import type { Projection } from './projection.ts'

export interface RunnerOptions {
  readonly database: ConnectionPool
  readonly listener: Listener
  readonly projection: Projection
  readonly partition: number
  readonly signal: AbortSignal
  readonly onFault: (fault: { projection: string; partition: number; error: unknown }) => void
  readonly pollMs?: number
}

const batchSize = 500
const longestWaitMs = 10_000

/** Runs until `signal` aborts; resolves when the batch under way is done. */
export async function runProjection(options: RunnerOptions): Promise<void> {
  const { database, listener, projection, partition, signal, onFault, pollMs = 2_000 } = options
  const { name, version } = projection
  const hint = createHint()
  const stopListening = listener.on('log', () => hint.give())
  let faults = 0
  let known = false
  try {
    while (!signal.aborted) {
      try {
        if (!known) await makeCheckpoint()
        known = true
        const applied = await applyBatch()
        faults = 0
        if (applied > 0) projection.committed?.()
        if (applied < batchSize) await hint.wait(pollMs, signal)
      } catch (error) {
        onFault({ projection: name, partition, error })
        faults++
        await pause(Math.min(longestWaitMs, 100 * 2 ** faults), signal)
      }
    }
  } finally {
    stopListening()
  }

  async function makeCheckpoint(): Promise<void> {
    await database.query(sql`
      insert into projection_checkpoint (projection, version, partition, position)
      values (${name}, ${version}, ${partition}, 0) on conflict do nothing`)
  }

  /** How many events were applied. */
  function applyBatch(): Promise<number> {
    return database.tx(async (transaction) => {
      const rows = await transaction.query(sql`
        select position from projection_checkpoint
         where projection = ${name} and version = ${version} and partition = ${partition}
           for no key update skip locked`)
      const checkpoint = rows[0] as { position: number } | undefined
      if (checkpoint === undefined) return 0
      const events = await readAll(transaction, { partition, after: checkpoint.position, limit: batchSize })
      if (events.length === 0) return 0
      await projection.apply(transaction, events)
      await transaction.query(sql`
        update projection_checkpoint set position = ${events.at(-1)!.position}
         where projection = ${name} and version = ${version} and partition = ${partition}`)
      await transaction.query(sql`select pg_notify('projected', ${name})`)
      return events.length
    })
  }
}

/**
 * Runs one version of a projection on one partition: batch after batch, each in
 * one transaction with its checkpoint. Woken by a hint, backed by a slow poll. Of
 * several workers one at a time has the checkpoint; the others look again later.
 * Where few types of events are wanted it first looks whether there are any (`scout.ts`).
 *
 *   looking ── events ──► applied and committed ─► resting, the longer the more comes in ──► looking
 *      ├────── none, or another worker's ─► waiting ── hint, poll ──► looking
 *      ├────── the database is away ─► waiting, longer each time ──► looking
 *      └────── fault ─► a smaller batch, down to the one event ─► that one again, longer each time
 *                                                                     ├─ applied ─► looking
 *                                                                     └─ its ride is parked ─► looking
 */
import { type ConnectionPool, sql, type Transaction } from '@databases/pg'
import { backoffMs } from '#database/backoff.ts'
import { isAway } from '#database/faults.ts'
import { createHint, pause } from '#log/hint.ts'
import type { Listener } from '#log/listener.ts'
import type { RecordedEvent } from '#log/read.ts'
import { readAll } from '#log/read-all.ts'
import { applyEvents, BatchFailed } from './apply.ts'
import { type CheckpointName, moveCheckpoint, takeCheckpoint, type VersionState } from './checkpoint.ts'
import { createPace } from './pace.ts'
import { park } from './parking.ts'
import type { Projection } from './projection.ts'
import { createScout, longestAheadMs } from './scout.ts'
import { createWidth } from './width.ts'

export interface Batch {
  readonly state: VersionState
  readonly upTo: number
  /** How many were applied. */
  readonly events: number
  /** From when to when, by `performance.now()`. */
  readonly begunAt: number
  readonly doneAt: number
  /** Of its events those that are recorded in traces. */
  readonly traces: readonly string[]
  /** More may be behind it. */
  readonly hasMore: boolean
}

/** What a runner tells of; `who` it is stands in every one. */
export interface RunnerHearer {
  /** A batch was committed. */
  onBatch?(who: CheckpointName, batch: Batch): void | Promise<void>
  onFault(who: CheckpointName, error: unknown): void
  onParked(who: CheckpointName, event: RecordedEvent): void
  /** The log has no event at this position, which cannot be; it is waited for. */
  onHole(who: CheckpointName, position: number): void
}

export interface RunnerOptions extends RunnerHearer {
  readonly database: ConnectionPool
  readonly listener: Listener
  readonly projection: Projection
  readonly version: number
  readonly partition: number
  readonly signal: AbortSignal
  readonly pollMs?: number
  /** Whether somebody goes on with the traces of events. */
  readonly traced?: boolean | undefined
}

const ordinaryBatchSize = 500
/** Under load a batch comes four times a second. */
const paceOfBatches = { longestMs: 250, little: 50, much: 500 }
/** A look is cheap, and who has sent a whole ride at once waits for what follows on its end. */
const paceOfLooks = { longestMs: 25, little: 300, much: 3_000 }
/** Whoever has it may let go of it without a hint: a worker that dies, a promotion, a ride's retry. */
const elsewhereMs = 500
const waits = { firstMs: 100, longestMs: 10_000 }
/** An event that fails is tried this often before its ride is parked, within half a second or so. */
const mostAttempts = 3

type Outcome =
  | { readonly outcome: 'applied'; readonly batch: Omit<Batch, 'begunAt' | 'doneAt'> }
  | { readonly outcome: 'nothing' }
  /** Another transaction has the checkpoint. */
  | { readonly outcome: 'elsewhere' }
  /** By this event, which stood alone in its batch, or by one of so many. */
  | { readonly outcome: 'failed'; readonly error: unknown; readonly events: readonly RecordedEvent[] }

/** Runs until `signal` aborts; resolves when the batch under way is done. */
export async function runProjection(options: RunnerOptions): Promise<void> {
  const { database, listener, projection, version, partition, signal, pollMs = 2_000, traced } = options
  const who: CheckpointName = { projection: projection.name, version, partition }
  const hint = createHint()
  const stopListening = listener.on('log', () => hint.give())
  const { batchSize = ordinaryBatchSize } = projection
  const width = createWidth(batchSize)
  let faults = 0
  let attempts = 0
  let reportedHole = 0
  const now = () => performance.now()
  const types = projection.eventTypes
  const scout = types && createScout({ database, partition, types, now })
  const pace = createPace({ ...(scout === undefined ? paceOfBatches : paceOfLooks), now })
  let looksFirst = false
  try {
    while (!signal.aborted) {
      try {
        if (scout !== undefined && looksFirst) {
          const { events, isWorth, isAhead } = await scout.look()
          pace.found(events)
          if (!isWorth) {
            await rest()
            await hint.wait(isAhead ? Math.min(pollMs, longestAheadMs) : pollMs, signal)
            continue
          }
        }
        looksFirst = false
        const begun = now()
        const result = await database.tx(applyBatch).catch(failureOf)
        faults = 0
        if (result.outcome === 'failed') {
          await narrow(result)
          continue
        }
        attempts = 0
        if (result.outcome === 'applied') {
          const batch = { ...result.batch, begunAt: begun, doneAt: now() }
          if (batch.events > 0) projection.committed?.()
          scout?.moved(batch.upTo)
          width.widen()
          if (batch.hasMore) width.took(batch.doneAt - begun)
          await options.onBatch?.(who, batch)
          if (batch.hasMore || width.isNarrowed) continue
          // Whoever waits for a version to be built waits for its checkpoint.
          looksFirst = batch.state !== 'building'
          if (scout === undefined) {
            pace.found(batch.events)
            await rest()
          }
        }
        await hint.wait(result.outcome === 'elsewhere' ? Math.min(pollMs, elsewhereMs) : pollMs, signal)
      } catch (error) {
        // That the database is away is said once, by whoever looks for it.
        if (!isAway(error)) options.onFault(who, error)
        await pause(backoffMs(++faults, waits, Math.random), signal)
      }
    }
  } finally {
    stopListening()
  }

  async function rest(): Promise<void> {
    const restMs = pace.rest()
    if (restMs > 0) await pause(restMs, signal)
  }

  async function applyBatch(transaction: Transaction): Promise<Outcome> {
    const checkpoint = await takeCheckpoint(transaction, who, { wait: false })
    if (checkpoint === undefined) return { outcome: 'elsewhere' }
    const page = await readAll(transaction, {
      partition,
      after: scout?.after(checkpoint.position) ?? checkpoint.position,
      limit: width.now,
      types,
      traced,
    })
    if (page.hole !== undefined && page.hole !== reportedHole) {
      reportedHole = page.hole
      options.onHole(who, page.hole)
    }
    if (page.upTo === checkpoint.position) return { outcome: 'nothing' }
    await applyEvents(transaction, projection, checkpoint, page.events)
    await moveCheckpoint(transaction, checkpoint, page.upTo)
    const events = page.events.length
    // Nobody waits for a place at which nothing was.
    if (events > 0) await transaction.query(sql`select pg_notify('projected', ${projection.name})`)
    const traces = page.events.flatMap(({ traceparent }) => traceparent ?? [])
    const batch = { state: checkpoint.state, upTo: page.upTo, events, traces, hasMore: page.hasMore }
    return { outcome: 'applied', batch }
  }

  /** Finds the one event that fails, by ever smaller batches; tries it again, alone; parks its ride. */
  async function narrow({ error, events }: Extract<Outcome, { outcome: 'failed' }>): Promise<void> {
    if (width.now > 1) {
      width.narrow(events.length)
      return
    }
    options.onFault(who, error)
    attempts++
    if (attempts < mostAttempts) {
      await pause(backoffMs(attempts, waits, Math.random), signal)
      return
    }
    const event = events[0]!
    const parked = await database.tx((transaction) => parkBehindCheckpoint(transaction, event, error))
    attempts = 0
    if (parked) options.onParked(who, event)
  }

  async function parkBehindCheckpoint(
    transaction: Transaction,
    event: RecordedEvent,
    error: unknown,
  ): Promise<boolean> {
    const checkpoint = await takeCheckpoint(transaction, who, { wait: true })
    // Another worker has come past it.
    if (checkpoint === undefined || checkpoint.position >= event.position) return false
    await park(transaction, checkpoint, event, { error, attempts })
    await moveCheckpoint(transaction, checkpoint, event.position)
    return true
  }
}

function failureOf(error: unknown): Outcome {
  if (!(error instanceof BatchFailed)) throw error
  return { outcome: 'failed', error: error.fault, events: error.events }
}

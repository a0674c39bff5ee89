/**
 * Following a partition: ordered batches behind a position, for ever. A notification or a slow poll only says that it
 * is worth looking; what there is, the cursor tells.
 *
 *   reading ── events ──► yielded ──► reading
 *      ├────── none ────► waiting ── hint, poll ──► reading
 *      └── fault, no database ─► waiting, longer each time ──► reading
 */
import type { ConnectionPool } from '@databases/pg'
import { backoffMs } from '#database/backoff.ts'
import { isAway } from '#database/faults.ts'
import { createHint } from './hint.ts'
import type { Listener } from './listener.ts'
import type { RecordedEvent } from './read.ts'
import { type LogPage, type PageOfPartition, readAll, readHead } from './read-all.ts'

export interface FollowOptions {
  readonly database: ConnectionPool
  readonly listener: Listener
  readonly partition: number
  readonly after: number
  readonly signal: AbortSignal
  /** Says that the log has no event at a position although it has later ones, which cannot be and is waited for. */
  readonly onHole: (position: number) => void
  /** Hears what made a read fail, unless only the database is away; it is tried again either way. */
  readonly onFault: (error: unknown) => void
  /** Says that the log ends before where it was read: it is not the one it was. Nothing more is read until it is longer. */
  readonly onRewound?: (head: number) => void
  readonly batchSize?: number
  /** How long it takes to see what no hint told of. */
  readonly pollMs?: number
  /** Events of these types only; of all where left out. */
  readonly types?: readonly string[]
  readonly streamTypes?: readonly string[]
  /** Asked before each batch: the streams whose events' data are needed. Of all where left out. */
  readonly withDataOf?: () => readonly string[]
}

const waits = { firstMs: 100, longestMs: 5_000 }

export async function* follow(
  options: FollowOptions,
): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
  const {
    database,
    listener,
    partition,
    signal,
    onHole,
    onFault,
    onRewound,
    batchSize: limit = 500,
    pollMs = 2_000,
    types,
    streamTypes,
    withDataOf,
  } = options
  let position = options.after
  let failures = 0
  let reportedHole = 0
  const hint = createHint()
  const stopListening = listener.on('log', () => hint.give())
  try {
    while (!signal.aborted) {
      let page: LogPage
      try {
        const wanted: PageOfPartition = { partition, after: position, limit, types, streamTypes }
        page = await readAll(
          database,
          withDataOf === undefined ? wanted : { ...wanted, withDataOf: withDataOf() },
        )
        failures = 0
      } catch (error) {
        if (!isAway(error)) onFault(error)
        failures++
        await hint.wait(backoffMs(failures, waits, Math.random), signal)
        continue
      }
      if (page.hole !== undefined && page.hole !== reportedHole) {
        reportedHole = page.hole
        onHole(page.hole)
      }
      if (page.upTo === position) {
        if (position > 0 && onRewound !== undefined) await lookForEnd(position)
        await hint.wait(pollMs, signal)
        continue
      }
      position = page.upTo
      if (page.events.length > 0) yield page.events
    }
  } finally {
    stopListening()
  }

  async function lookForEnd(read: number): Promise<void> {
    const head = await readHead(database, partition).catch(() => read)
    if (head < read) onRewound?.(head)
  }
}

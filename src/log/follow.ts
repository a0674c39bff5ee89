/**
 * Following a partition: ordered batches behind a position, for ever. A notification or a slow poll only says that it
 * is worth looking; what there is, the cursor tells.
 *
 *   reading ── events ──► yielded ──► reading
 *      ├────── none ────► waiting ── hint, poll ──► reading
 *      └── fault, no database ─► waiting, longer each time ──► reading
 */
import type { ConnectionPool } from '@databases/pg'
import { isUnavailable } from '#database/faults.ts'
import { createHint } from './hint.ts'
import type { Listener } from './listener.ts'
import { type RecordedEvent, readAll } from './read.ts'

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
  readonly batchSize?: number
  /** How long it takes to see what no hint told of. */
  readonly pollMs?: number
  /** Reads a batch; for readers that do not need every event's data. */
  readonly read?: typeof readAll
}

const longestWaitMs = 5_000

export async function* follow(options: FollowOptions): AsyncGenerator<RecordedEvent[], void, undefined> {
  const {
    database,
    listener,
    partition,
    signal,
    onHole,
    onFault,
    batchSize = 500,
    pollMs = 2_000,
    read = readAll,
  } = options
  let position = options.after
  let failures = 0
  let reportedHole = 0
  const hint = createHint()
  const stopListening = listener.on('log', () => hint.give())
  try {
    while (!signal.aborted) {
      let events: RecordedEvent[]
      try {
        events = await read(database, { partition, after: position, limit: batchSize })
        failures = 0
      } catch (error) {
        if (!isUnavailable(error)) onFault(error)
        failures++
        await hint.wait(Math.min(longestWaitMs, 50 * 2 ** failures), signal)
        continue
      }
      const whole = contiguous(events, position)
      if (whole.length < events.length && reportedHole !== position + whole.length + 1) {
        reportedHole = position + whole.length + 1
        onHole(reportedHole)
      }
      if (whole.length === 0) {
        await hint.wait(pollMs, signal)
        continue
      }
      position = whole.at(-1)!.position
      yield whole
    }
  } finally {
    stopListening()
  }
}

function contiguous(events: RecordedEvent[], after: number): RecordedEvent[] {
  const gap = events.findIndex((event, index) => event.position !== after + 1 + index)
  return gap < 0 ? events : events.slice(0, gap)
}

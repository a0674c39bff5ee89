/**
 * Following a partition: ordered batches behind a position, for ever. A notification or a slow poll only says that it
 * is worth looking; what there is, the cursor tells.
 *
 *   reading ── events ──► yielded ──► reading
 *      ├────── none ────► waiting ── hint, poll ──► reading
 *      │                     └────── own appends, right behind ──► yielded ──► waiting
 *      └── fault, no database ─► waiting, longer each time ──► reading
 */
import type { ConnectionPool } from '@databases/pg'
import { backoffMs } from '#database/backoff.ts'
import { isAway } from '#database/faults.ts'
import { createHint } from './hint.ts'
import type { Listener } from './listener.ts'
import type { OwnAppends, OwnEvents } from './own-events.ts'
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
  /** Looked at before each batch: the streams whose events' data are needed. Of all where left out. */
  readonly withDataOf?: StreamIds
  /** What this process appends itself: taken from memory, whatever `types` say. */
  readonly own?: OwnAppends
}

interface StreamIds {
  has(streamId: string): boolean
  keys(): Iterable<string>
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
    own,
  } = options
  let position = options.after
  let failures = 0
  let reportedHole = 0
  const hint = createHint()
  /** Whether the log may have more than this process knows of by itself. */
  let isDue = true
  const stopListening = listener.on('log', (said) => {
    if (isRead(said, partition, position)) return
    isDue = true
    hint.give()
  })
  const stopFollowing = own?.follow(hint.give)
  try {
    while (!signal.aborted) {
      const appended = own?.takeBehind(position) ?? []
      if (appended.length > 0) {
        const events = appended.flatMap((each) => recordedOf(partition, each, withDataOf))
        position += events.length
        yield events
        continue
      }
      if (!isDue && own?.next === undefined) {
        if (!(await hint.wait(pollMs, signal))) isDue = true
        continue
      }
      isDue = false
      let page: LogPage
      try {
        const wanted: PageOfPartition = {
          partition,
          after: position,
          limit: own?.next === undefined ? limit : Math.min(limit, own.next - position - 1),
          types,
          streamTypes,
        }
        page = await readAll(
          database,
          withDataOf === undefined ? wanted : { ...wanted, withDataOf: [...withDataOf.keys()] },
        )
        failures = 0
      } catch (error) {
        if (!isAway(error)) onFault(error)
        failures++
        isDue = true
        await hint.wait(backoffMs(failures, waits, Math.random), signal)
        continue
      }
      if (page.hole !== undefined && page.hole !== reportedHole) {
        reportedHole = page.hole
        onHole(page.hole)
      }
      if (page.upTo === position) {
        if (position > 0 && onRewound !== undefined) await lookForEnd(position)
        if (!(await hint.wait(pollMs, signal))) isDue = true
        continue
      }
      position = page.upTo
      isDue = true
      if (page.events.length > 0) yield page.events
    }
  } finally {
    stopListening()
    stopFollowing?.()
  }

  async function lookForEnd(read: number): Promise<void> {
    const head = await readHead(database, partition).catch(() => read)
    if (head < read) onRewound?.(head)
  }
}

/** Whether a hint tells of nothing new: it says the partition and, mostly, how far it goes. */
function isRead(said: string | undefined, partition: number, position: number): boolean {
  if (said === undefined) return false
  const [of, head] = said.split(' ')
  return Number(of) !== partition || (head !== undefined && Number(head) <= position)
}

function recordedOf(
  partition: number,
  { entry, firstVersion, firstPosition, recordedAt }: OwnEvents,
  withDataOf: StreamIds | undefined,
): RecordedEvent[] {
  const { streamId } = entry
  const hasData = withDataOf?.has(streamId) ?? true
  return entry.events.map(({ eventId, type, schemaVersion, data }, index) => ({
    partition,
    position: firstPosition + index,
    streamId,
    version: firstVersion + index,
    eventId,
    type,
    schemaVersion,
    recordedAt,
    data: hasData ? JSON.parse(data) : null,
    metadata: null,
  }))
}

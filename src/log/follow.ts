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
  /** Whether somebody goes on with their traces. */
  readonly traced?: boolean | undefined
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
    traced,
  } = options
  let position = options.after
  let failures = 0
  let reportedHole = 0
  let isPoll = true
  let pollAt = 0
  const hint = createHint()
  /** Whether the log may have more than this process knows of by itself. */
  let isDue = true
  /** Up to where it goes, as a hint told; whether it is news is seen when the commit is done that was then under way here. */
  let told = { head: 0, during: 0 }
  const stopListening = listener.on('log', (said) => {
    const head = headOf(said, partition)
    if (head === undefined) return
    if (head === 'unknown') isDue = true
    else if (head <= position) return
    else told = { head: Math.max(head, told.head), during: own?.begun ?? 0 }
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
      const isNews = told.head > position && told.during <= (own?.done ?? 0)
      if (!isDue && !isNews && own?.next === undefined) {
        await hint.wait(Math.max(0, pollAt - performance.now()), signal)
        isPoll = performance.now() >= pollAt
        isDue ||= isPoll
        continue
      }
      isDue = false
      pollAt = performance.now() + pollMs
      const before = told
      let page: LogPage
      try {
        const wanted: PageOfPartition = {
          partition,
          after: position,
          limit: own?.next === undefined ? limit : Math.min(limit, own.next - position - 1),
          types,
          streamTypes,
          traced,
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
        // What was told of is not there, or not any more.
        if (told === before) told = { head: 0, during: 0 }
        if (isPoll && position > 0 && onRewound !== undefined) await lookForEnd(position)
        isPoll = false
        // What is between is not there, which cannot be.
        if (own?.next !== undefined) await hint.wait(pollMs, signal)
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

/** How far a hint says that the partition goes, as far as it says so; undefined where it is about another one. */
function headOf(said: string | undefined, partition: number): number | 'unknown' | undefined {
  const [of, head] = said?.split(' ') ?? []
  if (of !== undefined && Number(of) !== partition) return undefined
  return head === undefined ? 'unknown' : Number(head)
}

function recordedOf(
  partition: number,
  { entry, firstVersion, firstPosition, recordedAt }: OwnEvents,
  withDataOf: StreamIds | undefined,
): RecordedEvent[] {
  const { streamId } = entry
  const hasData = withDataOf?.has(streamId) ?? true
  return entry.events.map(({ eventId, type, schemaVersion, data, traceparent }, index) => ({
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
    traceparent,
  }))
}

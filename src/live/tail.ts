/**
 * The tail: this process's one look at what is new in the log. Each event is read once; with its data only where its
 * ride is watched here. It hands them to the feeds (`feed.ts`), tells the live map which rides moved (`live-rides.ts`),
 * and tells the command side which states it keeps have grown old.
 */
import { sql } from '@databases/pg'
import { follow } from '#log/follow.ts'
import type { Listener } from '#log/listener.ts'
import type { Log } from '#log/log.ts'
import type { RecordedEvent } from '#log/read.ts'
import { readHead } from '#log/read-all.ts'

export interface TailOptions {
  readonly log: Log
  readonly listener: Listener
  readonly signal: AbortSignal
  readonly onHole: (hole: { partition: number; position: number }) => void
  readonly onFault: (error: unknown) => void
  /** The log ends before what was read of it: it was restored to an earlier point. */
  readonly onRewound?: () => void
  /** Whether somebody goes on with the traces of what it tells. */
  readonly traced?: boolean
}

export interface Tail {
  /** Called with every new event; `data` is null where the stream was not watched when it was read. */
  onEvent(hear: (event: RecordedEvent) => void): void
  watch(streamId: string): void
  unwatch(streamId: string): void
  /** Those of the given streams that have ended in a tombstone, as the log knows at once. */
  gone(streamIds: readonly string[]): Promise<ReadonlySet<string>>
  /** Follows all partitions from the heads found when it was opened, until `signal` aborts. */
  run(): Promise<void>
}

/** Finds the heads first: whoever reads the log after this and is then told what comes misses nothing between. */
export async function openTail({
  log,
  listener,
  signal,
  onHole,
  onFault,
  onRewound,
  traced,
}: TailOptions): Promise<Tail> {
  const partitions = Array.from({ length: log.partitions }, (_, partition) => partition)
  const heads = await Promise.all(partitions.map((partition) => readHead(log.database, partition)))
  const hearers = new Set<(event: RecordedEvent) => void>()
  const watched = new Map<string, number>()

  async function run(partition: number): Promise<void> {
    const after = heads[partition] ?? 0
    const batches = follow({
      database: log.database,
      listener,
      partition,
      after,
      signal,
      onHole: (position) => onHole({ partition, position }),
      onFault,
      ...(onRewound === undefined ? {} : { onRewound }),
      withDataOf: watched,
      own: log.own(partition),
      traced,
    })
    for await (const batch of batches) {
      for (const event of batch) for (const hear of hearers) hear(event)
    }
  }

  return {
    onEvent: (hear) => hearers.add(hear),
    watch: (streamId) => watched.set(streamId, (watched.get(streamId) ?? 0) + 1),
    unwatch(streamId) {
      const left = (watched.get(streamId) ?? 0) - 1
      if (left > 0) watched.set(streamId, left)
      else watched.delete(streamId)
    },
    async gone(streamIds) {
      if (streamIds.length === 0) return new Set()
      const rows: { stream_id: string }[] = await log.database.query(sql`
        select stream_id from streams
         where partition = any(${[...new Set(streamIds.map(log.partitionOf))]}::smallint[])
           and stream_id = any(${streamIds}::uuid[]) and deleted`)
      return new Set(rows.map((row) => row.stream_id))
    },
    async run() {
      await Promise.all(partitions.map(run))
    },
  }
}

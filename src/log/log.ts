/**
 * The log: events in streams, streams in partitions, each partition totally ordered and without holes. Start here:
 * `append.ts` writes and `group-commit.ts` gathers what is written together; `read.ts` reads, `follow.ts` waits for more
 * (woken by `listener.ts`); `commands.ts` decides, chains (`chain.ts`) and retries exactly; `cursor.ts` names a place to go
 * on from. Nothing here knows of rides.
 */
import { createHmac } from 'node:crypto'
import { type ConnectionPool, sql } from '@databases/pg'
import { DatabaseUnavailable, isUnavailable } from '#database/faults.ts'
import type { AppendEntry, AppendResult } from './append.ts'
import { type CommitHearer, openAppender } from './group-commit.ts'
import type { OwnAppends } from './own-events.ts'

export interface LogIdentity {
  /** Which log this is; cursors carry it, so that one of another log is recognised. Throws once it is known to be another. */
  readonly incarnation: string
  readonly partitions: number
}

export interface Log extends LogIdentity {
  readonly database: ConnectionPool
  /**
   * Looks again which incarnation it is: what was restored, or taken over by a replica, is another one. Nothing that is known
   * of this one is known of that: nothing is appended to it, and no cursor is read or written.
   */
  recognise(): Promise<void>
  /** Something hints that it may be another one now: nothing is appended before that is known. */
  doubt(): void
  partitionOf(streamId: string): number
  append(entry: AppendEntry): Promise<AppendResult>
  /** What this process appends to a partition, for the one in it that follows. */
  own(partition: number): OwnAppends
  /** What waits to be appended, in bytes. */
  waitingBytes(): number
  /** Hex of 16 bytes, keyed by the log: tells a command sent again from another one with the same id. */
  hash(content: string): string
  /** Waits for the commits under way. */
  close(): Promise<void>
}

export interface LogOptions extends CommitHearer {
  /** It is another incarnation than the one that was opened. Who goes on must open that one, and forget all that he knows. */
  readonly onAnother?: () => void
  /** Asked once for each partition: over which connection it is appended to. Over the log's where left out. */
  readonly lane?: () => ConnectionPool
}

export async function openLog(database: ConnectionPool, options: LogOptions = {}): Promise<Log> {
  const { onAnother, lane = () => database, onCommit, tracing } = options
  const [identity] = await database.query(sql`
    select recognise_log() as incarnation, partitions, hash_key from log_identity`)
  if (identity === undefined) throw new Error('The log has not been made yet: run the migrations first.')
  const {
    incarnation,
    partitions,
    hash_key: hashKey,
  } = identity as Record<'incarnation' | 'hash_key', string> & {
    partitions: number
  }
  let isAnother = false
  /** How often it was doubted, and how many of these are settled. */
  let doubts = 0
  let settled = 0
  let looking: Promise<void> | undefined
  const appenders = Array.from({ length: partitions }, (_, partition) =>
    openAppender({ database: lane(), partition, hintInside: partitions === 1, onCommit, tracing }),
  )
  function partitionOf(streamId: string): number {
    return Number.parseInt(streamId.slice(-4), 16) % partitions
  }
  async function recognise(): Promise<void> {
    const asked = doubts
    const [row] = await database.query(sql`select recognise_log() as incarnation`)
    settled = Math.max(settled, asked)
    if (row.incarnation === incarnation || isAnother) return
    isAnother = true
    onAnother?.()
  }

  /** All who wait ask once. */
  async function settle(): Promise<void> {
    while (settled < doubts && !isAnother) {
      looking ??= recognise().finally(() => {
        looking = undefined
      })
      await looking
    }
  }

  async function appendSettled(entry: AppendEntry): Promise<AppendResult> {
    try {
      await settle()
    } catch (error) {
      if (isUnavailable(error)) return { outcome: 'unavailable' }
      throw error
    }
    return isAnother ? { outcome: 'unavailable' } : send(entry)
  }

  function send(entry: AppendEntry): Promise<AppendResult> {
    return appenders[partitionOf(entry.streamId)]!.append(entry)
  }

  return {
    database,
    get incarnation() {
      if (isAnother) throw new DatabaseUnavailable('The log is another one now')
      return incarnation
    },
    partitions,
    recognise,
    doubt() {
      doubts++
    },
    partitionOf,
    own: (partition) => appenders[partition]!.own,
    waitingBytes: () => appenders.reduce((bytes, appender) => bytes + appender.waitingBytes(), 0),
    append: (entry) => (isAnother || settled < doubts ? appendSettled(entry) : send(entry)),
    hash(content) {
      return createHmac('sha256', hashKey).update(content).digest('hex').slice(0, 32)
    },
    async close() {
      await Promise.all(appenders.map((appender) => appender.close()))
    },
  }
}

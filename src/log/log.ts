/**
 * The log: events in streams, streams in partitions, each partition totally ordered and without holes. Start here:
 * `append.ts` writes and `group-commit.ts` gathers what is written together; `read.ts` reads, `follow.ts` waits for more
 * (woken by `listener.ts`); `commands.ts` decides, chains (`chain.ts`) and retries exactly; `cursor.ts` names a place to go
 * on from. Nothing here knows of rides.
 */
import { createHmac } from 'node:crypto'
import { type ConnectionPool, sql } from '@databases/pg'
import type { AppendEntry, AppendResult } from './append.ts'
import { openAppender } from './group-commit.ts'

export interface LogIdentity {
  /** Which log this is; cursors carry it, so that one of another log is recognised. */
  readonly incarnation: string
  readonly partitions: number
}

export interface Log extends LogIdentity {
  readonly database: ConnectionPool
  /** Looks again which incarnation it is: what was restored, or taken over by a replica, is another one. */
  recognise(): Promise<void>
  partitionOf(streamId: string): number
  append(entry: AppendEntry): Promise<AppendResult>
  /** Hex of 16 bytes, keyed by the log: tells a command sent again from another one with the same id. */
  hash(content: string): string
  /** Waits for the commits under way. */
  close(): Promise<void>
}

export async function openLog(database: ConnectionPool): Promise<Log> {
  const [identity] = await database.query(sql`
    select recognise_log() as incarnation, partitions, hash_key from log_identity`)
  if (identity === undefined) throw new Error('The log has not been made yet: run the migrations first.')
  const { partitions, hash_key: hashKey } = identity as { partitions: number; hash_key: string }
  let { incarnation } = identity as { incarnation: string }
  const appenders = Array.from({ length: partitions }, (_, partition) =>
    openAppender({ database, partition, hintInside: partitions === 1 }),
  )
  function partitionOf(streamId: string): number {
    return Number.parseInt(streamId.slice(-4), 16) % partitions
  }
  return {
    database,
    get incarnation() {
      return incarnation
    },
    partitions,
    async recognise() {
      const [row] = await database.query(sql`select recognise_log() as incarnation`)
      incarnation = row.incarnation
    },
    partitionOf,
    append(entry) {
      return appenders[partitionOf(entry.streamId)]!.append(entry)
    },
    hash(content) {
      return createHmac('sha256', hashKey).update(content).digest('hex').slice(0, 32)
    },
    async close() {
      await Promise.all(appenders.map((appender) => appender.close()))
    },
  }
}

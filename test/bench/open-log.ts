/** A log of the run's own process, in an empty database. */
import type { ConnectionPool } from '@databases/pg'
import { openDatabase } from '#database/database.ts'
import { migrate } from '#database/migrate.ts'
import { type Log, openLog } from '#log/log.ts'

export interface BenchLog extends AsyncDisposable {
  readonly url: string
  readonly log: Log
  /** For what takes longer than anybody would wait for. */
  readonly work: ConnectionPool
}

export async function openBenchLog(url: string): Promise<BenchLog> {
  const migrated = await migrate({ url, partitions: 1 })
  if (migrated.outcome === 'refused') throw new Error(migrated.reason)
  const database = openDatabase({ url, onConnectionLost: console.error })
  const log = await openLog(database.write)
  return {
    url,
    log,
    work: database.work(new AbortController().signal),
    async [Symbol.asyncDispose]() {
      await log.close()
      await database.close()
    },
  }
}

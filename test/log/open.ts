/** A log on an empty database, with its migrations run. */
import { openDatabase } from '#database/database.ts'
import { migrate } from '#database/migrate.ts'
import type { NewEvent } from '#log/append.ts'
import { type Log, openLog } from '#log/log.ts'
import type { ReadTables } from '#projections/tables.ts'
import { freshDatabase } from '../support/database.ts'

export interface OpenedLog extends AsyncDisposable {
  readonly url: string
  readonly kind: 'embedded' | 'postgres'
  readonly log: Log
  readonly read: ReturnType<typeof openDatabase<ReadTables>>['read']
  /** The same log as another process would open it. */
  another(): Promise<Log>
}

export async function openFreshLog({ partitions = 1 }: { partitions?: number } = {}): Promise<OpenedLog> {
  const fresh = await freshDatabase()
  const { url, kind } = fresh
  const outcome = await migrate({ url, partitions })
  if (outcome.outcome === 'refused') throw new Error(outcome.reason)
  const opened: { close(): Promise<void> }[] = []
  async function open() {
    const database = openDatabase<ReadTables>({ url, onConnectionLost: () => undefined })
    const log = await openLog(database.write)
    opened.push({ close: () => log.close().then(database.close) })
    return { database, log }
  }
  const { database, log } = await open()
  return {
    url,
    kind,
    log,
    read: database.read,
    another: async () => (await open()).log,
    async [Symbol.asyncDispose]() {
      for (const each of opened) await each.close()
      await fresh[Symbol.asyncDispose]()
    },
  }
}

let made = 0
/** An event that nothing is known of but its id. */
export function event(eventId: string, data: unknown = { made: ++made }): NewEvent {
  return {
    eventId,
    type: 'Happened',
    schemaVersion: 1,
    contentHash: '',
    data: JSON.stringify(data),
    metadata: null,
  }
}

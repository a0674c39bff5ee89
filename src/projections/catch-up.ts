/** Tells how a projection that is far behind comes on, now and then. */
import type { ConnectionPool } from '@databases/pg'
import { readHead } from '#log/read-all.ts'
import type { CheckpointName } from './checkpoint.ts'
import type { Batch } from './runner.ts'

export interface CatchUp extends CheckpointName {
  readonly position: number
  readonly head: number
  /** Of the log's events, passed since the last time. */
  readonly eventsPerSecond: number
}

export interface CatchUpOptions {
  readonly database: ConnectionPool
  /** Milliseconds, from anywhere. */
  readonly now: () => number
  readonly tell: (catchUp: CatchUp) => void
  readonly everyMs?: number
}

/** For a runner's `onBatch`. Says nothing of one that is done within `everyMs`. */
export function tellCatchUp({ database, now, tell, everyMs = 10_000 }: CatchUpOptions) {
  const since = new Map<string, { at: number; position: number }>()
  return async (who: CheckpointName, { upTo: position, hasMore }: Batch): Promise<void> => {
    const key = `${who.projection} ${who.version} ${who.partition}`
    const before = since.get(key)
    if (!hasMore) {
      since.delete(key)
      return
    }
    const at = now()
    if (before === undefined) since.set(key, { at, position })
    else if (at - before.at >= everyMs) {
      since.set(key, { at, position })
      const head = await readHead(database, who.partition)
      tell({
        ...who,
        position,
        head,
        eventsPerSecond: ((position - before.position) * 1000) / (at - before.at),
      })
    }
  }
}

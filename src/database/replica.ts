/** A replica for queries, before anything is asked of it: it may be behind the migration that has just run. */
import { setTimeout as pause } from 'node:timers/promises'
import { backoffMs } from './backoff.ts'
import { migratedTo } from './migrate.ts'
import type { Standing } from './served-programs.ts'

export interface ReplicaOptions {
  readonly url: string
  readonly random: () => number
  readonly signal: AbortSignal
  /** Hears, once, that it is waited for. */
  readonly onWaiting: () => void
  /** What it may be behind without anything being wrong with it. */
  readonly patienceMs?: number
}

/** A replica follows within a second, or is not to be relied on; one that is started with us takes a few. */
const ordinaryPatienceMs = 30_000
const attempts = { firstMs: 100, longestMs: 3_000 }

/** Resolves as soon as the replica has this version's tables; throws a sentence for the terminal where it does not get them. */
export async function replicaFollows(options: ReplicaOptions): Promise<void> {
  const { url, random, signal, onWaiting, patienceMs = ordinaryPatienceMs } = options
  const giveUpAt = performance.now() + patienceMs
  for (let attempt = 1; ; attempt++) {
    const seen = await look(url)
    if (!(seen instanceof Error) && (seen.to === 'this version' || seen.to === 'newer')) return
    signal.throwIfAborted()
    if (performance.now() >= giveUpAt) throw new Error(complaintOf(seen))
    if (attempt === 1) onWaiting()
    await pause(backoffMs(attempt, attempts, random), undefined, { signal })
  }
}

function look(url: string): Promise<Standing | Error> {
  return migratedTo(url).catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  )
}

function complaintOf(seen: Standing | Error): string {
  if (seen instanceof Error) {
    const reason = seen.message || ('code' in seen ? String(seen.code) : seen.name)
    return `The replica at DATABASE_READ_URL does not answer as it should: ${reason}. Start it or set DATABASE_READ_URL right; leave it unset to query the database at DATABASE_URL.`
  }
  return 'The replica at DATABASE_READ_URL does not have the tables that the database at DATABASE_URL has: it is not a replica of that, or far behind. Mend it, or leave DATABASE_READ_URL unset to query the database at DATABASE_URL.'
}

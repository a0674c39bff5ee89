/** Whether the database has connections for all processes that are to work on it. */
import type { Config } from '#config.ts'
import { readConnections, writeConnections } from '#database/database.ts'
import { accountConnections } from '#identity/accounts.ts'
import { queueConnections } from '#webhooks/queue.ts'
import { type Finding, findingsAbout } from './finding.ts'

/** One that listens for notifications; and now and then one that looks whether the database is there, migrates or vacuums. */
const listening = 1
const passing = 1

/** How many connections one process opens, at most. `read` go to the replica where there is one. */
export function connectionsOf(
  { role, signIn, databaseReadUrl }: Pick<Config, 'role' | 'signIn' | 'databaseReadUrl'>,
  partitions: number,
): { readonly primary: number; readonly replica: number } {
  const others =
    (role === 'api' ? 0 : queueConnections) +
    (role === 'worker' || signIn === undefined ? 0 : accountConnections)
  // Each partition is appended to over a connection of its own.
  const primary = writeConnections + partitions + listening + passing + others
  return databaseReadUrl === undefined
    ? { primary: primary + readConnections, replica: 0 }
    : { primary, replica: readConnections }
}

export interface ConnectionFacts {
  readonly max: number
  /** Kept for superusers and others with a right to them. */
  readonly reserved: number
  /** In use now by whoever is not Slipstream. */
  readonly others: number
}

export function judgeConnections(
  about: string,
  { each, processes }: { readonly each: number; readonly processes: number },
  { max, reserved, others }: ConnectionFacts,
): Finding {
  const { good, doubtful, wrong } = findingsAbout(about)
  const free = max - reserved - others
  const fit = Math.max(0, Math.floor(free / each))
  const needed = each * processes
  const many = processes === 1 ? 'One process' : `${processes} processes`
  const says = `${many} of this configuration may open ${needed} connections; max_connections=${max} leaves ${free}, so that ${fit} fit.`
  const enough = `Set max_connections to ${reserved + others + needed + each} or more and restart PostgreSQL, or start fewer processes.`
  if (needed > free) return wrong(says, enough)
  if (needed + each > free) {
    return doubtful(`${says} There is no room for one more, as while a process is replaced.`, enough)
  }
  return good(says)
}

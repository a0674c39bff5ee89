/** The replica at DATABASE_READ_URL: whether it is one, of the same log, and how far it is behind. */
import { type Finding, findingsAbout } from './finding.ts'
import type { ServerFacts } from './server-facts.ts'

export const replicaAbout = 'Replica'

const { good, doubtful, wrong } = findingsAbout(replicaAbout)
const mostBehindEvents = 1_000

export function judgeReplica(primary: ServerFacts, replica: ServerFacts): Finding[] {
  if (primary.log === null) return []
  const todo = 'Set DATABASE_READ_URL to a replica of DATABASE_URL, or leave it unset.'
  if (replica.log?.incarnation !== primary.log.incarnation) {
    return [wrong('It does not have the log that DATABASE_URL has.', todo)]
  }
  if (!replica.isStandby) {
    return [doubtful('It has the same log and is no standby: it may be DATABASE_URL once more.', todo)]
  }
  const behind = Math.max(0, primary.log.events - replica.log.events)
  if (behind > mostBehindEvents) {
    return [
      doubtful(
        `It is ${behind.toLocaleString('en')} events behind.`,
        'Look whether it still receives (pg_stat_replication on the primary) and whether long queries hold it up.',
      ),
    ]
  }
  return [good(behind === 0 ? 'It follows, and has all events.' : `It follows, ${behind} events behind.`)]
}

export function judgeUnreachable(about: string, variable: string, reason: string): Finding {
  return findingsAbout(about).wrong(
    `The database at ${variable} cannot be looked at: ${reason}`,
    `Start it, or set ${variable} right.`,
  )
}

/** Settings of a PostgreSQL server that Slipstream runs into sooner or later. */
import { type Finding, findingsAbout } from './finding.ts'
import type { ServerFacts } from './server-facts.ts'
import { sizeText } from './size.ts'

const { good, doubtful, wrong } = findingsAbout('Settings of the database')

const blockBytes = 8 * 1024
const leastBuffers = 128 * 1024 * 1024
/** Changing a large table, or reading one through. */
const longStatementMs = 60_000
const leastLocks = 64

export function judgeUpkeep({ settings }: ServerFacts): Finding[] {
  const number = (name: string) => Number(settings.get(name) ?? 0)
  const findings: Finding[] = []
  if (settings.get('autovacuum') === 'off' || settings.get('track_counts') === 'off') {
    findings.push(
      wrong(
        'autovacuum or track_counts is off: tables grow without end, and in the end nothing can be written.',
        'Set autovacuum = on and track_counts = on, then reload PostgreSQL.',
      ),
    )
  }
  const buffers = number('shared_buffers') * blockBytes
  if (buffers < leastBuffers) {
    findings.push(
      doubtful(
        `shared_buffers is ${sizeText(buffers)}, which is little.`,
        "Set it to a quarter of its machine's memory, then restart PostgreSQL.",
      ),
    )
  }
  for (const name of ['statement_timeout', 'transaction_timeout']) {
    const limit = number(name)
    if (limit === 0 || limit >= longStatementMs) continue
    findings.push(
      doubtful(
        `${name} is ${limit / 1_000} s: migrations and rebuilds may take longer and be ended.`,
        `Set ${name} = 0 for Slipstream's user; it sets limits of its own.`,
      ),
    )
  }
  if (number('idle_session_timeout') > 0) {
    findings.push(
      doubtful(
        'idle_session_timeout ends connections that only listen, again and again.',
        "Set idle_session_timeout = 0 for Slipstream's user.",
      ),
    )
  }
  if (number('max_locks_per_transaction') < leastLocks) {
    findings.push(
      doubtful(
        `max_locks_per_transaction is ${number('max_locks_per_transaction')}: a migration or backup may run out of locks.`,
        `Set it to ${leastLocks} or more, then restart PostgreSQL.`,
      ),
    )
  }
  if (findings.length > 0) return findings
  const jit =
    settings.get('jit') === 'on' ? ' jit may stay on: Slipstream turns it off where it is in the way.' : ''
  return [
    good(`autovacuum is on, shared_buffers is ${sizeText(buffers)}, and no time-out is in the way.${jit}`),
  ]
}

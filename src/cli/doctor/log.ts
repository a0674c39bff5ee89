/** How the log stands, and the tables made from it. */
import type { Standing } from '#database/served-programs.ts'
import type { ProjectionStatus } from '#projections/administration.ts'
import { type Finding, findingsAbout } from './finding.ts'

const tables = findingsAbout('Tables')
const { good, doubtful } = findingsAbout('Log and projections')

export function judgeStanding(standing: Standing): Finding {
  switch (standing.to) {
    case 'none':
      return tables.doubtful('There are no tables yet.', 'The first start makes them: npm start')
    case 'older':
      return tables.doubtful(
        'The tables are of an older version.',
        'The next start of this version brings them up to it; make a backup before.',
      )
    case 'newer':
      return tables.good(
        `The tables are of a newer version (${standing.newest}), which this one works beside.`,
      )
    case 'too new':
      return tables.wrong(
        'The tables are of a newer version, with which this one must not work.',
        standing.reason,
      )
    case 'this version':
      return tables.good('The tables are of this version.')
    default:
      return standing satisfies never
  }
}

/** Workers come past an event within milliseconds; a minute is no hurry that passes. */
const longBehindMs = 60_000

export function judgeProjections(
  statuses: readonly ProjectionStatus[],
  { events, partitions, now }: { readonly events: number; readonly partitions: number; readonly now: number },
): Finding[] {
  const counted = `${events.toLocaleString('en')} event${events === 1 ? '' : 's'} in ${partitions} partition${partitions === 1 ? '' : 's'}`
  const findings: Finding[] = [good(`The log has ${counted}.`)]
  for (const { projection, version, state, parkedRides, partitions: places } of statuses) {
    if (state === 'retired') continue
    const name = state === 'building' ? `${projection} (version ${version}, being built)` : projection
    const behind = places.reduce((sum, { position, head }) => sum + head - position, 0)
    const since = Math.min(...places.map(({ behindSince }) => behindSince ?? now))
    if (parkedRides > 0) {
      findings.push(
        doubtful(
          `${name}: ${parkedRides} ride${parkedRides === 1 ? ' is' : 's are'} parked, whose events could not be applied.`,
          'See why: npm run projections -- parked',
        ),
      )
    }
    if (behind > 0 && now - since > longBehindMs && state === 'serving') {
      findings.push(
        doubtful(
          `${name}: ${behind.toLocaleString('en')} events behind, since ${new Date(since).toISOString()}.`,
          'Start a worker (ROLE all or worker), or look into its log why it does not come on.',
        ),
      )
    } else if (parkedRides === 0) {
      findings.push(
        good(
          behind === 0 ? `${name}: up to date.` : `${name}: ${behind.toLocaleString('en')} events behind.`,
        ),
      )
    }
  }
  return findings
}

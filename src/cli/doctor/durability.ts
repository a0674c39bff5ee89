/** By its settings: whether a PostgreSQL server keeps what it has confirmed, and can be brought back to any moment. */
import { type Finding, findingsAbout } from './finding.ts'
import type { ServerFacts } from './server-facts.ts'

const { good, doubtful, wrong } = findingsAbout('Durability')

export function judgeDurability({ settings, archiveFailingSince }: ServerFacts): Finding[] {
  return [...judgeCommits(settings), judgeArchive(settings, archiveFailingSince)]
}

function judgeCommits(settings: ReadonlyMap<string, string>): Finding[] {
  const findings: Finding[] = []
  if (settings.get('fsync') === 'off') {
    findings.push(
      wrong(
        'fsync is off: a power cut may destroy the whole database.',
        'Set fsync = on, then reload PostgreSQL.',
      ),
    )
  }
  if (settings.get('full_page_writes') === 'off') {
    findings.push(
      wrong(
        'full_page_writes is off: a power cut may leave pages half written, which nothing mends.',
        'Set full_page_writes = on, then reload PostgreSQL.',
      ),
    )
  }
  if (settings.get('synchronous_commit') === 'off') {
    findings.push(
      wrong(
        'synchronous_commit is off: what a rider was told is recorded may be gone after a crash.',
        'Set synchronous_commit = on, then reload PostgreSQL.',
      ),
    )
  }
  if (findings.length > 0) return findings
  return [good('What is confirmed is on the disk: fsync, full_page_writes and synchronous_commit are on.')]
}

function judgeArchive(settings: ReadonlyMap<string, string>, failingSince: Date | null): Finding {
  const archiving =
    'Set archive_mode = on and archive_command (pgBackRest and WAL-G bring one), then restart PostgreSQL; or rely on a host that does it.'
  const wal = settings.get('wal_level')
  if (wal === 'minimal') {
    return doubtful(
      'wal_level is minimal: neither a base backup nor a replica can be made while it runs.',
      'Set wal_level = replica, then restart PostgreSQL.',
    )
  }
  if (settings.get('archive_mode') === 'off') {
    return doubtful(
      'archive_mode is off: after a loss it can be brought back to the last backup only, not to the last moment.',
      archiving,
    )
  }
  if (!settings.get('archive_command') && !settings.get('archive_library')) {
    return doubtful(
      'archive_mode is on, and nothing says how to archive: the log of writes piles up.',
      archiving,
    )
  }
  if (failingSince !== null) {
    return wrong(
      `Archiving fails (last at ${failingSince.toISOString()}): the log of writes piles up until the disk is full.`,
      'Look into the log of PostgreSQL why archive_command fails.',
    )
  }
  return good('It archives: it can be brought back to any moment behind a base backup.')
}

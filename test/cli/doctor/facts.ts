/** A PostgreSQL of which nothing is wrong, and what a test says is different of it. */
import type { ServerFacts } from '#cli/doctor/server-facts.ts'

const sound: Readonly<Record<string, string>> = {
  max_connections: '100',
  superuser_reserved_connections: '3',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  wal_level: 'replica',
  archive_mode: 'on',
  archive_command: 'pgbackrest archive-push %p',
  autovacuum: 'on',
  track_counts: 'on',
  shared_buffers: '131072',
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  idle_session_timeout: '0',
  max_locks_per_transaction: '64',
  jit: 'on',
}

export function facts(
  settings: Readonly<Record<string, string>> = {},
  others: Partial<ServerFacts> = {},
): ServerFacts {
  return {
    version: 150_004,
    settings: new Map(Object.entries({ ...sound, ...settings })),
    postgis: { installed: '3.3.2', available: '3.3.2' },
    rights: { mayEnablePostgis: true, mayCreate: true, mayQueue: true, mayAppend: true },
    connections: { own: 0, others: 0 },
    bytes: 1_000_000,
    isStandby: false,
    archiveFailingSince: null,
    log: { incarnation: 'this', partitions: 1, events: 1_000 },
    clock: { before: 1_000, there: 1_002, after: 1_004 },
    ...others,
  }
}

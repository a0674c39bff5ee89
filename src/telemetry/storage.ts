/** The database as this process finds it. */
import { Counter, Gauge, type Registry } from 'prom-client'

export interface Storage {
  /** As it is when Prometheus asks. */
  watch(look: () => StorageNow): void
  /** What the database says of itself; undefined: it could not be asked. */
  vitals(vitals: Vitals | undefined): void
}

export interface StorageNow {
  readonly isAvailable: boolean
  /** Statements and transactions that wait for their answer, by what they are for. */
  readonly underWay: Readonly<Record<string, number>>
  /** Of the pool that queries read by: connections that are open, and requests that wait for one. */
  readonly reading: { readonly open: number; readonly idle: number; readonly waiting: number }
}

/** What the database says of itself. Sizes in bytes, times in seconds; counts are since its statistics were last reset. */
export interface DatabaseVitals {
  readonly sizeBytes: number
  /** To the server, of all its clients. */
  readonly connections: number
  readonly maxConnections: number
  readonly oldestTransactionSeconds: number
  readonly waitingForLocks: number
  readonly transactionsCommitted: number
  readonly transactionsRolledBack: number
  readonly blocksRead: number
  readonly blocksHit: number
  readonly temporaryBytes: number
  readonly deadlocks: number
  readonly deadRows: number
  /** Whether the newest attempt to archive the write-ahead log failed; false where nothing is archived. */
  readonly isArchivingFailing: boolean
}

export interface Vitals extends DatabaseVitals {
  /** How far the clock of this machine is ahead of the database's. */
  readonly clockAheadSeconds: number
  /** Undefined where queries are not read from a replica. */
  readonly replicaLagSeconds: number | undefined
  readonly webhooksOverdue: number
}

export function storageMetrics(registry: Registry): Storage {
  const registers = [registry]
  let look: () => StorageNow = () => ({
    isAvailable: true,
    underWay: {},
    reading: { open: 0, idle: 0, waiting: 0 },
  })
  new Gauge({
    name: 'slipstream_database_available',
    help: '1 while the database answers, 0 while it is away or in doubt.',
    registers,
    collect() {
      this.set(look().isAvailable ? 1 : 0)
    },
  })
  new Gauge({
    name: 'slipstream_database_calls_under_way',
    help: 'Statements and transactions that wait for their answer, by the pool.',
    labelNames: ['pool'],
    registers,
    collect() {
      for (const [pool, count] of Object.entries(look().underWay)) this.set({ pool }, count)
    },
  })
  new Gauge({
    name: 'slipstream_database_read_connections',
    help: 'Connections that queries read by, and those that wait for one.',
    labelNames: ['state'],
    registers,
    collect() {
      const { open, idle, waiting } = look().reading
      this.set({ state: 'used' }, open - idle)
      this.set({ state: 'idle' }, idle)
      this.set({ state: 'waiting' }, waiting)
    },
  })
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `slipstream_database_${name}`, help, registers })
  const answered = gauge('vitals_answered', '1 where the database could be asked how it is, else 0.')
  const gauges = {
    sizeBytes: gauge('size_bytes', 'Of the whole database, with its indexes.'),
    connections: gauge('connections', 'Connections to the server, of all its clients.'),
    maxConnections: gauge('max_connections', 'How many connections the server takes.'),
    oldestTransactionSeconds: gauge(
      'oldest_transaction_seconds',
      'How long the oldest open transaction has been open, of this user or, with pg_monitor, of all. What it may still see cannot be cleared away.',
    ),
    waitingForLocks: gauge('waiting_for_locks', 'Connections that wait for a lock of another one.'),
    deadRows: gauge('dead_rows', 'Rows that wait to be cleared away, about.'),
    clockAheadSeconds: gauge(
      'clock_ahead_seconds',
      "How far this machine's clock is ahead of the database's; negative where it is behind.",
    ),
    replicaLagSeconds: gauge('replica_lag_seconds', 'How far the replica that queries read from is behind.'),
    isArchivingFailing: gauge(
      'archiving_failing',
      '1 where the write-ahead log could not be archived the last time that it was tried, else 0.',
    ),
    webhooksOverdue: gauge(
      'webhooks_overdue',
      'Webhooks that should have been sent a minute ago, at most a thousand of them.',
    ),
  }
  const counter = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Counter({ name: `slipstream_database_${name}`, help, labelNames, registers })
  const transactions = counter('transactions_total', 'Transactions of the database, by how they ended.', [
    'outcome',
  ])
  const blocks = counter('blocks_total', 'Blocks that were read, by where they were found.', ['found'])
  const temporary = counter('temporary_bytes_total', 'What statements wrote to temporary files.')
  const deadlocks = counter(
    'deadlocks_total',
    'Transactions that were ended because they waited for each other.',
  )
  const counters = {
    transactionsCommitted: (more: number) => transactions.inc({ outcome: 'committed' }, more),
    transactionsRolledBack: (more: number) => transactions.inc({ outcome: 'rolled back' }, more),
    blocksHit: (more: number) => blocks.inc({ found: 'in memory' }, more),
    blocksRead: (more: number) => blocks.inc({ found: 'outside' }, more),
    temporaryBytes: (more: number) => temporary.inc(more),
    deadlocks: (more: number) => deadlocks.inc(more),
  } as const
  const before = new Map<string, number>()
  return {
    watch(looking) {
      look = looking
    },
    vitals(vitals) {
      answered.set(vitals === undefined ? 0 : 1)
      if (vitals === undefined) return
      for (const [name, one] of Object.entries(gauges)) {
        const value = vitals[name as keyof typeof gauges]
        if (value !== undefined) one.set(Number(value))
      }
      for (const [name, add] of Object.entries(counters)) {
        const now = vitals[name as keyof typeof counters]
        const then = before.get(name) ?? 0
        // A server that was started anew may count from nothing.
        add(now >= then ? now - then : now)
        before.set(name, now)
      }
    },
  }
}

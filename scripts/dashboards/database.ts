import type { Dashboard } from './panel.ts'

export const database: Dashboard = {
  uid: 'database',
  title: 'database',
  description: 'PostgreSQL as the processes find it, and as it says itself.',
  rows: [
    {
      title: 'Connections',
      panels: [
        {
          title: 'Connections to the server',
          description: 'Of all its clients, and how many it takes.',
          unit: 'short',
          queries: [
            { expr: 'max(slipstream_database_connections)', legend: 'used' },
            { expr: 'max(slipstream_database_max_connections)', legend: 'most' },
          ],
        },
        {
          title: 'Calls under way',
          description: 'Statements and transactions that wait for their answer, by the pool.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (instance, pool) (slipstream_database_calls_under_way)',
              legend: '{{instance}} {{pool}}',
            },
          ],
        },
        {
          title: 'Queries that wait for a connection',
          description: 'Above nothing for long: queries are slow, or there are too many for one process.',
          unit: 'short',
          queries: [
            { expr: 'slipstream_database_read_connections{state="waiting"}', legend: '{{instance}} waiting' },
            { expr: 'slipstream_database_read_connections{state="used"}', legend: '{{instance}} used' },
          ],
        },
      ],
    },
    {
      title: 'Work',
      panels: [
        {
          title: 'Transactions',
          description: 'By how they ended.',
          unit: 'ops',
          queries: [
            {
              expr: 'max by (outcome) (rate(slipstream_database_transactions_total[$__rate_interval]))',
              legend: '{{outcome}}',
            },
          ],
        },
        {
          title: 'Found in memory',
          description: 'Of the blocks that were read. Well below 0.99 it wants more memory.',
          unit: 'percentunit',
          queries: [
            {
              expr: 'max(rate(slipstream_database_blocks_total{found="in memory"}[$__rate_interval])) / (max(rate(slipstream_database_blocks_total{found="in memory"}[$__rate_interval])) + max(rate(slipstream_database_blocks_total{found="outside"}[$__rate_interval])))',
              legend: 'in memory',
            },
          ],
        },
        {
          title: 'In each other’s way',
          description:
            'Connections that wait for a lock, and transactions that were ended because they waited for each other.',
          unit: 'short',
          queries: [
            { expr: 'max(slipstream_database_waiting_for_locks)', legend: 'waiting' },
            {
              expr: 'max(increase(slipstream_database_deadlocks_total[$__rate_interval]))',
              legend: 'deadlocks',
            },
          ],
        },
      ],
    },
    {
      title: 'What it holds',
      panels: [
        {
          title: 'Size',
          description:
            'Of the whole database, with its indexes. Prometheus does not know how large the disk is.',
          unit: 'bytes',
          queries: [{ expr: 'max(slipstream_database_size_bytes)', legend: 'size' }],
        },
        {
          title: 'Rows to be cleared away',
          description: 'About. Autovacuum takes them, unless an old transaction may still see them.',
          unit: 'short',
          queries: [{ expr: 'max(slipstream_database_dead_rows)', legend: 'dead rows' }],
        },
        {
          title: 'Oldest transaction',
          description: 'A backup is one. One that is forgotten keeps everything it may see.',
          unit: 's',
          queries: [{ expr: 'max(slipstream_database_oldest_transaction_seconds)', legend: 'open for' }],
        },
        {
          title: 'Temporary files',
          description: 'What statements wrote to disk because it did not fit into memory.',
          unit: 'Bps',
          queries: [
            {
              expr: 'max(rate(slipstream_database_temporary_bytes_total[$__rate_interval]))',
              legend: 'written',
            },
          ],
        },
        {
          title: 'Replica behind',
          description: 'The one that queries read from; nothing where there is none.',
          unit: 's',
          queries: [{ expr: 'max(slipstream_database_replica_lag_seconds)', legend: 'behind' }],
        },
        {
          title: 'Archiving that fails',
          description: '1: the write-ahead log could not be archived the last time that it was tried.',
          unit: 'short',
          queries: [{ expr: 'max(slipstream_database_archiving_failing)', legend: 'failing' }],
        },
        {
          title: 'Clocks',
          description: 'How far each machine is off the database’s clock.',
          unit: 's',
          queries: [{ expr: 'abs(slipstream_database_clock_ahead_seconds)', legend: '{{instance}}' }],
        },
      ],
    },
  ],
}

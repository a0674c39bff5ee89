/** How the database is, as it says itself: what an operator looks at first when something is slow. */
import { type Queryable, sql } from '@databases/pg'

export interface Vitals {
  /** By its own clock, milliseconds since 1970. */
  readonly at: number
  readonly sizeBytes: number
  /** To the server, of all its clients. */
  readonly connections: number
  readonly maxConnections: number
  readonly oldestTransactionSeconds: number
  readonly waitingForLocks: number
  /** These are since its statistics were last reset. */
  readonly transactionsCommitted: number
  readonly transactionsRolledBack: number
  readonly blocksRead: number
  readonly blocksHit: number
  readonly temporaryBytes: number
  readonly deadlocks: number
  readonly deadRows: number
}

/** Sees of other users' connections only that they are there, unless it is told more (`pg_monitor`). */
export async function readVitals(database: Queryable): Promise<Vitals> {
  const [row] = await database.query(sql`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as "at",
           pg_database_size(d.datname)::float8 as "sizeBytes",
           a.connections::integer, a."waitingForLocks"::integer,
           current_setting('max_connections')::integer as "maxConnections",
           a."oldestTransactionSeconds",
           d.xact_commit::float8 as "transactionsCommitted", d.xact_rollback::float8 as "transactionsRolledBack",
           d.blks_read::float8 as "blocksRead", d.blks_hit::float8 as "blocksHit",
           d.temp_bytes::float8 as "temporaryBytes", d.deadlocks::float8 as deadlocks,
           (select coalesce(sum(n_dead_tup), 0)::float8 from pg_stat_user_tables) as "deadRows"
      from pg_stat_database d
      cross join (
        select count(*) filter (where backend_type = 'client backend') as connections,
               count(*) filter (where wait_event_type = 'Lock' and datname = current_database()) as "waitingForLocks",
               coalesce(extract(epoch from clock_timestamp() - min(xact_start)
                 filter (where datname = current_database() and backend_type = 'client backend'
                           and pid <> pg_backend_pid())), 0)::float8 as "oldestTransactionSeconds"
          from pg_stat_activity
      ) a
     where d.datname = current_database()`)
  return row as Vitals
}

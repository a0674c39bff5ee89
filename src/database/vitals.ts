/** How the database is, as it says itself: what an operator looks at first when something is slow. */
import { type Queryable, sql } from '@databases/pg'
import type { DatabaseVitals } from '#telemetry/storage.ts'

/**
 * `at` is by its own clock, milliseconds since 1970. Of other users' connections everybody sees that they are there and what locks
 * they wait for, but only who has `pg_monitor` sees what they are and how long they have been at it. The embedded one tells of no
 * connections at all; whoever asks has one.
 */
export async function readVitals(database: Queryable): Promise<DatabaseVitals & { readonly at: number }> {
  const [row] = await database.query(sql`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as "at",
           pg_database_size(d.datname)::float8 as "sizeBytes",
           greatest(a.connections, 1)::integer as connections, a."waitingForLocks"::integer,
           current_setting('max_connections')::integer as "maxConnections",
           a."oldestTransactionSeconds",
           d.xact_commit::float8 as "transactionsCommitted", d.xact_rollback::float8 as "transactionsRolledBack",
           d.blks_read::float8 as "blocksRead", d.blks_hit::float8 as "blocksHit",
           d.temp_bytes::float8 as "temporaryBytes", d.deadlocks::float8 as deadlocks,
           (select coalesce(sum(n_dead_tup), 0)::float8 from pg_stat_user_tables) as "deadRows",
           (select current_setting('archive_mode') <> 'off'
                   and coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false)
              from pg_stat_archiver) as "isArchivingFailing"
      from pg_stat_database d
      cross join (
        select count(*) filter (where ${isConnection}) as connections,
               count(*) filter (where datname = current_database()
                                  and pid in (select pid from pg_locks where not granted)) as "waitingForLocks",
               coalesce(extract(epoch from clock_timestamp() - min(xact_start)
                 filter (where datname = current_database() and backend_type = 'client backend'
                           and pid <> pg_backend_pid())), 0)::float8 as "oldestTransactionSeconds"
          from pg_stat_activity
      ) a
     where d.datname = current_database()`)
  return row
}

/** A client's, as far as may be seen: a process of the server's own has no user, or no database. */
const isConnection = sql`datid is not null and usesysid is not null and coalesce(backend_type, 'client backend') = 'client backend'`

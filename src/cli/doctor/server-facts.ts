/** What a PostgreSQL server says of itself. Looks only, in a transaction that could not write. */
import type pg from 'pg'

export interface ServerFacts {
  /** As 150004. */
  readonly version: number
  /** By name, in their own units: milliseconds, blocks of 8 kB, `on` and `off`. One that this version does not have is not here. */
  readonly settings: ReadonlyMap<string, string>
  readonly postgis: { readonly installed: string | null; readonly available: string | null }
  readonly rights: {
    /** PostGIS, where it is at hand: as a rule superusers may. */
    readonly mayEnablePostgis: boolean
    /** Tables in its schema. */
    readonly mayCreate: boolean
    readonly mayQueue: boolean
    /** Null where there is no log yet. */
    readonly mayAppend: boolean | null
  }
  /** Connections now; a server's own processes are none. */
  readonly connections: { readonly own: number; readonly others: number }
  readonly bytes: number
  readonly isStandby: boolean
  /** Null where nothing is archived or it is not told. */
  readonly archiveFailingSince: Date | null
  /** Null where there is none, or none that this user may read. */
  readonly log: { readonly incarnation: string; readonly partitions: number; readonly events: number } | null
  /** Milliseconds since 1970: this machine's clock before and after the database's was asked for. */
  readonly clock: { readonly before: number; readonly there: number; readonly after: number }
}

const named = [
  ...['max_connections', 'superuser_reserved_connections', 'reserved_connections'],
  ...['fsync', 'full_page_writes', 'synchronous_commit', 'wal_level', 'archive_mode'],
  ...['archive_command', 'archive_library', 'autovacuum', 'track_counts', 'shared_buffers'],
  ...['statement_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout'],
  ...['transaction_timeout', 'max_locks_per_transaction', 'jit', 'hot_standby_feedback'],
]

export async function readServerFacts(client: pg.ClientBase, now: () => number): Promise<ServerFacts> {
  await client.query('begin transaction read only')
  try {
    return await facts(client, now)
  } finally {
    await client.query('rollback')
  }
}

async function facts(client: pg.ClientBase, now: () => number): Promise<ServerFacts> {
  const one = async (text: string) => (await client.query(text)).rows[0]
  const before = now()
  const { there } = await one('select (extract(epoch from clock_timestamp()) * 1000)::float8 as there')
  const after = now()
  const { rows: settings } = await client.query(
    'select name, setting from pg_settings where name = any($1)',
    [named],
  )
  const server = await one(`
    select current_setting('server_version_num')::integer as version, pg_is_in_recovery() as is_standby,
           pg_database_size(current_database())::float8 as bytes,
           (select extversion from pg_extension where extname = 'postgis') as installed,
           (select default_version from pg_available_extensions where name = 'postgis') as available,
           (select rolsuper from pg_roles where rolname = current_user)
             or (has_database_privilege(current_database(), 'create')
                 and exists (select from pg_available_extension_versions where name = 'postgis' and trusted)) as may_enable,
           coalesce(has_schema_privilege(current_schema(), 'create'), false) as may_create,
           case when to_regnamespace('pgboss') is null then has_database_privilege(current_database(), 'create')
                else has_schema_privilege('pgboss', 'create') end as may_queue,
           case when to_regclass('events') is not null then has_table_privilege('events', 'select, insert') end as may_append,
           (select count(*)::integer from pg_stat_activity
             where datname = current_database() and application_name like 'slipstream%'
               and pid <> pg_backend_pid()) as own,
           (select count(*)::integer from pg_stat_activity
             where datid is not null and usesysid is not null
               -- Of what others' are only pg_monitor is told.
               and coalesce(backend_type, 'client backend') = 'client backend' and application_name not like 'slipstream%'
               and pid <> pg_backend_pid()) as others`)
  const archiver = await one(`
    select last_failed_time as since from pg_stat_archiver
     where last_failed_time > coalesce(last_archived_time, '-infinity')`)
  const { has_log: hasLog } = await one(`
    select case when to_regclass('log_identity') is null then false
                else has_table_privilege('log_identity', 'select') end as has_log`)
  const log = hasLog
    ? await one(`
        select incarnation, partitions,
               (select coalesce(sum(head), 0)::float8 from (
                  select (select max(e.position) from events e where e.partition = p.partition) as head
                    from log_partition p) heads) as events
          from log_identity`)
    : undefined
  return {
    version: server.version,
    settings: new Map(settings.map(({ name, setting }): [string, string] => [name, setting])),
    postgis: { installed: server.installed, available: server.available },
    rights: {
      mayEnablePostgis: server.may_enable,
      mayCreate: server.may_create,
      mayQueue: server.may_queue,
      mayAppend: server.may_append,
    },
    connections: { own: server.own, others: server.others },
    bytes: server.bytes,
    isStandby: server.is_standby,
    archiveFailingSince: archiver?.since ?? null,
    log: log ?? null,
    clock: { before, there, after },
  }
}

-- The log grows up: any expectation of a version, streams of more than one type, tombstones, and a latency that neither
-- an idle snapshot nor a plan made on empty tables can spoil.

-- A stream's row is inserted anew with every append and the one before it removed, never updated: while some snapshot is
-- held open (pg_dump's) dead versions cannot be pruned, and an update has to walk through all of them to find the living
-- one. By version the newest is the index' last entry, however many dead ones lie behind it. Measured on one stream, median
-- of an append before and after 25,000 commits under an idle snapshot: updated 0.40 -> 1.11 ms, inserted 0.41 -> 0.41 ms; and
-- 7 % fewer events a second without one.
alter table streams drop constraint streams_pkey;
alter table streams add primary key (partition, stream_id, version);
alter table streams
  reset (fillfactor),
  set (autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

-- What the stream is a stream of. All there were are rides.
alter table streams add column type text not null default 'ride';
alter table streams alter column type drop default;

-- A deleted stream ends in a tombstone; its events keep their ids and places. `redacted` says that their data is gone too.
alter table streams add column deleted boolean not null default false;
alter table streams add column redacted boolean not null default false;
create index streams_to_redact on streams (partition, stream_id) where deleted and not redacted;
-- What is read looks here as well: a ride that is deleted is not shown, however far behind the read tables are.
create index streams_deleted on streams (partition, stream_id) where deleted;

-- A redacted event has JSON null for data, and neither metadata nor hash. What it had before is gone from the table's pages
-- when they are vacuumed, so that does not wait for a fifth of the log to be dead.
alter table events set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- What is over 2 KB is compressed: with lz4 where the server was built with it. Measured in uploads of 100 positions with all
-- their fields: 26 % more positions a second than with pglz, at 30.6 against 23.2 bytes a position.
do $$
begin
  alter table events alter column data set compression lz4;
exception when feature_not_supported or invalid_parameter_value then
  null;
end
$$;

drop function append_events(smallint, boolean, integer[], uuid[], integer[], json[], uuid[], text[], smallint[], bytea[], json[], json[]);

-- Appends entries to a partition: each is one or more events for one stream, all or nothing, judged by itself. An entry
-- that conflicts, that holds an event already known, or whose stream is gone does not spoil its neighbours.
--
-- One element of the arrays is one event. Events of an entry stand together, in order, with the entry's number, stream,
-- stream type and expected version repeated: a version (0 for a new stream), -1 for any, -2 for any but 0. The entry's last
-- event carries the stream's state after it (null: as it is), and whether it is the stream's tombstone. No stream may stand
-- in two entries.
--
-- Answers a row an event, in order:
--   appended   event_version, event_position
--   duplicate  for the events of the entry that the log has: event_version, event_position and event_hash of the first
--              time; for its others nulls. And stream_version, stream_state as they are now.
--   conflict   stream_version (0 where there is none), stream_state
--   gone       nothing else; it outranks the others
--
-- The lock and the judgement are two statements on purpose: a statement's snapshot is taken when it begins, so one that
-- waits for the lock judges by what was true before the wait. (As one: 831 of 1,600 contended appends broke a unique
-- key. As two: 28,782 events by 16 writers, no hole, no error.) That needs READ COMMITTED.
-- plpgsql keeps a plan that was made when the tables were empty or their statistics old, so none may depend on them: every
-- look-up is a lateral one by a whole key, everything else is off. (With joins, and bitmaps and materialisation allowed, such a
-- plan read the whole partition: 5 ms an append after 18,000 events, and 12,000 events a second where this makes 36,000. And
-- planned anew with every call, as it is without statistics unless it is told not to: 0.91 ms where this takes 0.44.)
create function append_events(
  in_partition smallint, in_notify boolean,
  in_entries integer[], in_streams uuid[], in_stream_types text[], in_expected_versions integer[], in_states json[],
  in_tombstones boolean[], in_event_ids uuid[], in_types text[], in_schema_versions smallint[], in_hashes bytea[],
  in_metadata json[], in_data json[]
) returns table (
  outcome text, event_version integer, event_position bigint, event_hash bytea, stream_version integer, stream_state json
)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
set enable_material = off set enable_sort = off set jit = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  head bigint;
  recorded timestamptz;
  new_head bigint;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'append_events needs READ COMMITTED, not %', current_setting('transaction_isolation');
  end if;
  perform from log_partition p where p.partition = in_partition for no key update;
  if not found then
    raise exception 'the log has no partition %', in_partition;
  end if;
  select e.position into head from events e where e.partition = in_partition order by e.position desc limit 1;
  head := coalesce(head, 0);
  recorded := clock_timestamp();

  return query
  with offered as (
    select * from unnest(in_entries, in_streams, in_stream_types, in_expected_versions, in_states, in_tombstones, in_event_ids,
                         in_types, in_schema_versions, in_hashes, in_metadata, in_data)
      with ordinality as o (entry, stream_id, stream_type, expected_version, state, tombstone, event_id,
                            type, schema_version, content_hash, metadata, data, ordinal)
  ), compared as (
    select o.*, coalesce(s.version, 0) as actual_version, s.state as actual_state, s.row as actual_row,
           coalesce(s.deleted, false) as is_gone,
           known.version as known_version, known.position as known_position, known.content_hash as known_hash
      from offered o
      left join lateral (
        select s.ctid as row, s.version, s.state, s.deleted from streams s
         where s.partition = in_partition and s.stream_id = o.stream_id
         order by s.version desc limit 1
      ) s on true
      left join lateral (
        select k.version, k.position, k.content_hash from events k
         where k.partition = in_partition and k.stream_id = o.stream_id and k.event_id = o.event_id
         limit 1
      ) known on true
  ), judged as (
    select c.*,
           case when is_gone then 'gone'
                when count(known_position) over same_entry > 0 then 'duplicate'
                when expected_version in (actual_version, -1) or expected_version = -2 and actual_version > 0 then 'appended'
                else 'conflict' end as outcome,
           actual_version + (row_number() over (partition by entry order by ordinal))::integer as version
      from compared c
    window same_entry as (partition by entry)
  ), placed as (
    select j.*, head + count(*) filter (where j.outcome = 'appended') over in_order as position,
           lead(j.entry) over in_order is distinct from j.entry as is_last
      from judged j
    window in_order as (order by ordinal)
  ), inserted as (
    insert into events (partition, position, stream_id, version, event_id, type, schema_version, recorded_at, content_hash, metadata, data)
    select in_partition, position, stream_id, version, event_id, type, schema_version, recorded, content_hash, metadata, data
      from placed p where p.outcome = 'appended'
  ), removed as (
    delete from streams s
     where s.ctid = any (array (select p.actual_row from placed p where p.outcome = 'appended' and p.is_last))
  ), moved as (
    insert into streams (partition, stream_id, version, type, deleted, state)
    select in_partition, stream_id, version, stream_type, coalesce(tombstone, false), coalesce(state, actual_state, 'null')
      from placed p where p.outcome = 'appended' and p.is_last
  )
  select p.outcome,
         case p.outcome when 'appended' then p.version when 'duplicate' then p.known_version end,
         case p.outcome when 'appended' then p.position when 'duplicate' then p.known_position end,
         case p.outcome when 'duplicate' then p.known_hash end,
         case when p.outcome in ('duplicate', 'conflict') then p.actual_version end,
         case when p.outcome in ('duplicate', 'conflict') then p.actual_state end
    from placed p
   order by p.ordinal;

  -- One hint a commit. Where several partitions commit in parallel the writer sends it after the commit instead: a
  -- transaction that has notified holds a lock of the whole database while it commits.
  if in_notify then
    select e.position into new_head from events e where e.partition = in_partition order by e.position desc limit 1;
    if new_head > head then
      perform pg_notify('log', in_partition || ' ' || new_head);
    end if;
  end if;
end
$$;

-- Takes a deleted stream's events their content: places, times, texts, who and from where. What stays are ids, types and
-- order, and the tombstone's own word. It waits for nobody and nobody waits for it: neither for the partition's mutex nor
-- for a row that an append touches.
create function redact_stream(in_partition smallint, in_stream uuid) returns void
language sql as $$
  update events e
     set data = case when e.version < s.version then 'null' else e.data end, metadata = null, content_hash = null
    from streams s
   where s.partition = in_partition and s.stream_id = in_stream and s.deleted and not s.redacted
     and e.partition = in_partition and e.stream_id = in_stream;
  update streams set redacted = true
   where partition = in_partition and stream_id = in_stream and deleted and not redacted;
$$;

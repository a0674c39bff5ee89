-- Webhooks: where riders want to be told of their rides, what they are told, and how far the log was looked through for it.

-- An address that a rider has given. With the rider goes all that is his.
create table webhook_endpoints (
  endpoint_id     uuid primary key,
  rider_id        uuid not null references riders on delete cascade,
  url             text not null,
  -- ride.finished, ride.deleted, ride.edited
  events          text[] not null,
  -- Sealed: whoever reads this table alone can sign nothing.
  secret          text not null,
  -- The one before, for as long as both sign.
  previous_secret text,
  previous_until  timestamptz,
  -- What was recorded before is not told of.
  created_at      timestamptz not null default clock_timestamp(),
  -- The first failure since the last success.
  failing_since   timestamptz,
  disabled_at     timestamptz,
  disabled_reason text
);
create index webhook_endpoints_rider on webhook_endpoints (rider_id, created_at);

-- What an endpoint is told, once an event: the id is made of both, so that whoever looks at the event again adds nothing.
-- Written in the transaction that moves the place in the log; carried to the queue afterwards (`queued_at`).
create table webhook_deliveries (
  delivery_id      uuid primary key,
  endpoint_id      uuid not null references webhook_endpoints on delete cascade,
  type             text not null,
  happened_at      timestamptz not null,
  ride_id          uuid,
  ride_version     integer,
  state            text not null default 'WAITING' check (state in ('WAITING', 'DELIVERED', 'FAILED')),
  -- All there were, and those since it was last asked for: what comes back from the queue names the first, the wait until
  -- the next one follows from the second.
  attempts         integer not null default 0,
  retries          integer not null default 0,
  next_attempt_at  timestamptz,
  queued_at        timestamptz,
  last_attempt_at  timestamptz,
  last_status      smallint,
  last_failure     text,
  last_duration_ms integer,
  created_at       timestamptz not null default clock_timestamp()
);
-- A rider's log, newest first.
create index webhook_deliveries_endpoint on webhook_deliveries (endpoint_id, created_at desc, delivery_id desc);
-- What is not in the queue yet; and what has been in it for too long.
create index webhook_deliveries_waiting on webhook_deliveries (queued_at) where state = 'WAITING';
-- What is old enough to go.
create index webhook_deliveries_created on webhook_deliveries (created_at);

-- How far the log was looked through. It begins at the end of the log that there is: nobody could want to hear of that.
create table webhook_position (
  partition smallint primary key,
  position  bigint not null
);
insert into webhook_position (partition, position)
  select p.partition, coalesce(
           (select e.position from events e where e.partition = p.partition order by e.position desc limit 1), 0)
    from log_partition p;

-- Whose a deleted ride was is known from its events until they are redacted, and nowhere after that. So redaction itself
-- writes down, for a rider who wants to hear of it and for as long as it takes to tell him, what is to be told: in the same
-- transaction, so that none is lost, however far behind the others are and whichever process redacts.
create table webhook_deleted_rides (
  partition   smallint not null,
  ride_id     uuid not null,
  rider_id    uuid not null,
  event_id    uuid not null,
  version     integer not null,
  recorded_at timestamptz not null,
  primary key (partition, ride_id)
);

create or replace function redact_stream(in_partition smallint, in_stream uuid) returns void
language sql as $$
  insert into webhook_deleted_rides (partition, ride_id, rider_id, event_id, version, recorded_at)
    select in_partition, in_stream, (first.data->>'riderId')::uuid, last.event_id, last.version, last.recorded_at
      from streams s
      join events first on first.partition = in_partition and first.stream_id = in_stream and first.version = 1
      join events last on last.partition = in_partition and last.stream_id = in_stream and last.version = s.version
     where s.partition = in_partition and s.stream_id = in_stream and s.deleted and not s.redacted
       and first.type = 'RideStarted'
       and exists (
         select from webhook_endpoints w
          where w.rider_id::text = first.data->>'riderId' and 'ride.deleted' = any(w.events)
            and w.disabled_at is null and w.created_at <= last.recorded_at)
    on conflict do nothing;
  update events e
     set data = case when e.version < s.version then 'null' else e.data end, metadata = null, content_hash = null
    from streams s
   where s.partition = in_partition and s.stream_id = in_stream and s.deleted and not s.redacted
     and e.partition = in_partition and e.stream_id = in_stream;
  update streams set redacted = true
   where partition = in_partition and stream_id = in_stream and deleted and not redacted;
$$;

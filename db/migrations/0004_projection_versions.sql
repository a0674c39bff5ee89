-- Projections that can be rebuilt while they are read, and rides that one of them cannot take.

-- The versions there are of each projection's tables (their names end in it). One is served; one may be building beside it;
-- those that were served before go on for a while, for whoever still reads them.
create table projection_version (
  projection text not null,
  version    smallint not null check (version > 0),
  state      text not null check (state in ('building', 'serving', 'retired')),
  since      timestamptz not null default now(),
  primary key (projection, version)
);
create unique index projection_version_serving on projection_version (projection) where state = 'serving';
create unique index projection_version_building on projection_version (projection) where state = 'building';
insert into projection_version (projection, version, state) select projection, version, 'serving' from projection_serving;
drop table projection_serving;

-- The row of projection_checkpoint is a mutex now, locked by whoever applies a batch and never updated; where the projection
-- is stands beside it, inserted anew with every batch: the newest is the index' last entry, however many dead ones an idle
-- snapshot keeps behind it (see streams).
create table projection_position (
  projection text not null,
  version    smallint not null,
  partition  smallint not null,
  position   bigint not null,
  primary key (projection, version, partition, position)
) with (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 0);
insert into projection_position (projection, version, partition, position)
  select projection, version, partition, position from projection_checkpoint where position > 0;
alter table projection_checkpoint drop column position;

-- A ride that a projection could not take: from this event on, its events wait; those of other rides do not. The events
-- themselves stay in the log: nothing of what they hold is repeated here.
create table parked_rides (
  projection   text not null,
  version      smallint not null,
  partition    smallint not null,
  ride_id      uuid not null,
  -- Of the event that failed.
  ride_version integer not null,
  position     bigint not null,
  event_type   text not null,
  -- What is said of the fault in the server's log: no values.
  error        json not null,
  attempts     integer not null,
  parked_at    timestamptz not null default now(),
  primary key (projection, version, partition, ride_id)
);

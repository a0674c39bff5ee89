-- What is projected from the log: for each projection how far it has come, its read tables, and what it has still to do.

-- A projection's place in each partition. It moves in the transaction that writes the rows, so that a second or a stale
-- worker can neither skip nor repeat an event.
create table projection_checkpoint (
  projection text not null,
  version    smallint not null,
  partition  smallint not null,
  position   bigint not null,
  primary key (projection, version, partition)
);

-- Which version of a projection's tables is read. A rebuild fills the next one beside it, then moves this pointer.
create table projection_serving (
  projection text primary key,
  version    smallint not null
);

create table riders (
  rider_id uuid primary key,
  name     text not null
);

-- Whoever uses a server that listens to its own machine only.
insert into riders (rider_id, name) values ('00000000-0000-4000-8000-000000000001', 'Local rider');

-- Projection `rides`, version 1: a row a ride; changes when the ride is started, paused, resumed, ended, edited.
create table rides_1 (
  partition   smallint not null,
  ride_id     uuid not null,
  rider_id    uuid not null,
  status      text not null,
  visibility  text not null,
  title       text,
  description text,
  started_at  timestamptz not null,
  ended_at    timestamptz,
  finished_at timestamptz,
  primary key (partition, ride_id)
);
-- History, newest first: of everybody, and of one rider.
create index rides_1_started on rides_1 (started_at desc, ride_id desc);
create index rides_1_rider_started on rides_1 (rider_id, started_at desc, ride_id desc);
-- Those in progress are few among many.
create index rides_1_in_progress on rides_1 (ride_id) where status in ('ACTIVE', 'PAUSED');

-- Moves once a ride and batch, so it is narrow, half-empty and has no index on a column that changes (HOT).
create table ride_progress_1 (
  partition   smallint not null,
  ride_id     uuid not null,
  version     integer not null,
  position    bigint not null,
  updated_at  timestamptz not null,
  latest      json,
  distance    double precision not null,
  moving_time double precision not null,
  timer_time  double precision not null,
  speed       double precision,
  primary key (partition, ride_id)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

-- Projection `routes`, version 1: a row a ride that has ended. Z is the altitude in metres, M the time in seconds since
-- 1970; a line for each stretch between pauses.
create table routes_1 (
  partition          smallint not null,
  ride_id            uuid not null,
  route              geometry(MultiLineStringZM, 4326),
  excluded           json not null,
  distance           double precision not null,
  elapsed_time       double precision not null,
  timer_time         double precision not null,
  moving_time        double precision not null,
  max_speed          double precision not null,
  elevation_gain     double precision,
  elevation_loss     double precision,
  average_heart_rate double precision,
  max_heart_rate     double precision,
  average_cadence    double precision,
  average_power      double precision,
  primary key (partition, ride_id)
);

-- Rides whose route is built and which have still to be called finished. Written with the route, removed after
-- RideFinished is in the log.
create table finish_outbox (
  partition smallint not null,
  ride_id   uuid not null,
  primary key (partition, ride_id)
);

insert into projection_serving (projection, version) values ('rides', 1), ('routes', 1);

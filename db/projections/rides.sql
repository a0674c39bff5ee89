-- The tables of the projection `rides` in one of its versions, which stands for {version}. A migration that changes them
-- changes this file as well: it is what a rebuild makes.

-- A row a ride and audience; changes when the ride is started, paused, resumed, ended, edited, masked. The audience is 'everyone'
-- while nothing of the ride is its rider's alone; with privacy zones, or once it was shared by a link or masked anew, there is one
-- for the 'rider' and, once there is something to see, one for the 'others'.
create table rides_{version} (
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
  audience    text not null default 'everyone',
  -- By which of the rider's zones the audience was found.
  mask_version integer not null default 0,
  -- Share links: [{"id", "expiresAt"}].
  shares      json,
  -- What is looked for in its title and description, and whose row it is.
  words       tsvector generated always as (ride_words(title, description, rider_id, audience, visibility)) stored,
  primary key (partition, ride_id, audience)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
-- History, newest first: the public ones, and of each rider the others. A page is merged from the two (it touches what it
-- shows, some 300 buffers for 20 rides, however many rides there are and whose). With the partition in them they are counted
-- without a look at the rides: 20,000 buffers of the same few pages for the 10,000 that are counted at most, not 30,000. Of a
-- public ride with privacy zones both rows are there: of the two a viewer passes over one.
create index rides_{version}_public on rides_{version} (started_at desc, ride_id desc) include (partition, rider_id, audience, mask_version)
  where visibility = 'PUBLIC';
create index rides_{version}_not_public on rides_{version} (rider_id, started_at desc, ride_id desc) include (partition)
  where visibility <> 'PUBLIC' and audience <> 'others';
-- Of one rider: all that are his own, and those that others see.
create index rides_{version}_rider on rides_{version} (rider_id, started_at desc, ride_id desc) include (partition)
  where audience <> 'others';
create index rides_{version}_rider_public on rides_{version} (rider_id, started_at desc, ride_id desc) include (partition, mask_version)
  where visibility = 'PUBLIC' and audience <> 'rider';
create index rides_{version}_words on rides_{version} using gin (words);
-- Few among many, and without a route by which they would be found.
create index rides_{version}_unfinished on rides_{version} (rider_id) where status <> 'FINISHED' and audience <> 'others';
create index rides_{version}_unfinished_public on rides_{version} (ride_id) where status <> 'FINISHED' and visibility = 'PUBLIC';
-- Those in progress are few among many.
create index rides_{version}_in_progress on rides_{version} (ride_id) where status in ('ACTIVE', 'PAUSED');

-- Moves once a ride and batch, so it is narrow, half-empty and has no index on a column that changes (HOT).
create table ride_progress_{version} (
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
  -- IANA name, of the first place that came, and from RideFinished on of the track's first.
  time_zone   text,
  audience    text not null default 'everyone',
  -- Of a ride with zones, in its rider's row: how far others have come to see it (`masking/masked-fold.ts`).
  masked      json,
  -- In the others' row: the rider is in a zone now.
  is_hidden   boolean not null default false,
  primary key (partition, ride_id, audience)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

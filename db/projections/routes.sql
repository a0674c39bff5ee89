-- The tables of the projection `routes` in one of its versions, which stands for {version}. A migration that changes them
-- changes this file as well: it is what a rebuild makes.

-- A row a ride that has ended and audience (see rides.sql). Z is the altitude in metres, M the time in seconds since 1970; a line for each stretch
-- between pauses, cut at the 180th meridian.
create table routes_{version} (
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
  -- Null where there is no route. West is more than east where it crosses the 180th meridian.
  point_count        integer,
  west               double precision,
  south              double precision,
  east               double precision,
  north              double precision,
  -- Encoded polylines by the tolerance in metres that the route is thinned to, and splits by unit: made once, read often.
  thumbnails         json,
  splits             json,
  -- IANA name, of the track's first place; null where it has none.
  time_zone          text,
  -- While in motion; null where a version of the program made the table that did not have it.
  average_speed      double precision,
  -- Of a list, each by itself.
  thumbnail_10       json generated always as (thumbnails -> '10') stored,
  thumbnail_50       json generated always as (thumbnails -> '50') stored,
  thumbnail_250      json generated always as (thumbnails -> '250') stored,
  audience           text not null default 'everyone',
  mask_version       integer not null default 0,
  -- In the others' row: the ride ends in a zone.
  ends_hidden        boolean not null default false,
  -- As `rides` has them, so that what is looked for is found among a rider's own, or among the public ones. The rights are those
  -- of `rides`.
  rider_id           uuid,
  visibility         text,
  -- In the ride's time zone, or in UTC where it has none.
  started_on         date,
  -- Seconds of the fastest 5, 10 … kilometres in a row; null where it is shorter.
  fastest_5          double precision,
  fastest_10         double precision,
  fastest_20         double precision,
  fastest_40         double precision,
  fastest_100        double precision,
  primary key (partition, ride_id, audience)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
-- Where the public ones lead, as others see them; and those of a rider, as he does.
create index routes_{version}_public_route on routes_{version} using gist (route) where visibility = 'PUBLIC' and audience <> 'rider';
create index routes_{version}_rider_route on routes_{version} using gist (route_of_rider(rider_id, route) gist_geometry_ops_nd)
  where audience <> 'others';
-- The longest first.
create index routes_{version}_public_distance on routes_{version} (distance desc, ride_id desc) include (partition, rider_id, audience)
  where visibility = 'PUBLIC';
create index routes_{version}_rider_distance on routes_{version} (rider_id, distance desc, ride_id desc) include (partition, visibility)
  where audience <> 'others';
-- A rider's totals and records.
create index routes_{version}_rider_day on routes_{version} (rider_id, started_on);

-- Beside it the whole track, samples without a fix included: what streams and files are made of.
create table tracks_{version} (
  partition smallint not null,
  ride_id   uuid not null,
  track     json not null,
  audience  text not null default 'everyone',
  mask_version integer not null default 0,
  primary key (partition, ride_id, audience)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- With lz4 where the server was built with it, as events are (see 0011).
do $$
begin
  alter table routes_{version} alter column route set compression lz4;
  alter table tracks_{version} alter column track set compression lz4;
exception when feature_not_supported or invalid_parameter_value then
  null;
end
$$;

-- The tables of the projection `routes` in one of its versions, which stands for {version}. A migration that changes them
-- changes this file as well: it is what a rebuild makes.

-- A row a ride that has ended. Z is the altitude in metres, M the time in seconds since
-- 1970; a line for each stretch between pauses.
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
  primary key (partition, ride_id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- What is shown of a ride, in full: its track beside its route, splits, thumbnails, and the time zone it began in.

-- Tables whose rows a newer program makes otherwise are built anew by its workers, beside those that are served. Where
-- nothing was recorded yet there is nothing to make anew.
alter table projection_version add column revision integer not null default 1;
update projection_version set revision = 2 where not exists (select from events);

-- What a route says of its ride goes into the log with RideFinished.
alter table finish_outbox add column progress json;

-- In every version there is; db/projections/ has it for those to come.
do $$
declare
  routes  text;
  ordinal smallint;
begin
  for ordinal in select version from projection_version where projection = 'rides' loop
    execute format('alter table %I add column time_zone text', 'ride_progress_' || ordinal);
  end loop;
  for ordinal in select version from projection_version where projection = 'routes' loop
    routes := format('%I', 'routes_' || ordinal);
    execute 'alter table ' || routes
      || ' add column point_count integer, add column west double precision, add column south double precision,'
      || ' add column east double precision, add column north double precision, add column thumbnails json, add column splits json';
    execute 'update ' || routes
      || ' set point_count = ST_NPoints(route), west = ST_XMin(route), south = ST_YMin(route), east = ST_XMax(route), north = ST_YMax(route)'
      || ' where route is not null';
    execute format('create table %I (partition smallint not null, ride_id uuid not null, track json not null, primary key (partition, ride_id))'
      || ' with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)', 'tracks_' || ordinal);
  end loop;
end
$$;

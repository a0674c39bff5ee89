-- History: filters and orders, what changed since somebody looked last, totals and records.

-- A text as words are looked for in it: without capitals and accents, and each word by itself. The same is done to what is
-- asked for, so that "Zurich" finds Zürich, and "martin" Saint-Martin.
create function searchable(text) returns text immutable parallel safe language sql
return regexp_replace(regexp_replace(lower(normalize($1, NFKD)), '[\u0300-\u036f]+', '', 'g'),
                      '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f]+', ' ', 'g');

-- Words of a ride, and beside them whose row it is: one index finds the words among a rider's own rides, or among the public
-- ones as others see them, and takes no longer for what there is beside these. No text has such a word.
create function ride_words(title text, description text, rider_id uuid, audience text, visibility text) returns tsvector
immutable parallel safe language sql
return to_tsvector('simple'::regconfig, searchable(coalesce(title, '') || ' ' || coalesce(description, '')))
    || array_to_tsvector(case when audience <> 'others' then array[chr(1) || rider_id::text] else '{}'::text[] end
                         || case when audience <> 'rider' and visibility = 'PUBLIC' then array[chr(2)] else '{}'::text[] end);

-- The box of a route in a plane of its rider's: one index finds what is in a box among a rider's own, however many others rode
-- there. (24 bits of his id, which is what an index' numbers hold; who shares them by chance is told apart by the row.)
create function rider_plane(rider_id uuid) returns double precision immutable parallel safe language sql
return ('x' || right(rider_id::text, 6))::bit(24)::integer;

create function box_of_rider(rider_id uuid, west double precision, south double precision, east double precision,
                             north double precision) returns geometry immutable parallel safe language sql
return ST_SetSRID(ST_MakeLine(ST_MakePoint(west, south, rider_plane(rider_id)), ST_MakePoint(east, north, rider_plane(rider_id))), 4326);

create function route_of_rider(rider_id uuid, route geometry) returns geometry immutable parallel safe language sql
return box_of_rider(rider_id, ST_XMin(route), ST_YMin(route), ST_XMax(route), ST_YMax(route));

-- In every version there is; db/projections/ has it for those to come.
do $$
declare
  rides    text;
  routes   text;
  served   text;
  ordinal  smallint;
begin
  for ordinal in select version from projection_version where projection = 'rides' loop
    rides := 'rides_' || ordinal;
    execute format('alter table %I add column words tsvector generated always as'
      || ' (ride_words(title, description, rider_id, audience, visibility)) stored', rides);
    execute format('drop index %I', rides || '_public');
    execute format('create index %I on %I (started_at desc, ride_id desc) include (partition, rider_id, audience, mask_version)'
      || ' where visibility = ''PUBLIC''', rides || '_public', rides);
    execute format('create index %I on %I (rider_id, started_at desc, ride_id desc) include (partition)'
      || ' where visibility <> ''PUBLIC'' and audience <> ''others''', rides || '_not_public', rides);
    execute format('create index %I on %I (rider_id, started_at desc, ride_id desc) include (partition, mask_version)'
      || ' where visibility = ''PUBLIC'' and audience <> ''rider''', rides || '_rider_public', rides);
    execute format('create index %I on %I (rider_id) where status <> ''FINISHED'' and audience <> ''others''', rides || '_unfinished', rides);
    execute format('create index %I on %I (ride_id) where status <> ''FINISHED'' and visibility = ''PUBLIC''', rides || '_unfinished_public', rides);
    execute format('create index %I on %I using gin (words)', rides || '_words', rides);
  end loop;
  select 'rides_' || version into served from projection_version where projection = 'rides' and state = 'serving';
  for ordinal in select version from projection_version where projection = 'routes' loop
    routes := 'routes_' || ordinal;
    execute format('alter table %I add column rider_id uuid, add column visibility text, add column started_on date,'
      || ' add column fastest_5 double precision, add column fastest_10 double precision, add column fastest_20 double precision,'
      || ' add column fastest_40 double precision, add column fastest_100 double precision', routes);
    -- Until it is built anew, which fills in the rest.
    execute format('update %I f set rider_id = r.rider_id, visibility = r.visibility,'
      || ' started_on = (r.started_at at time zone coalesce(f.time_zone, ''UTC''))::date'
      || ' from %I r where r.partition = f.partition and r.ride_id = f.ride_id and r.audience = f.audience', routes, served);
    execute format('create index %I on %I using gist (route) where visibility = ''PUBLIC'' and audience <> ''rider''', routes || '_public_route', routes);
    execute format('create index %I on %I using gist (route_of_rider(rider_id, route) gist_geometry_ops_nd)'
      || ' where audience <> ''others''', routes || '_rider_route', routes);
    execute format('create index %I on %I (distance desc, ride_id desc) include (partition, rider_id, audience)'
      || ' where visibility = ''PUBLIC''', routes || '_public_distance', routes);
    execute format('create index %I on %I (rider_id, distance desc, ride_id desc) include (partition, visibility)'
      || ' where audience <> ''others''', routes || '_rider_distance', routes);
    execute format('create index %I on %I (rider_id, started_on)', routes || '_rider_day', routes);
  end loop;
end
$$;

-- What to tell whoever keeps a copy of the rides that he sees: which changed, in the order in which that was to be seen. An
-- entry a ride and audience, which moves to the end with each change: its rider is told of every one; others of a public ride's,
-- and once of that it is not theirs to see any more, deleted or not. Of what they never could see they are told nothing.
--
-- Uploads move nothing here: of a ride in progress its own row says that it changed (ride_progress.position). What is here is not
-- made from the log again, and does not have to be: it is written with the rows of the version that is served, by the same
-- transaction, and `number` is given under a lock that is held until that commits. So whoever has read up to a number has
-- missed nothing, also of what came to be seen late: a ride that was parked, a route that was built anew.
create table ride_changes (
  partition   smallint not null,
  ride_id     uuid not null,
  audience    text not null,
  number      bigint not null,
  -- Null once the rider is forgotten.
  rider_id    uuid,
  -- That this audience is told.
  version     integer not null,
  -- The ride's own, that its row had: who reads tables that do not have it yet waits.
  row_version integer not null,
  -- There is nothing to be seen: deleted, or of others not theirs any more.
  is_gone     boolean not null,
  primary key (partition, ride_id, audience)
) with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);
create unique index ride_changes_number on ride_changes (partition, number);
create index ride_changes_others on ride_changes (partition, number) where audience = 'others';
create index ride_changes_rider on ride_changes (rider_id, partition, number) where audience = 'rider';

-- Locked by whoever writes changes of a partition, and never updated.
create table ride_changes_partition (
  partition smallint primary key
);

do $$
declare
  ordinal smallint;
begin
  select version into ordinal from projection_version where projection = 'rides' and state = 'serving';
  execute format('insert into ride_changes (partition, ride_id, audience, number, rider_id, version, row_version, is_gone)'
    || ' select partition, ride_id, told.audience, row_number() over (partition by partition order by p.position, told.audience),'
    || '        r.rider_id, p.version, p.version, false'
    || '   from rides_%1$s r join ride_progress_%1$s p using (partition, ride_id, audience)'
    || '   cross join lateral (select ''rider'' as audience union all select ''others'' where r.visibility = ''PUBLIC'') told'
    || '  where r.audience = ''everyone''', ordinal);
end
$$;

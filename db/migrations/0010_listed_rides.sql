-- History, a page at a time. Each ride is in one of two indexes, in the order of the list: the public ones, and of each
-- rider the others; a page is merged from the two and touches what it shows. Before, "the viewer's own or public" was one
-- condition, which no index has in order: of a viewer with 20 rides among a million private ones all the million were
-- looked at. With the partition in the index, too, rides are counted without reading them (of a million 11 ms instead of
-- 43 for the ten thousand that are counted).

-- In every version there is; db/projections/ has it for those to come.
do $$
declare
  rides   text;
  ordinal smallint;
begin
  for ordinal in select version from projection_version where projection = 'rides' loop
    rides := 'rides_' || ordinal;
    execute format('create index %I on %I (started_at desc, ride_id desc) include (partition)'
      || ' where visibility = ''PUBLIC''', rides || '_public', rides);
    execute format('create index %I on %I (rider_id, started_at desc, ride_id desc) include (partition)'
      || ' where visibility <> ''PUBLIC''', rides || '_not_public', rides);
    execute format('drop index %I, %I', rides || '_started', rides || '_rider_started');
  end loop;
end
$$;

-- Of a list each thumbnail stands by itself: to take it out of the three of a ride, which weigh 2 KB and so lie elsewhere,
-- takes a quarter of what a page costs (20 rides: 130 of 520 us). This writes the tables anew, once.
do $$
declare
  ordinal smallint;
begin
  for ordinal in select version from projection_version where projection = 'routes' loop
    execute format('alter table %I add column thumbnail_10 json generated always as (thumbnails -> ''10'') stored,'
      || ' add column thumbnail_50 json generated always as (thumbnails -> ''50'') stored,'
      || ' add column thumbnail_250 json generated always as (thumbnails -> ''250'') stored', 'routes_' || ordinal);
  end loop;
end
$$;

-- History, a page at a time. Each ride is in one of two indexes, in the order of the list: the public ones, and of each
-- rider the others; a page is merged from the two and touches what it shows. Before, "the viewer's own or public" was one
-- condition, which no index has in order: of a viewer with 20 rides among a million private ones all the million were
-- looked at.

-- In every version there is; db/projections/ has it for those to come.
do $$
declare
  rides   text;
  ordinal smallint;
begin
  for ordinal in select version from projection_version where projection = 'rides' loop
    rides := 'rides_' || ordinal;
    execute format('create index %I on %I (started_at desc, ride_id desc) where visibility = ''PUBLIC''', rides || '_public', rides);
    execute format('create index %I on %I (rider_id, started_at desc, ride_id desc) where visibility <> ''PUBLIC''', rides || '_not_public', rides);
    execute format('drop index %I, %I', rides || '_started', rides || '_rider_started');
  end loop;
end
$$;

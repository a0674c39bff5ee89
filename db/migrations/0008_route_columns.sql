-- A ride's time zone is that of its track's first place: of the uploads, any may come first, and the receiver may have erred.
-- Its average speed is of the way that was ridden in its moving time, which is not all of it.

-- In every version there is; db/projections/ has it for those to come.
do $$
declare
  ordinal smallint;
begin
  for ordinal in select version from projection_version where projection = 'routes' loop
    execute format('alter table %I add column time_zone text, add column average_speed double precision', 'routes_' || ordinal);
  end loop;
end
$$;

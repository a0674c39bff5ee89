-- serves programs from: 0017
-- Who has gone, and how often, so that it can be done again to a backup from before (npm run forget -- --list). A rider's id is in
-- it only as a mark that says nothing to whoever does not have both the id and this log's key. An id that is made from a token's
-- subject may come again, and go again: a backup knows of fewer times. Written by whoever deletes the rider, of whatever release.
create table gone_riders (
  mark  text primary key,
  times integer not null default 1
);

create function mark_of_rider(rider_id uuid) returns text language sql stable as $$
  select encode(sha256(convert_to(hash_key || ' rider ' || rider_id, 'UTF8')), 'hex') from log_identity
$$;

create function remember_gone_rider() returns trigger language plpgsql as $$
begin
  insert into gone_riders as g (mark) values (mark_of_rider(old.rider_id))
  on conflict (mark) do update set times = g.times + 1;
  return null;
end $$;

create trigger riders_gone after delete on riders for each row execute function remember_gone_rider();

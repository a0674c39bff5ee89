-- Privacy zones, and two rows of a ride: the rider's own, and the one that others are shown.

-- Circles in which a rider is seen by nobody else. Their centres were offset once, when they were made: the place that was asked
-- for is kept nowhere. One that was removed stays, so that the same place asked for again gets the same circle: of two
-- circles round one home, what they share would tell more than each.
create table privacy_zones (
  id         uuid primary key,
  rider_id   uuid not null references riders on delete cascade,
  name       text not null,
  -- Degrees and metres.
  latitude   double precision not null,
  longitude  double precision not null,
  radius     double precision not null,
  created_at timestamptz not null default now(),
  removed_at timestamptz
);
create index privacy_zones_rider on privacy_zones (rider_id);

-- How often the rider's zones have changed. A ride that was not masked by the newest ones is shown to nobody else (rides.mask_version).
alter table riders add column mask_version integer not null default 0;
-- Up to which change all of the rider's rides were masked.
alter table riders add column masked_version integer not null default 0;
create index riders_to_mask on riders (rider_id) where mask_version > masked_version;

-- A ride that has ended in a zone is shown to others as ended a while later, or who watches it could tell how far the end is
-- from where it went out of sight.
create table reveal_outbox (
  partition smallint not null,
  ride_id   uuid not null,
  due_at    timestamptz not null,
  primary key (partition, ride_id)
);
create index reveal_outbox_due on reveal_outbox (due_at);

-- In every version there is; db/projections/ has it for those to come. Audience: 'everyone', where the ride has no zones;
-- else 'rider', and 'others' beside it.
do $$
declare
  name    text;
  ordinal smallint;
begin
  for name, ordinal in
    select base || '_' || version, version from projection_version
      join (values ('rides', 'rides'), ('rides', 'ride_progress'), ('routes', 'routes'), ('routes', 'tracks')) t (projection, base)
        using (projection)
  loop
    execute format('alter table %I add column audience text not null default ''everyone''', name);
    execute format('alter table %I drop constraint %I', name, name || '_pkey');
    execute format('alter table %I add primary key (partition, ride_id, audience)', name);
    if name !~ '^ride_progress' then
      execute format('alter table %I add column mask_version integer not null default 0', name);
    end if;
  end loop;
  for ordinal in select version from projection_version where projection = 'rides' loop
    name := 'rides_' || ordinal;
    execute format('alter table %I add column shares json', name);
    execute format('alter table ride_progress_%s add column masked json, add column is_hidden boolean not null default false', ordinal);
    execute format('drop index %I, %I', name || '_public', name || '_not_public');
    execute format('create index %I on %I (started_at desc, ride_id desc) include (partition, rider_id, mask_version)'
      || ' where visibility = ''PUBLIC'' and audience <> ''rider''', name || '_public', name);
    execute format('create index %I on %I (rider_id, started_at desc, ride_id desc) include (partition)'
      || ' where audience <> ''others''', name || '_rider', name);
  end loop;
  for ordinal in select version from projection_version where projection = 'routes' loop
    execute format('alter table routes_%s add column ends_hidden boolean not null default false', ordinal);
  end loop;
end
$$;

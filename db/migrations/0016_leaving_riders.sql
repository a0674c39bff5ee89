-- Riders who have asked to be forgotten. Such a row is the first of it that lasts and the last that goes: whoever is at it may
-- die at any moment, and the next one goes on from here. Written with what takes effect at once (sessions and keys end, the rides
-- are hidden), in one transaction. It refers to no rider: his own row goes before it.
create table leaving_riders (
  rider_id uuid primary key,
  asked_at timestamptz not null default clock_timestamp()
);

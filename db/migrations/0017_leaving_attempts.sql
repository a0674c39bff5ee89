-- A rider who cannot be forgotten yet is tried again after a while that grows: to look for his rides takes a look through all streams.
alter table leaving_riders
  add column attempts integer not null default 0,
  add column next_attempt_at timestamptz not null default '-infinity';

-- Where the log lives, so that one that was restored from a backup is recognised: its cursors from before are not to be
-- continued, for what is behind them may be other events now.

-- The database server's own name for itself, the database in it and its timeline, which a recovery to a point in time or the
-- promotion of a replica begins anew. Null until it was looked at.
alter table log_identity add column origin text;

-- Looks where the log lives; where it lives elsewhere than before, it is another incarnation. Answers the present one.
create function recognise_log() returns uuid
language plpgsql as $$
declare
  here text := (select oid::text from pg_database where datname = current_database());
  identity log_identity;
begin
  begin
    here := here || ' ' || (select system_identifier from pg_control_system())
                 || ' ' || (select timeline_id from pg_control_checkpoint());
  exception when insufficient_privilege or undefined_function or feature_not_supported then
    null; -- some hosts do not tell
  end;
  select * into identity from log_identity for update;
  if identity.origin is distinct from here then
    if identity.origin is not null then
      identity.incarnation := gen_random_uuid();
      perform pg_notify('identity', '');
    end if;
    update log_identity set origin = here, incarnation = identity.incarnation;
  end if;
  return identity.incarnation;
end
$$;

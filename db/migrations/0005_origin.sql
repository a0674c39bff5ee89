-- Where the log lives, so that one that was restored from a backup is recognised: its cursors from before are not to be
-- continued, for what is behind them may be other events now.

-- The database server's own name for itself, the database and the table in it, and the server's timeline, which a recovery
-- to a point in time or the promotion of a replica begins anew. Null until it was looked at.
alter table log_identity add column origin text;

-- Looks where the log lives; where it lives elsewhere than before, it is another incarnation. Answers the present one.
create function recognise_log() returns uuid
language plpgsql as $$
declare
  identity log_identity;
  here text;
begin
  -- First, because a standby refuses it.
  select * into identity from log_identity for update;
  -- pg_restore --clean makes the table anew in the same database.
  here := (select oid from pg_database where datname = current_database()) || ' ' || 'events'::regclass::oid;
  begin
    here := here || ' server ' || (select system_identifier from pg_control_system());
  exception when insufficient_privilege or undefined_function or feature_not_supported then
    null; -- some hosts do not tell
  end;
  begin
    -- Of the log that is being written: the control file learns of a promotion only with the checkpoint that follows, minutes
    -- later.
    here := here || ' timeline ' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8);
  exception when insufficient_privilege or undefined_function or feature_not_supported then
    null;
  end;
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

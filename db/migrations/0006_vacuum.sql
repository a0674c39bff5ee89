-- What was deleted is not to lie about in the read tables until a fifth of them has changed: they are vacuumed as `events` is,
-- whatever their size. In every version there is; db/projections/ has it for those to come.
do $$
declare
  name text;
begin
  for name in
    select format('%I', projection || '_' || version) from projection_version
     where to_regclass(format('%I', projection || '_' || version)) is not null
  loop
    execute format('alter table %s set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)', name);
  end loop;
end
$$;

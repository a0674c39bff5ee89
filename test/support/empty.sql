-- Empties the database: every schema but public, and everything in public, unless an extension owns it (dropping and
-- creating PostGIS again would take seconds a test file).
DO $$
DECLARE
  statement text;
BEGIN
  FOR statement IN
    SELECT format('DROP SCHEMA IF EXISTS %I CASCADE', schema.nspname)
    FROM pg_namespace AS schema
    WHERE schema.nspname NOT IN ('public', 'information_schema')
      AND schema.nspname NOT LIKE 'pg\_%'
      AND NOT EXISTS (
        SELECT FROM pg_depend AS owned
        WHERE owned.classid = 'pg_namespace'::regclass AND owned.objid = schema.oid AND owned.deptype = 'e'
      )
  LOOP
    EXECUTE statement;
  END LOOP;

  -- Tables first: what belongs to one (its indexes, identity sequences, statistics) cannot be dropped by itself.
  FOR statement IN
    SELECT format('DROP %s IF EXISTS %s CASCADE', object.type, object.identity)
    FROM pg_depend AS held
      CROSS JOIN LATERAL pg_identify_object(held.classid, held.objid, 0) AS object
    WHERE held.refclassid = 'pg_namespace'::regclass
      AND held.refobjid = 'public'::regnamespace
      AND object.type NOT IN ('extension', 'statistics object')
      AND NOT EXISTS (
        SELECT FROM pg_depend AS owned
        WHERE owned.classid = held.classid AND owned.objid = held.objid AND owned.deptype = 'e'
      )
    ORDER BY object.type <> 'table'
  LOOP
    EXECUTE statement;
  END LOOP;
END
$$

-- serves programs from: 0017
-- How old a program these tables serve: one that knows the migration of this number, and all before it. Written by whoever
-- migrates, from the first lines of the files (src/database/served-programs.ts), so that a program that is older than the tables
-- knows whether it may work on them.
create table serves_programs (
  singular       boolean primary key default true check (singular),
  from_migration text not null
);

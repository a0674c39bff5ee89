-- Who may sign in, and with what. An account's id is its rider's: whoever signs in is that rider, and a rider who is forgotten takes
-- account, sessions and keys with him.

-- The library's table `user`. Riders who only ever come with a key or a token of another issuer have none.
create table accounts (
  id             uuid primary key default gen_random_uuid(),
  name           text not null,
  email          text not null unique,
  email_verified boolean not null default false,
  image          text,
  -- Made on the condition that there was none before: else it was not made.
  must_be_first  boolean,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now(),
  foreign key (id) references riders (rider_id) on delete cascade
);

-- The rider is made with the account, in one transaction whoever makes it, and is called what the account is called.
create function rider_of_account() returns trigger language plpgsql as $$
begin
  insert into riders (rider_id, name) values (new.id, new.name)
  on conflict (rider_id) do update set name = excluded.name where riders.name <> excluded.name;
  return new;
end $$;

-- Of those who come at the same time one is the first. Accounts are made one after the other, so that each sees those before it; the
-- lock's number is this file's, which nothing else locks. Its name puts it before the trigger that makes the rider.
create function none_before_account() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(13);
  if new.must_be_first and exists (select from accounts) then
    return null;
  end if;
  return new;
end $$;
create trigger none_before_account before insert on accounts
  for each row execute function none_before_account();

create trigger rider_of_account before insert or update of name on accounts
  for each row execute function rider_of_account();

-- The library's table `account`: a password, or who somebody is to an OpenID provider.
create table sign_in_methods (
  id                       uuid primary key default gen_random_uuid(),
  user_id                  uuid not null references accounts on delete cascade,
  provider_id              text not null,
  account_id               text not null,
  -- scrypt, with its salt.
  password                 text,
  -- Encrypted, where a provider gives any.
  access_token             text,
  refresh_token            text,
  id_token                 text,
  access_token_expires_at  timestamptz,
  refresh_token_expires_at timestamptz,
  scope                    text,
  created_at               timestamptz not null default now(),
  updated_at               timestamptz not null default now(),
  unique (provider_id, account_id)
);
create index sign_in_methods_user on sign_in_methods (user_id);

-- A cookie holds the token and a signature with AUTH_SECRET: whoever reads this table cannot make one.
create table sessions (
  id         uuid primary key default gen_random_uuid(),
  user_id    uuid not null references accounts on delete cascade,
  token      text not null unique,
  expires_at timestamptz not null,
  -- The library has them; we keep neither.
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index sessions_user on sessions (user_id);

-- What the library has to remember between two requests: a sign-in with an OpenID provider that is under way.
create table verifications (
  id         uuid primary key default gen_random_uuid(),
  identifier text not null,
  value      text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index verifications_identifier on verifications (identifier);

-- How often somebody has tried, by what of him is counted (an address, an account), which is hashed with AUTH_SECRET: no address
-- and no e-mail is kept for having tried. In the database, so that several processes count together and a restart forgets nothing.
create table sign_in_attempts (
  counted bytea primary key,
  count   integer not null,
  since   timestamptz not null
);
create index sign_in_attempts_since on sign_in_attempts (since);

-- The secret itself is random, 256 bits: a plain SHA-256 of it cannot be turned back, and is found by one look at an index.
create table api_keys (
  id           uuid primary key default gen_random_uuid(),
  rider_id     uuid not null references riders on delete cascade,
  name         text not null,
  secret_hash  bytea not null unique,
  -- Its first characters, by which a rider tells his keys apart.
  prefix       text not null,
  scopes       text[] not null check (scopes <@ array['rides:read', 'rides:write', 'admin']),
  -- With which key it was made: it is revoked with that one.
  made_with    uuid references api_keys on delete set null,
  created_at   timestamptz not null default now(),
  expires_at   timestamptz,
  last_used_at timestamptz,
  revoked_at   timestamptz
);
create index api_keys_rider on api_keys (rider_id, created_at);
create index api_keys_made_with on api_keys (made_with) where made_with is not null;

-- Riders who come with tokens of another issuer.
create table token_subjects (
  issuer   text not null,
  subject  text not null,
  rider_id uuid not null unique references riders on delete cascade,
  primary key (issuer, subject)
);

-- Which credentials are no good any more, for processes that know them already: they are told at once, and look here every few
-- seconds for what they were not told. By triggers, so that no way of ending a credential can forget it.
create table revocations (
  -- By which a process knows one that it was told of already.
  id         uuid primary key default gen_random_uuid(),
  credential uuid not null,
  at         timestamptz not null default clock_timestamp()
);
create index revocations_at on revocations (at);

create function revoke_credential() returns trigger language plpgsql as $$
declare
  credential uuid := to_jsonb(old) ->> tg_argv[0];
  revocation uuid := gen_random_uuid();
begin
  insert into revocations (id, credential) values (revocation, credential);
  perform pg_notify('revoked', credential || ' ' || revocation);
  return null;
end $$;
create trigger revoked_by_deletion after delete on sessions
  for each row execute function revoke_credential('id');
create trigger revoked_by_deletion after delete on api_keys
  for each row execute function revoke_credential('id');
create trigger revoked_by_change after update of revoked_at, expires_at, scopes on api_keys
  for each row execute function revoke_credential('id');
create trigger revoked_by_deletion after delete on token_subjects
  for each row execute function revoke_credential('rider_id');

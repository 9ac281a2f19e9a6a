-- The sign-in library makes its own tables, in a schema of its own.
create schema if not exists auth;

create table organizations (
  id text primary key,
  slug text not null unique,
  name text not null,
  created_at timestamptz not null
);

create table projects (
  id text primary key,
  organization_id text not null references organizations (id),
  slug text not null,
  name text not null,
  capture text not null default 'full' check (capture in ('full', 'redacted', 'metadata')),
  created_at timestamptz not null,
  unique (organization_id, slug),
  -- Lets other tables refer to both columns at once, so that a row can never name another organization's project.
  unique (organization_id, id)
);

create table memberships (
  organization_id text not null references organizations (id),
  user_id text not null,
  role text not null,
  created_at timestamptz not null,
  primary key (organization_id, user_id)
);

create index memberships_by_user on memberships (user_id);

create sequence key_changes;

-- A key's last use is written often and is in no index, so that such an update stays within its page.
create table api_keys (
  id text primary key,
  organization_id text not null,
  project_id text not null,
  name text not null,
  kind text not null check (kind in ('gateway', 'ingest')),
  mode text not null check (mode in ('live', 'test')),
  environment text not null,
  permissions text[] not null,
  digest text not null unique,
  prefix text not null,
  last_four text not null,
  requests_per_minute_max integer not null check (requests_per_minute_max > 0),
  concurrency_max integer not null check (concurrency_max > 0),
  created_at timestamptz not null,
  created_by text,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  last_used_ip text,
  sequence bigint not null,
  foreign key (organization_id, project_id) references projects (organization_id, id)
) with (fillfactor = 85);

create index api_keys_by_project on api_keys (project_id, created_at desc, id desc);
create unique index api_keys_by_sequence on api_keys (sequence);

-- Key changes commit one after the other: otherwise a reader could see change 8 before change 7 is committed,
-- ask only for what follows 8, and never hear of 7.
create function lock_key_changes() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(7261, 2);
  return null;
end $$;

create function number_key_change() returns trigger language plpgsql as $$
begin
  new.sequence := nextval('key_changes');
  return new;
end $$;

-- One notification per statement, with the newest number: readers list everything since the number they have.
create function notify_key_change() returns trigger language plpgsql as $$
begin
  perform pg_notify('tr_keys', (select last_value from key_changes)::text);
  return null;
end $$;

create trigger keys_lock before insert or update of
  name, kind, mode, environment, permissions, digest, requests_per_minute_max, concurrency_max, expires_at, revoked_at, sequence
  on api_keys for each statement execute function lock_key_changes();

create trigger keys_number before insert or update of
  name, kind, mode, environment, permissions, digest, requests_per_minute_max, concurrency_max, expires_at, revoked_at, sequence
  on api_keys for each row execute function number_key_change();

create trigger keys_notify after insert or update of
  name, kind, mode, environment, permissions, digest, requests_per_minute_max, concurrency_max, expires_at, revoked_at, sequence
  on api_keys for each statement execute function notify_key_change();

-- What a key stands for includes its project's capture setting, so a change of that is a change of the keys.
create function renumber_keys_of_project() returns trigger language plpgsql as $$
begin
  update api_keys set sequence = 0 where project_id = new.id;
  return null;
end $$;

create trigger projects_capture after update of capture on projects
  for each row when (old.capture is distinct from new.capture) execute function renumber_keys_of_project();

create table live_servers (
  id text primary key,
  sequence bigint not null,
  seen_at timestamptz not null
);

create table provider_credentials (
  id text primary key,
  organization_id text not null references organizations (id),
  provider_id text not null,
  name text not null,
  sealed bytea not null,
  created_at timestamptz not null,
  created_by text,
  unique (organization_id, provider_id, name)
);

create table installation_secrets (
  name text primary key,
  sealed bytea not null,
  updated_at timestamptz not null
);

create table setup_links (
  digest text primary key,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

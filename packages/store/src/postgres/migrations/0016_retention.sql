-- How long a project keeps what, where it differs from the installation's defaults: `{"traces_days": 90}`. A field that is
-- null keeps for ever; one that is absent follows the default.
create table project_retention (
  project_id text not null primary key references projects (id) on delete cascade,
  policy jsonb not null,
  updated_at timestamptz not null,
  updated_by text
);

-- What somebody asked to delete, where it stands, and the receipt. It stays when all is deleted: whatever is loaded later
-- and was recorded before is held against it.
create table deletions (
  id text not null primary key,
  organization_id text not null,
  project_id text not null,
  filter jsonb not null,
  is_dry_run boolean not null,
  -- Asked for by a test key, which reaches nothing of live keys.
  is_test_only boolean not null,
  state text not null check (state in ('counting', 'deleting', 'sweeping', 'done', 'failed', 'counted')),
  requested_by text,
  requested_at timestamptz not null,
  -- Renewed while a server works on it; one that is not renewed is taken over.
  updated_at timestamptz not null,
  finished_at timestamptz,
  server_id text,
  deleted jsonb not null,
  step integer not null default 0,
  error text,
  receipt jsonb,
  foreign key (organization_id, project_id) references projects (organization_id, id)
);

create index deletions_by_age on deletions (project_id, requested_at desc, id desc);
create index deletions_open on deletions (requested_at) where finished_at is null;
create index deletions_real on deletions (requested_at) where not is_dry_run;

-- Before something is deleted, every server loads what it recorded and forgets what it remembers. A round is a number that
-- all live servers repeat once they did.
create sequence data_rounds;
alter table live_servers add column data_round bigint;

-- Projects in which contents may be left that no span refers to.
create table content_sweeps (
  project_id text not null primary key references projects (id) on delete cascade,
  asked_at timestamptz not null
);

-- When each kind of retention last went through everything.
create table retention_runs (
  name text not null primary key,
  ran_at timestamptz not null
);

-- Whose a stored reply is, so that it goes when all of theirs goes. Unknown for replies from before.
alter table stored_responses
  add column request_id text,
  add column user_id text,
  add column session_id text,
  add column tags text[];
create index stored_responses_by_request on stored_responses (project_id, request_id) where request_id is not null;
create index stored_responses_by_user on stored_responses (project_id, user_id) where user_id is not null;
create index stored_responses_by_age on stored_responses (project_id, created_at);

alter table conversation_items
  add column request_id text,
  add column user_id text,
  add column session_id text,
  add column tags text[],
  add column created_at timestamptz;
alter table conversation_items alter column created_at set default now();
create index conversation_items_by_request on conversation_items (project_id, request_id) where request_id is not null;
create index conversation_items_by_user on conversation_items (project_id, user_id) where user_id is not null;

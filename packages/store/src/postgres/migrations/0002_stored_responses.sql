-- Replies of the Responses API and conversations. What was said is in `sealed` alone, encrypted by the server under the
-- row's identity; everything else here says only whose it is, when it came and how it ended. `mode` keeps what test keys
-- stored apart from what live keys stored.
create table stored_responses (
  project_id text not null references projects (id) on delete cascade,
  mode text not null check (mode in ('live', 'test')),
  id text not null,
  key_id text not null,
  status text not null
    check (status in ('queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled')),
  -- The turn before this one, and the conversation it belongs to. Neither holds the other: each is deleted by itself.
  previous_id text,
  conversation_id text,
  -- What the reply and its input call their items, so that a later call can refer to one.
  item_ids text[] not null,
  -- The server that works on it, for a call that runs without its caller.
  server_id text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  sealed bytea not null,
  primary key (project_id, mode, id)
);

-- Ciphertext does not compress.
alter table stored_responses alter column sealed set storage external;
create index stored_responses_by_item on stored_responses using gin (item_ids);
create index stored_responses_by_expiry on stored_responses (expires_at);
create index stored_responses_running on stored_responses (server_id) where status in ('queued', 'in_progress');

create table conversations (
  project_id text not null references projects (id) on delete cascade,
  mode text not null check (mode in ('live', 'test')),
  id text not null,
  key_id text not null,
  created_at timestamptz not null,
  used_at timestamptz not null,
  sealed bytea not null,
  primary key (project_id, mode, id)
);

create index conversations_by_use on conversations (used_at);

create table conversation_items (
  project_id text not null,
  mode text not null,
  conversation_id text not null,
  position bigint generated always as identity,
  id text not null,
  sealed bytea not null,
  primary key (project_id, mode, conversation_id, position),
  unique (project_id, mode, conversation_id, id),
  foreign key (project_id, mode, conversation_id) references conversations (project_id, mode, id) on delete cascade
);

alter table conversation_items alter column sealed set storage external;
create index conversation_items_by_id on conversation_items (project_id, mode, id);

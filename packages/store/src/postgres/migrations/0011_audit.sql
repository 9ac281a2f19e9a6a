-- What people, keys and the operator did: one chain per organization, and one of the installation, whose
-- organization_id is 'installation'. There is no foreign key: a chain outlives what it tells of.
create table audit_chains (
  organization_id text primary key,
  -- What its links are bound with, sealed; nobody who reads this table can make a link.
  sealed_key bytea not null,
  -- The newest link, and what proves that this row says so.
  sequence bigint not null default 0 check (sequence >= 0),
  mac bytea not null,
  head_mac bytea not null,
  -- The newest link of which a signed copy left the database.
  anchored_sequence bigint not null default 0,
  created_at timestamptz(3) not null
);

create table audit_events (
  organization_id text not null,
  sequence bigint not null check (sequence > 0),
  id text not null unique,
  at timestamptz(3) not null,
  action text not null,
  outcome text not null check (outcome in ('done', 'refused', 'failed')),
  actor_kind text not null,
  actor_id text,
  actor_label text,
  actor_role text,
  actor_session text,
  ip text,
  user_agent text,
  request_id text,
  project_id text,
  target_kind text,
  target_id text,
  target_name text,
  -- JSON as it was bound, to the letter: a type that writes it anew would break the chain.
  before text,
  after text,
  reason text,
  count integer not null check (count > 0),
  -- The mac of the link before.
  previous bytea not null,
  mac bytea not null,
  primary key (organization_id, sequence)
);

create index audit_events_at on audit_events (organization_id, at);
create index audit_events_action on audit_events (organization_id, action, sequence);
create index audit_events_actor on audit_events (organization_id, actor_id, sequence) where actor_id is not null;
create index audit_events_label on audit_events (organization_id, actor_label, sequence) where actor_label is not null;
create index audit_events_target on audit_events (organization_id, target_id, sequence) where target_id is not null;
create index audit_events_ip on audit_events (organization_id, ip, sequence) where ip is not null;

-- Nothing in a chain is changed or taken out, except its beginning, by the function below. Whoever owns the database can
-- drop this; the chain tells.
create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('tokenrouter.prunes_audit', true) = 'yes' then
    return old;
  end if;
  raise exception 'audit_events is append-only' using errcode = 'insufficient_privilege';
end
$$;

create trigger audit_events_append_only before update or delete on audit_events
  for each row execute function refuse_audit_change();
create trigger audit_events_not_truncated before truncate on audit_events
  for each statement execute function refuse_audit_change();

-- Takes out the links before one, and says how many they were.
create function prune_audit_events(chain text, before_sequence bigint) returns bigint language plpgsql as $$
declare
  removed bigint;
begin
  perform set_config('tokenrouter.prunes_audit', 'yes', true);
  delete from audit_events where organization_id = chain and sequence < before_sequence;
  get diagnostics removed = row_count;
  perform set_config('tokenrouter.prunes_audit', '', true);
  return removed;
end
$$;

-- How far each chain was brought to a receiver outside, such as 'webhook', and which server brings it.
create table audit_streams (
  name text primary key,
  holder text,
  held_until timestamptz(3)
);
create table audit_stream_positions (
  name text not null references audit_streams (name) on delete cascade,
  organization_id text not null,
  sequence bigint not null,
  primary key (name, organization_id)
);

-- Functions for every table whose changes servers follow. What they work on are a trigger's arguments: the number of
-- the lock, the sequence, the channel.

-- Changes of one table commit one after the other: otherwise a reader could see change 8 before change 7 is
-- committed, ask only for what follows 8, and never hear of 7.
create function lock_changes() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(7261, tg_argv[0]::integer);
  return null;
end $$;

create function number_change() returns trigger language plpgsql as $$
begin
  new.sequence := nextval(tg_argv[0]::regclass);
  return new;
end $$;

-- One notification per statement, with the newest number: readers list everything since the number they have.
create function notify_change() returns trigger language plpgsql as $$
begin
  perform pg_notify(tg_argv[0], coalesce(pg_sequence_last_value(tg_argv[1]::regclass), 0)::text);
  return null;
end $$;

-- A server says of each kind of change how far it has come. One that does not know of limits says nothing of them.
alter table live_servers add column limit_sequence bigint;

create sequence limit_changes;

create table limits (
  id text primary key,
  organization_id text not null references organizations (id),
  -- Absent for a limit over the whole organization.
  project_id text,
  name text not null,
  scope_kind text not null check (scope_kind in ('organization', 'project', 'key', 'user', 'model', 'tag')),
  scope_id text not null,
  measure text not null
    check (measure in ('requests', 'input_tokens', 'output_tokens', 'tokens', 'concurrency', 'cost')),
  period text check (period in ('minute', 'hour', 'day', 'month')),
  -- Requests, tokens, calls or nano-dollars.
  amount bigint not null check (amount between 0 and 9007199254740991),
  enforcement text not null check (enforcement in ('enforce', 'shadow')),
  source text not null check (source in ('api', 'file')),
  -- What follows makes a limit on cost a budget.
  is_budget boolean not null,
  action text check (action in ('block', 'route', 'ask')),
  route_model text,
  warn_percents smallint[] not null,
  is_strict boolean not null,
  carries_over boolean not null,
  owner text,
  created_at timestamptz not null,
  created_by text,
  -- A deleted limit stays, so that servers hear of its end and notices keep what they tell of.
  deleted_at timestamptz,
  -- The start of the last period for which what the one before left was carried over.
  carried_until timestamptz,
  sequence bigint not null,
  check ((measure = 'concurrency') = (period is null)),
  check (is_budget = (action is not null)),
  check ((coalesce(action, '') = 'route') = (route_model is not null)),
  check (not is_budget or (measure = 'cost' and period in ('day', 'month'))),
  foreign key (organization_id, project_id) references projects (organization_id, id)
);

create unique index limits_by_sequence on limits (sequence);
create index limits_by_owner on limits (organization_id, project_id, is_budget, created_at desc, id desc)
  where deleted_at is null;
create index limits_that_carry on limits (carried_until) where carries_over and deleted_at is null;

create trigger limits_lock before insert or update of
  project_id, name, scope_kind, scope_id, measure, period, amount, enforcement, is_budget, action, route_model,
  warn_percents, is_strict, owner, deleted_at, sequence
  on limits for each statement execute function lock_changes('5');

create trigger limits_number before insert or update of
  project_id, name, scope_kind, scope_id, measure, period, amount, enforcement, is_budget, action, route_model,
  warn_percents, is_strict, owner, deleted_at, sequence
  on limits for each row execute function number_change('limit_changes');

create trigger limits_notify after insert or update of
  project_id, name, scope_kind, scope_id, measure, period, amount, enforcement, is_budget, action, route_model,
  warn_percents, is_strict, owner, deleted_at, sequence
  on limits for each statement execute function notify_change('tr_limits', 'limit_changes');

-- What one period of a budget has beyond its amount.
create table limit_extras (
  id text primary key,
  organization_id text not null references organizations (id),
  limit_id text not null references limits (id),
  subject text not null,
  period_start timestamptz not null,
  kind text not null check (kind in ('carried', 'granted')),
  amount bigint not null check (amount between 1 and 9007199254740991),
  reason text,
  created_at timestamptz not null,
  created_by text
);

create index limit_extras_by_period on limit_extras (limit_id, period_start desc, subject);
create unique index limit_extras_carried_once on limit_extras (limit_id, period_start, subject)
  where kind = 'carried';

-- What a limit allows includes what its period has beyond it, so more of that is a change of the limit.
create function renumber_limits_of_extras() returns trigger language plpgsql as $$
begin
  update limits set sequence = 0 where id in (select limit_id from added);
  return null;
end $$;

create trigger limit_extras_added after insert on limit_extras
  referencing new table as added for each statement execute function renumber_limits_of_extras();

-- Days and months begin in the organization's zone, so another zone is a change of its limits. Read as JSON, because
-- the column is younger than this function.
create function renumber_limits_of_organization() returns trigger language plpgsql as $$
begin
  if to_jsonb(old) ->> 'zone' is distinct from to_jsonb(new) ->> 'zone' then
    update limits set sequence = 0 where organization_id = new.id and deleted_at is null;
  end if;
  return null;
end $$;

create trigger organizations_zone after update on organizations
  for each row execute function renumber_limits_of_organization();

-- What budgets did, each thing once: who spends on after a grant is told again, because more is available.
create table budget_notices (
  id text primary key,
  organization_id text not null references organizations (id),
  project_id text,
  budget_id text not null references limits (id),
  subject text not null,
  period_start timestamptz not null,
  kind text not null
    check (kind in ('warned', 'exhausted', 'asked', 'granted', 'declined', 'routed', 'exceeded_shadow')),
  percent smallint,
  spent bigint not null,
  available bigint not null,
  told text[] not null,
  created_at timestamptz not null,
  -- What the owner said to `asked`.
  answer text check (answer in ('granted', 'declined')),
  answered_at timestamptz,
  answered_by text,
  reason text,
  unique nulls not distinct (budget_id, subject, period_start, kind, percent, available)
);

create index budget_notices_by_owner on budget_notices (organization_id, project_id, created_at desc, id desc);
create index budget_notices_by_budget on budget_notices (budget_id, created_at desc, id desc);
create index budget_notices_by_age on budget_notices (created_at);

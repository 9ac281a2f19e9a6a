-- Rules that watch the calls, keys and people of a project or of a whole organization, with how they stand.
create table alerts (
  id text primary key,
  organization_id text not null references organizations (id),
  -- Absent for a rule over the whole organization.
  project_id text,
  name text not null,
  metric text not null check (metric in ('spend', 'calls', 'tokens', 'error_rate', 'refusal_rate', 'latency_p50',
    'latency_p95', 'latency_p99', 'ttft_p95', 'new_address', 'audit_event', 'anomaly')),
  scope_key text,
  scope_user text,
  scope_model text,
  scope_provider text,
  per text not null check (per in ('all', 'key', 'user', 'model')),
  direction text not null check (direction in ('above', 'below')),
  -- US dollars, percent, milliseconds or a count; absent where the metric needs none.
  threshold double precision,
  window_minutes integer not null check (window_minutes between 1 and 43200),
  calls_min integer not null check (calls_min between 1 and 1000000),
  cooldown_minutes integer not null check (cooldown_minutes between 1 and 43200),
  severity text not null check (severity in ('info', 'warning', 'critical')),
  destinations text[] not null,
  actions text[] not null,
  is_enabled boolean not null,
  created_at timestamptz not null,
  created_by text,
  -- Grows with every change of the rule, so that what was found out for the rule as it was is not kept for it as it is.
  revision integer not null default 1,
  state text not null default 'ok' check (state in ('ok', 'firing', 'no_data')),
  state_since timestamptz not null,
  value double precision,
  checked_at timestamptz,
  -- How far it has read where it follows events one by one.
  cursor bigint,
  -- The same in what belongs to the installation, for the organization that runs it.
  installation_cursor bigint,
  check ((threshold is null) = (metric in ('new_address', 'audit_event', 'anomaly'))),
  foreign key (organization_id, project_id) references projects (organization_id, id)
);

create index alerts_by_owner on alerts (organization_id, project_id, created_at desc, id desc);

-- What a rule fires for now, and for what it fired so lately that it says nothing more about it.
create table alert_subjects (
  alert_id text not null references alerts (id) on delete cascade,
  -- The id of a key, a user, a model; empty where all is one.
  subject text not null,
  is_firing boolean not null,
  since timestamptz not null,
  value double precision not null,
  -- When a message last said that it fires, and whether that was about this time.
  told_at timestamptz,
  is_told boolean not null,
  -- Until when something that happened at one moment is held to go on.
  held_until timestamptz,
  explanation text not null,
  primary key (alert_id, subject)
);

-- One message of a rule about everything that changed in one look, until every destination has it.
create table alert_messages (
  id text primary key,
  organization_id text not null references organizations (id),
  alert_id text not null,
  message jsonb not null,
  created_at timestamptz not null,
  -- Those that do not have it yet.
  destinations text[] not null,
  attempts integer not null default 0,
  next_at timestamptz not null,
  -- What each destination said last.
  deliveries jsonb not null default '[]'
);

create index alert_messages_due on alert_messages (next_at) where destinations <> '{}';

-- Every change of state. Name and metric are those of that day: a rule may be renamed or deleted.
create table alert_events (
  id text primary key,
  organization_id text not null references organizations (id),
  project_id text,
  alert_id text not null,
  alert_name text not null,
  metric text not null,
  severity text not null,
  subject text not null,
  state text not null check (state in ('firing', 'resolved')),
  value double precision,
  threshold double precision,
  at timestamptz not null,
  explanation text not null,
  -- Absent where a cool-down kept it quiet.
  message_id text references alert_messages (id) on delete set null
);

create index alert_events_by_owner on alert_events (organization_id, project_id, at desc, id desc);
create index alert_events_by_alert on alert_events (alert_id, at desc, id desc);
create index alert_events_by_age on alert_events (at);
create index alert_events_by_message on alert_events (message_id);

-- From which /24 (IPv4) and /48 (IPv6) each key was used; of many only the latest.
create table key_addresses (
  key_id text not null,
  range text not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (key_id, range)
);

-- A key was used from where it never was. The numbers are given out one after the other, so that a reader misses none.
create table key_address_news (
  sequence bigint generated always as identity primary key,
  organization_id text not null references organizations (id),
  project_id text not null,
  key_id text not null,
  key_name text not null,
  range text not null,
  ip text not null,
  at timestamptz not null
);

create index key_address_news_by_organization on key_address_news (organization_id, sequence);
create index key_address_news_by_age on key_address_news (at);

-- How many calls were refused because they had no key that is good, minute by minute: they belong to no project.
create table refused_calls (
  minute timestamptz not null,
  server_id text not null,
  calls bigint not null,
  primary key (minute, server_id)
);

-- What is not as usual, with what usual is. Of one subject and metric there is one that is not over.
create table anomalies (
  id text primary key,
  organization_id text not null,
  project_id text not null,
  metric text not null check (metric in ('spend', 'errors', 'calls', 'latency')),
  kind text not null check (kind in ('project', 'key', 'user', 'model')),
  subject text not null,
  subject_name text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  value double precision not null,
  low double precision not null,
  middle double precision not null,
  high double precision not null,
  score double precision not null,
  basis text not null,
  explanation text not null,
  contributors jsonb not null,
  history jsonb not null,
  state text not null check (state in ('open', 'over', 'acknowledged')),
  acknowledged_by text,
  foreign key (organization_id, project_id) references projects (organization_id, id)
);

create unique index anomalies_not_over on anomalies (project_id, metric, kind, subject) where state <> 'over';
create index anomalies_by_project on anomalies (project_id, from_at desc, id desc);
create index anomalies_by_age on anomalies (to_at) where state = 'over';

-- When each project was last looked at for anomalies.
create table anomaly_checks (
  project_id text primary key,
  checked_at timestamptz not null
);

-- Written by `npm run schema`.

create sequence conversation_items_position_seq;

create sequence credential_changes;

create sequence data_rounds;

create sequence key_address_news_sequence_seq;

create sequence key_changes;

create sequence limit_changes;

create table alert_events (
  id text not null,
  organization_id text not null,
  project_id text,
  alert_id text not null,
  alert_name text not null,
  metric text not null,
  severity text not null,
  subject text not null,
  state text not null,
  value double precision,
  threshold double precision,
  at timestamp with time zone not null,
  explanation text not null,
  message_id text,
  constraint alert_events_state_check CHECK ((state = ANY (ARRAY['firing'::text, 'resolved'::text]))),
  constraint alert_events_message_id_fkey FOREIGN KEY (message_id) REFERENCES alert_messages(id) ON DELETE SET NULL,
  constraint alert_events_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint alert_events_pkey PRIMARY KEY (id)
);
CREATE INDEX alert_events_by_age ON public.alert_events USING btree (at);
CREATE INDEX alert_events_by_alert ON public.alert_events USING btree (alert_id, at DESC, id DESC);
CREATE INDEX alert_events_by_message ON public.alert_events USING btree (message_id);
CREATE INDEX alert_events_by_owner ON public.alert_events USING btree (organization_id, project_id, at DESC, id DESC);

create table alert_messages (
  id text not null,
  organization_id text not null,
  alert_id text not null,
  message jsonb not null,
  created_at timestamp with time zone not null,
  destinations text[] not null,
  attempts integer not null default 0,
  next_at timestamp with time zone not null,
  deliveries jsonb not null default '[]'::jsonb,
  constraint alert_messages_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint alert_messages_pkey PRIMARY KEY (id)
);
CREATE INDEX alert_messages_due ON public.alert_messages USING btree (next_at) WHERE (destinations <> '{}'::text[]);

create table alert_subjects (
  alert_id text not null,
  subject text not null,
  is_firing boolean not null,
  since timestamp with time zone not null,
  value double precision not null,
  told_at timestamp with time zone,
  is_told boolean not null,
  held_until timestamp with time zone,
  explanation text not null,
  constraint alert_subjects_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES alerts(id) ON DELETE CASCADE,
  constraint alert_subjects_pkey PRIMARY KEY (alert_id, subject)
);

create table alerts (
  id text not null,
  organization_id text not null,
  project_id text,
  name text not null,
  metric text not null,
  scope_key text,
  scope_user text,
  scope_model text,
  scope_provider text,
  per text not null,
  direction text not null,
  threshold double precision,
  window_minutes integer not null,
  calls_min integer not null,
  cooldown_minutes integer not null,
  severity text not null,
  destinations text[] not null,
  actions text[] not null,
  is_enabled boolean not null,
  created_at timestamp with time zone not null,
  created_by text,
  revision integer not null default 1,
  state text not null default 'ok'::text,
  state_since timestamp with time zone not null,
  value double precision,
  checked_at timestamp with time zone,
  cursor bigint,
  installation_cursor bigint,
  constraint alerts_calls_min_check CHECK (((calls_min >= 1) AND (calls_min <= 1000000))),
  constraint alerts_check CHECK (((threshold IS NULL) = (metric = ANY (ARRAY['new_address'::text, 'audit_event'::text, 'anomaly'::text])))),
  constraint alerts_cooldown_minutes_check CHECK (((cooldown_minutes >= 1) AND (cooldown_minutes <= 43200))),
  constraint alerts_direction_check CHECK ((direction = ANY (ARRAY['above'::text, 'below'::text]))),
  constraint alerts_metric_check CHECK ((metric = ANY (ARRAY['spend'::text, 'calls'::text, 'tokens'::text, 'error_rate'::text, 'refusal_rate'::text, 'latency_p50'::text, 'latency_p95'::text, 'latency_p99'::text, 'ttft_p95'::text, 'new_address'::text, 'audit_event'::text, 'anomaly'::text]))),
  constraint alerts_per_check CHECK ((per = ANY (ARRAY['all'::text, 'key'::text, 'user'::text, 'model'::text]))),
  constraint alerts_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'warning'::text, 'critical'::text]))),
  constraint alerts_state_check CHECK ((state = ANY (ARRAY['ok'::text, 'firing'::text, 'no_data'::text]))),
  constraint alerts_window_minutes_check CHECK (((window_minutes >= 1) AND (window_minutes <= 43200))),
  constraint alerts_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint alerts_organization_id_project_id_fkey FOREIGN KEY (organization_id, project_id) REFERENCES projects(organization_id, id),
  constraint alerts_pkey PRIMARY KEY (id)
);
CREATE INDEX alerts_by_owner ON public.alerts USING btree (organization_id, project_id, created_at DESC, id DESC);

create table anomalies (
  id text not null,
  organization_id text not null,
  project_id text not null,
  metric text not null,
  kind text not null,
  subject text not null,
  subject_name text not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  value double precision not null,
  low double precision not null,
  middle double precision not null,
  high double precision not null,
  score double precision not null,
  basis text not null,
  explanation text not null,
  contributors jsonb not null,
  history jsonb not null,
  state text not null,
  acknowledged_by text,
  constraint anomalies_kind_check CHECK ((kind = ANY (ARRAY['project'::text, 'key'::text, 'user'::text, 'model'::text]))),
  constraint anomalies_metric_check CHECK ((metric = ANY (ARRAY['spend'::text, 'errors'::text, 'calls'::text, 'latency'::text]))),
  constraint anomalies_state_check CHECK ((state = ANY (ARRAY['open'::text, 'over'::text, 'acknowledged'::text]))),
  constraint anomalies_organization_id_project_id_fkey FOREIGN KEY (organization_id, project_id) REFERENCES projects(organization_id, id),
  constraint anomalies_pkey PRIMARY KEY (id)
);
CREATE INDEX anomalies_by_age ON public.anomalies USING btree (to_at) WHERE (state = 'over'::text);
CREATE INDEX anomalies_by_project ON public.anomalies USING btree (project_id, from_at DESC, id DESC);
CREATE UNIQUE INDEX anomalies_not_over ON public.anomalies USING btree (project_id, metric, kind, subject) WHERE (state <> 'over'::text);

create table anomaly_checks (
  project_id text not null,
  checked_at timestamp with time zone not null,
  constraint anomaly_checks_pkey PRIMARY KEY (project_id)
);

create table api_keys (
  id text not null,
  organization_id text not null,
  project_id text not null,
  name text not null,
  kind text not null,
  mode text not null,
  environment text not null,
  permissions text[] not null,
  digest text not null,
  prefix text not null,
  last_four text not null,
  requests_per_minute_max integer not null,
  concurrency_max integer not null,
  created_at timestamp with time zone not null,
  created_by text,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  last_used_at timestamp with time zone,
  last_used_ip text,
  sequence bigint not null,
  owner text,
  tags text[] not null default '{}'::text[],
  models text[],
  providers text[],
  ip_ranges text[],
  replaced_by text,
  replaces text,
  constraint api_keys_concurrency_max_check CHECK ((concurrency_max > 0)),
  constraint api_keys_confined CHECK (((cardinality(models) > 0) AND (cardinality(providers) > 0) AND (cardinality(ip_ranges) > 0))),
  constraint api_keys_kind_check CHECK ((kind = ANY (ARRAY['gateway'::text, 'ingest'::text]))),
  constraint api_keys_mode_check CHECK ((mode = ANY (ARRAY['live'::text, 'test'::text]))),
  constraint api_keys_requests_per_minute_max_check CHECK ((requests_per_minute_max > 0)),
  constraint api_keys_organization_id_project_id_fkey FOREIGN KEY (organization_id, project_id) REFERENCES projects(organization_id, id),
  constraint api_keys_replaced_by_fkey FOREIGN KEY (replaced_by) REFERENCES api_keys(id),
  constraint api_keys_replaces_fkey FOREIGN KEY (replaces) REFERENCES api_keys(id),
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_digest_key UNIQUE (digest)
);
CREATE INDEX api_keys_by_maker ON public.api_keys USING btree (created_by) WHERE ((revoked_at IS NULL) AND (created_by IS NOT NULL));
CREATE INDEX api_keys_by_project ON public.api_keys USING btree (project_id, created_at DESC, id DESC);
CREATE UNIQUE INDEX api_keys_by_replaced ON public.api_keys USING btree (replaces) WHERE (replaces IS NOT NULL);
CREATE UNIQUE INDEX api_keys_by_sequence ON public.api_keys USING btree (sequence);

create table audit_chains (
  organization_id text not null,
  sealed_key bytea not null,
  sequence bigint not null default 0,
  mac bytea not null,
  head_mac bytea not null,
  anchored_sequence bigint not null default 0,
  created_at timestamp(3) with time zone not null,
  constraint audit_chains_sequence_check CHECK ((sequence >= 0)),
  constraint audit_chains_pkey PRIMARY KEY (organization_id)
);

create table audit_events (
  organization_id text not null,
  sequence bigint not null,
  id text not null,
  at timestamp(3) with time zone not null,
  action text not null,
  outcome text not null,
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
  before text,
  after text,
  reason text,
  count integer not null,
  previous bytea not null,
  mac bytea not null,
  constraint audit_events_count_check CHECK ((count > 0)),
  constraint audit_events_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'refused'::text, 'failed'::text]))),
  constraint audit_events_sequence_check CHECK ((sequence > 0)),
  constraint audit_events_pkey PRIMARY KEY (organization_id, sequence),
  constraint audit_events_id_key UNIQUE (id)
);
CREATE INDEX audit_events_action ON public.audit_events USING btree (organization_id, action, sequence);
CREATE INDEX audit_events_actor ON public.audit_events USING btree (organization_id, actor_id, sequence) WHERE (actor_id IS NOT NULL);
CREATE INDEX audit_events_at ON public.audit_events USING btree (organization_id, at);
CREATE INDEX audit_events_ip ON public.audit_events USING btree (organization_id, ip, sequence) WHERE (ip IS NOT NULL);
CREATE INDEX audit_events_label ON public.audit_events USING btree (organization_id, actor_label, sequence) WHERE (actor_label IS NOT NULL);
CREATE INDEX audit_events_target ON public.audit_events USING btree (organization_id, target_id, sequence) WHERE (target_id IS NOT NULL);

create table audit_stream_positions (
  name text not null,
  organization_id text not null,
  sequence bigint not null,
  constraint audit_stream_positions_name_fkey FOREIGN KEY (name) REFERENCES audit_streams(name) ON DELETE CASCADE,
  constraint audit_stream_positions_pkey PRIMARY KEY (name, organization_id)
);

create table audit_streams (
  name text not null,
  holder text,
  held_until timestamp(3) with time zone,
  constraint audit_streams_pkey PRIMARY KEY (name)
);

create table budget_notices (
  id text not null,
  organization_id text not null,
  project_id text,
  budget_id text not null,
  subject text not null,
  period_start timestamp with time zone not null,
  kind text not null,
  percent smallint,
  spent bigint not null,
  available bigint not null,
  told text[] not null,
  created_at timestamp with time zone not null,
  answer text,
  answered_at timestamp with time zone,
  answered_by text,
  reason text,
  constraint budget_notices_answer_check CHECK ((answer = ANY (ARRAY['granted'::text, 'declined'::text]))),
  constraint budget_notices_kind_check CHECK ((kind = ANY (ARRAY['warned'::text, 'exhausted'::text, 'asked'::text, 'granted'::text, 'declined'::text, 'routed'::text, 'exceeded_shadow'::text]))),
  constraint budget_notices_budget_id_fkey FOREIGN KEY (budget_id) REFERENCES limits(id),
  constraint budget_notices_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint budget_notices_pkey PRIMARY KEY (id),
  constraint budget_notices_budget_id_subject_period_start_kind_percent__key UNIQUE NULLS NOT DISTINCT (budget_id, subject, period_start, kind, percent, available)
);
CREATE INDEX budget_notices_by_age ON public.budget_notices USING btree (created_at);
CREATE INDEX budget_notices_by_budget ON public.budget_notices USING btree (budget_id, created_at DESC, id DESC);
CREATE INDEX budget_notices_by_owner ON public.budget_notices USING btree (organization_id, project_id, created_at DESC, id DESC);

create table content_sweeps (
  project_id text not null,
  asked_at timestamp with time zone not null,
  constraint content_sweeps_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE CASCADE,
  constraint content_sweeps_pkey PRIMARY KEY (project_id)
);

create table conversation_items (
  project_id text not null,
  mode text not null,
  conversation_id text not null,
  "position" bigint not null,
  id text not null,
  sealed bytea not null,
  request_id text,
  user_id text,
  session_id text,
  tags text[],
  created_at timestamp with time zone default now(),
  constraint conversation_items_project_id_mode_conversation_id_fkey FOREIGN KEY (project_id, mode, conversation_id) REFERENCES conversations(project_id, mode, id) ON DELETE CASCADE,
  constraint conversation_items_pkey PRIMARY KEY (project_id, mode, conversation_id, "position"),
  constraint conversation_items_project_id_mode_conversation_id_id_key UNIQUE (project_id, mode, conversation_id, id)
);
CREATE INDEX conversation_items_by_id ON public.conversation_items USING btree (project_id, mode, id);
CREATE INDEX conversation_items_by_request ON public.conversation_items USING btree (project_id, request_id) WHERE (request_id IS NOT NULL);
CREATE INDEX conversation_items_by_user ON public.conversation_items USING btree (project_id, user_id) WHERE (user_id IS NOT NULL);

create table conversations (
  project_id text not null,
  mode text not null,
  id text not null,
  key_id text not null,
  created_at timestamp with time zone not null,
  used_at timestamp with time zone not null,
  sealed bytea not null,
  constraint conversations_mode_check CHECK ((mode = ANY (ARRAY['live'::text, 'test'::text]))),
  constraint conversations_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE CASCADE,
  constraint conversations_pkey PRIMARY KEY (project_id, mode, id)
);
CREATE INDEX conversations_by_use ON public.conversations USING btree (used_at);

create table deletions (
  id text not null,
  organization_id text not null,
  project_id text not null,
  filter jsonb not null,
  is_dry_run boolean not null,
  is_test_only boolean not null,
  state text not null,
  requested_by text,
  requested_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  server_id text,
  deleted jsonb not null,
  step integer not null default 0,
  error text,
  receipt jsonb,
  constraint deletions_state_check CHECK ((state = ANY (ARRAY['counting'::text, 'deleting'::text, 'sweeping'::text, 'done'::text, 'failed'::text, 'counted'::text]))),
  constraint deletions_organization_id_project_id_fkey FOREIGN KEY (organization_id, project_id) REFERENCES projects(organization_id, id),
  constraint deletions_pkey PRIMARY KEY (id)
);
CREATE INDEX deletions_by_age ON public.deletions USING btree (project_id, requested_at DESC, id DESC);
CREATE INDEX deletions_open ON public.deletions USING btree (requested_at) WHERE (finished_at IS NULL);
CREATE INDEX deletions_real ON public.deletions USING btree (requested_at) WHERE (NOT is_dry_run);

create table destinations (
  id text not null,
  organization_id text not null,
  name text not null,
  kind text not null,
  target text not null,
  sealed bytea not null,
  budget_notices boolean not null,
  created_at timestamp with time zone not null,
  created_by text,
  delivered_at timestamp with time zone,
  delivery_error text,
  constraint destinations_check CHECK (((delivered_at IS NOT NULL) OR (delivery_error IS NULL))),
  constraint destinations_kind_check CHECK ((kind = ANY (ARRAY['webhook'::text, 'slack'::text, 'email'::text]))),
  constraint destinations_name_check CHECK ((name <> ''::text)),
  constraint destinations_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint destinations_pkey PRIMARY KEY (id),
  constraint destinations_organization_id_name_key UNIQUE (organization_id, name)
);

create table inline_keys (
  generation integer not null,
  kid text not null,
  public_pem text not null,
  sealed bytea not null,
  created_at timestamp with time zone not null,
  replaced_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint inline_keys_pkey PRIMARY KEY (generation),
  constraint inline_keys_kid_key UNIQUE (kid)
);

create table installation_secrets (
  name text not null,
  sealed bytea not null,
  updated_at timestamp with time zone not null,
  constraint installation_secrets_pkey PRIMARY KEY (name)
);

create table invitations (
  id text not null,
  organization_id text not null,
  email text not null,
  role text,
  projects jsonb not null,
  digest text not null,
  created_at timestamp with time zone not null,
  created_by text,
  expires_at timestamp with time zone not null,
  accepted_at timestamp with time zone,
  accepted_by text,
  revoked_at timestamp with time zone,
  constraint invitations_check CHECK (((accepted_at IS NULL) OR (revoked_at IS NULL))),
  constraint invitations_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'member'::text]))),
  constraint invitations_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint invitations_pkey PRIMARY KEY (id),
  constraint invitations_digest_key UNIQUE (digest)
);
CREATE INDEX invitations_by_email ON public.invitations USING btree (email) WHERE ((accepted_at IS NULL) AND (revoked_at IS NULL));
CREATE INDEX invitations_by_organization ON public.invitations USING btree (organization_id, created_at DESC, id DESC);
CREATE UNIQUE INDEX invitations_open ON public.invitations USING btree (organization_id, email) WHERE ((accepted_at IS NULL) AND (revoked_at IS NULL));

create table key_address_news (
  sequence bigint not null,
  organization_id text not null,
  project_id text not null,
  key_id text not null,
  key_name text not null,
  range text not null,
  ip text not null,
  at timestamp with time zone not null,
  constraint key_address_news_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint key_address_news_pkey PRIMARY KEY (sequence)
);
CREATE INDEX key_address_news_by_age ON public.key_address_news USING btree (at);
CREATE INDEX key_address_news_by_organization ON public.key_address_news USING btree (organization_id, sequence);

create table key_addresses (
  key_id text not null,
  range text not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  constraint key_addresses_pkey PRIMARY KEY (key_id, range)
);

create table limit_extras (
  id text not null,
  organization_id text not null,
  limit_id text not null,
  subject text not null,
  period_start timestamp with time zone not null,
  kind text not null,
  amount bigint not null,
  reason text,
  created_at timestamp with time zone not null,
  created_by text,
  constraint limit_extras_amount_check CHECK (((amount >= 1) AND (amount <= '9007199254740991'::bigint))),
  constraint limit_extras_kind_check CHECK ((kind = ANY (ARRAY['carried'::text, 'granted'::text]))),
  constraint limit_extras_limit_id_fkey FOREIGN KEY (limit_id) REFERENCES limits(id),
  constraint limit_extras_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint limit_extras_pkey PRIMARY KEY (id)
);
CREATE INDEX limit_extras_by_period ON public.limit_extras USING btree (limit_id, period_start DESC, subject);
CREATE UNIQUE INDEX limit_extras_carried_once ON public.limit_extras USING btree (limit_id, period_start, subject) WHERE (kind = 'carried'::text);

create table limit_floors (
  server_id text not null,
  limit_id text not null,
  subject text not null,
  period_start timestamp with time zone not null,
  held bigint not null,
  constraint limit_floors_pkey PRIMARY KEY (server_id, limit_id, subject, period_start)
);

create table limit_journals (
  segment text not null,
  applied_at timestamp with time zone not null,
  constraint limit_journals_pkey PRIMARY KEY (segment)
);

create table limit_usage (
  limit_id text not null,
  subject text not null,
  period_start timestamp with time zone not null,
  used bigint not null,
  constraint limit_usage_pkey PRIMARY KEY (limit_id, subject, period_start)
);
CREATE INDEX limit_usage_by_age ON public.limit_usage USING btree (period_start);
CREATE INDEX limit_usage_by_limit ON public.limit_usage USING btree (limit_id, period_start);

create table limits (
  id text not null,
  organization_id text not null,
  project_id text,
  name text not null,
  scope_kind text not null,
  scope_id text not null,
  measure text not null,
  period text,
  amount bigint not null,
  enforcement text not null,
  source text not null,
  is_budget boolean not null,
  action text,
  route_model text,
  warn_percents smallint[] not null,
  is_strict boolean not null,
  carries_over boolean not null,
  owner text,
  created_at timestamp with time zone not null,
  created_by text,
  deleted_at timestamp with time zone,
  carried_until timestamp with time zone,
  sequence bigint not null,
  constraint limits_action_check CHECK ((action = ANY (ARRAY['block'::text, 'route'::text, 'ask'::text]))),
  constraint limits_amount_check CHECK (((amount >= 0) AND (amount <= '9007199254740991'::bigint))),
  constraint limits_check CHECK (((measure = 'concurrency'::text) = (period IS NULL))),
  constraint limits_check1 CHECK ((is_budget = (action IS NOT NULL))),
  constraint limits_check2 CHECK (((COALESCE(action, ''::text) = 'route'::text) = (route_model IS NOT NULL))),
  constraint limits_check3 CHECK (((NOT is_budget) OR ((measure = 'cost'::text) AND (period = ANY (ARRAY['day'::text, 'month'::text]))))),
  constraint limits_enforcement_check CHECK ((enforcement = ANY (ARRAY['enforce'::text, 'shadow'::text]))),
  constraint limits_measure_check CHECK ((measure = ANY (ARRAY['requests'::text, 'input_tokens'::text, 'output_tokens'::text, 'tokens'::text, 'concurrency'::text, 'cost'::text]))),
  constraint limits_period_check CHECK ((period = ANY (ARRAY['minute'::text, 'hour'::text, 'day'::text, 'month'::text]))),
  constraint limits_scope_kind_check CHECK ((scope_kind = ANY (ARRAY['organization'::text, 'project'::text, 'key'::text, 'user'::text, 'model'::text, 'tag'::text]))),
  constraint limits_source_check CHECK ((source = ANY (ARRAY['api'::text, 'file'::text]))),
  constraint limits_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint limits_organization_id_project_id_fkey FOREIGN KEY (organization_id, project_id) REFERENCES projects(organization_id, id),
  constraint limits_pkey PRIMARY KEY (id)
);
CREATE INDEX limits_by_owner ON public.limits USING btree (organization_id, project_id, is_budget, created_at DESC, id DESC) WHERE (deleted_at IS NULL);
CREATE UNIQUE INDEX limits_by_sequence ON public.limits USING btree (sequence);
CREATE INDEX limits_that_carry ON public.limits USING btree (carried_until) WHERE (carries_over AND (deleted_at IS NULL));

create table live_servers (
  id text not null,
  sequence bigint not null,
  seen_at timestamp with time zone not null,
  limit_sequence bigint,
  credential_sequence bigint,
  data_round bigint,
  constraint live_servers_pkey PRIMARY KEY (id)
);

create table member_activity (
  organization_id text not null,
  user_id text not null,
  last_active_at timestamp with time zone not null,
  constraint member_activity_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint member_activity_pkey PRIMARY KEY (organization_id, user_id)
);

create table memberships (
  organization_id text not null,
  user_id text not null,
  role text not null,
  created_at timestamp with time zone not null,
  constraint memberships_role CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'member'::text]))),
  constraint memberships_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint memberships_pkey PRIMARY KEY (organization_id, user_id)
);
CREATE INDEX memberships_by_user ON public.memberships USING btree (user_id);

create table organizations (
  id text not null,
  slug text not null,
  name text not null,
  created_at timestamp with time zone not null,
  zone text not null default 'UTC'::text,
  constraint organizations_zone_check CHECK ((zone <> ''::text)),
  constraint organizations_pkey PRIMARY KEY (id),
  constraint organizations_slug_key UNIQUE (slug)
);

create table passkey_challenges (
  digest text not null,
  challenge text not null,
  purpose text not null,
  user_id text,
  session_id text,
  expires_at timestamp with time zone not null,
  constraint passkey_challenges_check CHECK (((purpose = 'create'::text) = ((user_id IS NOT NULL) AND (session_id IS NOT NULL)))),
  constraint passkey_challenges_purpose_check CHECK ((purpose = ANY (ARRAY['create'::text, 'sign-in'::text]))),
  constraint passkey_challenges_pkey PRIMARY KEY (digest)
);
CREATE INDEX passkey_challenges_expiry ON public.passkey_challenges USING btree (expires_at);

create table passkeys (
  id text not null,
  user_id text not null,
  name text not null,
  credential_id text not null,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  created_at timestamp with time zone not null,
  last_used_at timestamp with time zone,
  constraint passkeys_counter_check CHECK ((counter >= 0)),
  constraint passkeys_name_check CHECK ((name <> ''::text)),
  constraint passkeys_pkey PRIMARY KEY (id),
  constraint passkeys_credential_id_key UNIQUE (credential_id)
);
CREATE INDEX passkeys_of_user ON public.passkeys USING btree (user_id, created_at);

create table project_memberships (
  organization_id text not null,
  project_id text not null,
  user_id text not null,
  role text not null,
  created_at timestamp with time zone not null,
  constraint project_memberships_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'member'::text]))),
  constraint project_memberships_organization_id_project_id_fkey FOREIGN KEY (organization_id, project_id) REFERENCES projects(organization_id, id),
  constraint project_memberships_pkey PRIMARY KEY (project_id, user_id)
);
CREATE INDEX project_memberships_by_organization ON public.project_memberships USING btree (organization_id, user_id);
CREATE INDEX project_memberships_by_user ON public.project_memberships USING btree (user_id);

create table project_retention (
  project_id text not null,
  policy jsonb not null,
  updated_at timestamp with time zone not null,
  updated_by text,
  constraint project_retention_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE CASCADE,
  constraint project_retention_pkey PRIMARY KEY (project_id)
);

create table projects (
  id text not null,
  organization_id text not null,
  slug text not null,
  name text not null,
  capture text not null default 'full'::text,
  created_at timestamp with time zone not null,
  constraint projects_capture_check CHECK ((capture = ANY (ARRAY['full'::text, 'redacted'::text, 'metadata'::text]))),
  constraint projects_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint projects_pkey PRIMARY KEY (id),
  constraint projects_organization_id_id_key UNIQUE (organization_id, id),
  constraint projects_organization_id_slug_key UNIQUE (organization_id, slug)
);

create table provider_credentials (
  id text not null,
  organization_id text not null,
  provider_id text not null,
  name text not null,
  sealed bytea,
  created_at timestamp with time zone not null,
  created_by text,
  project_id text,
  reference text,
  origins text[] not null default '{}'::text[],
  last_four text,
  weight integer not null default 1,
  enabled boolean not null default true,
  rotated_at timestamp with time zone,
  deleted_at timestamp with time zone,
  sequence bigint not null,
  constraint provider_credentials_one_secret CHECK ((num_nonnulls(sealed, reference, deleted_at) = 1)),
  constraint provider_credentials_weight_check CHECK (((weight >= 0) AND (weight <= 1000))),
  constraint provider_credentials_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint provider_credentials_organization_id_project_id_fkey FOREIGN KEY (organization_id, project_id) REFERENCES projects(organization_id, id),
  constraint provider_credentials_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX provider_credentials_by_name ON public.provider_credentials USING btree (organization_id, project_id, provider_id, name) NULLS NOT DISTINCT WHERE (deleted_at IS NULL);
CREATE UNIQUE INDEX provider_credentials_by_sequence ON public.provider_credentials USING btree (sequence);

create table provider_objects (
  organization_id text not null,
  project_id text not null,
  provider_id text not null,
  object_id text not null,
  kind text not null,
  purpose text not null,
  created_at timestamp with time zone not null,
  charged_at timestamp with time zone,
  sealed bytea not null,
  constraint provider_objects_kind_check CHECK ((kind = ANY (ARRAY['file'::text, 'batch'::text]))),
  constraint provider_objects_organization_id_project_id_fkey FOREIGN KEY (organization_id, project_id) REFERENCES projects(organization_id, id),
  constraint provider_objects_pkey PRIMARY KEY (provider_id, object_id)
);
CREATE INDEX provider_objects_by_id ON public.provider_objects USING btree (project_id, object_id);
CREATE INDEX provider_objects_by_project ON public.provider_objects USING btree (project_id, kind, created_at DESC, object_id DESC);

create table refused_calls (
  minute timestamp with time zone not null,
  server_id text not null,
  calls bigint not null,
  constraint refused_calls_pkey PRIMARY KEY (minute, server_id)
);

create table remappings (
  id text not null,
  organization_id text not null,
  project_id text not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  is_dry_run boolean not null,
  is_forced boolean not null,
  status text not null,
  requested_by text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  server_id text not null,
  spans_total bigint not null,
  progress jsonb not null,
  error text,
  constraint remappings_check CHECK ((from_at < to_at)),
  constraint remappings_status_check CHECK ((status = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text]))),
  constraint remappings_organization_id_project_id_fkey FOREIGN KEY (organization_id, project_id) REFERENCES projects(organization_id, id),
  constraint remappings_pkey PRIMARY KEY (id)
);
CREATE INDEX remappings_by_age ON public.remappings USING btree (project_id, created_at DESC, id DESC);
CREATE UNIQUE INDEX remappings_running ON public.remappings USING btree (project_id) WHERE ((status = 'running'::text) AND (NOT is_dry_run));

create table removed_members (
  organization_id text not null,
  email text not null,
  removed_at timestamp with time zone not null,
  constraint removed_members_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint removed_members_pkey PRIMARY KEY (organization_id, email)
);

create table repricings (
  id text not null,
  organization_id text not null,
  project_id text not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  is_applied boolean not null,
  status text not null,
  requested_by text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  server_id text not null,
  calls_total bigint not null,
  progress jsonb not null,
  error text,
  constraint repricings_check CHECK ((from_at < to_at)),
  constraint repricings_status_check CHECK ((status = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text]))),
  constraint repricings_organization_id_project_id_fkey FOREIGN KEY (organization_id, project_id) REFERENCES projects(organization_id, id),
  constraint repricings_pkey PRIMARY KEY (id)
);
CREATE INDEX repricings_by_age ON public.repricings USING btree (project_id, created_at DESC, id DESC);
CREATE UNIQUE INDEX repricings_running ON public.repricings USING btree (project_id) WHERE ((status = 'running'::text) AND is_applied);

create table retention_runs (
  name text not null,
  ran_at timestamp with time zone not null,
  constraint retention_runs_pkey PRIMARY KEY (name)
);

create table setup_links (
  digest text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint setup_links_pkey PRIMARY KEY (digest)
);

create table sign_in_attempts (
  key text not null,
  failures integer not null,
  last_at timestamp with time zone not null,
  blocked_until timestamp with time zone,
  constraint sign_in_attempts_failures_check CHECK ((failures >= 0)),
  constraint sign_in_attempts_pkey PRIMARY KEY (key)
);
CREATE INDEX sign_in_attempts_age ON public.sign_in_attempts USING btree (last_at);

create table sign_in_domains (
  domain text not null,
  provider text not null,
  organization_id text not null,
  role text not null,
  constraint sign_in_domains_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'member'::text]))),
  constraint sign_in_domains_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint sign_in_domains_pkey PRIMARY KEY (domain, provider)
);
CREATE INDEX sign_in_domains_by_organization ON public.sign_in_domains USING btree (organization_id);

create table sign_in_places (
  account text not null,
  place text not null,
  last_at timestamp with time zone not null,
  constraint sign_in_places_pkey PRIMARY KEY (account, place)
);
CREATE INDEX sign_in_places_age ON public.sign_in_places USING btree (last_at);

create table sign_in_policies (
  organization_id text not null,
  required_provider text,
  two_factor_required boolean not null default false,
  stale_days integer not null default 90,
  stale_reminders boolean not null default true,
  reminded_at timestamp with time zone,
  constraint sign_in_policies_stale_days_check CHECK (((stale_days >= 1) AND (stale_days <= 3650))),
  constraint sign_in_policies_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint sign_in_policies_pkey PRIMARY KEY (organization_id)
);

create table stored_responses (
  project_id text not null,
  mode text not null,
  id text not null,
  key_id text not null,
  status text not null,
  previous_id text,
  conversation_id text,
  item_ids text[] not null,
  server_id text,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  sealed bytea not null,
  request_id text,
  user_id text,
  session_id text,
  tags text[],
  constraint stored_responses_mode_check CHECK ((mode = ANY (ARRAY['live'::text, 'test'::text]))),
  constraint stored_responses_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'in_progress'::text, 'completed'::text, 'incomplete'::text, 'failed'::text, 'cancelled'::text]))),
  constraint stored_responses_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE CASCADE,
  constraint stored_responses_pkey PRIMARY KEY (project_id, mode, id)
);
CREATE INDEX stored_responses_by_age ON public.stored_responses USING btree (project_id, created_at);
CREATE INDEX stored_responses_by_expiry ON public.stored_responses USING btree (expires_at);
CREATE INDEX stored_responses_by_item ON public.stored_responses USING gin (item_ids);
CREATE INDEX stored_responses_by_request ON public.stored_responses USING btree (project_id, request_id) WHERE (request_id IS NOT NULL);
CREATE INDEX stored_responses_by_user ON public.stored_responses USING btree (project_id, user_id) WHERE (user_id IS NOT NULL);
CREATE INDEX stored_responses_running ON public.stored_responses USING btree (server_id) WHERE (status = ANY (ARRAY['queued'::text, 'in_progress'::text]));

create table used_codes (
  user_id text not null,
  digest text not null,
  used_at timestamp with time zone not null,
  constraint used_codes_pkey PRIMARY KEY (user_id, digest)
);
CREATE INDEX used_codes_age ON public.used_codes USING btree (used_at);

CREATE OR REPLACE FUNCTION public.keep_an_owner()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform from organizations where id = old.organization_id for no key update;
  if not exists (select from memberships where organization_id = old.organization_id and role = 'owner') then
    raise exception using errcode = 'check_violation', constraint = 'memberships_owner',
      message = 'an organization keeps at least one owner';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.lock_changes()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_advisory_xact_lock(7261, tg_argv[0]::integer);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.lock_key_changes()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_advisory_xact_lock(7261, 2);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.notify_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify(tg_argv[0], coalesce(pg_sequence_last_value(tg_argv[1]::regclass), 0)::text);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.notify_key_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('tr_keys', (select last_value from key_changes)::text);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.number_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.sequence := nextval(tg_argv[0]::regclass);
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.number_key_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.sequence := nextval('key_changes');
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.prune_audit_events(chain text, before_sequence bigint)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare
  removed bigint;
begin
  perform set_config('tokenrouter.prunes_audit', 'yes', true);
  delete from audit_events where organization_id = chain and sequence < before_sequence;
  get diagnostics removed = row_count;
  perform set_config('tokenrouter.prunes_audit', '', true);
  return removed;
end
$function$;

CREATE OR REPLACE FUNCTION public.refuse_audit_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'DELETE' and current_setting('tokenrouter.prunes_audit', true) = 'yes' then
    return old;
  end if;
  raise exception 'audit_events is append-only' using errcode = 'insufficient_privilege';
end
$function$;

CREATE OR REPLACE FUNCTION public.renumber_keys_of_project()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update api_keys set sequence = 0 where project_id = new.id;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.renumber_limits_of_extras()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update limits set sequence = 0 where id in (select limit_id from added);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.renumber_limits_of_organization()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if to_jsonb(old) ->> 'zone' is distinct from to_jsonb(new) ->> 'zone' then
    update limits set sequence = 0 where organization_id = new.id and deleted_at is null;
  end if;
  return null;
end $function$;

CREATE TRIGGER keys_lock BEFORE INSERT OR UPDATE OF name, kind, mode, environment, permissions, digest, requests_per_minute_max, concurrency_max, tags, models, providers, ip_ranges, expires_at, revoked_at, sequence ON public.api_keys FOR EACH STATEMENT EXECUTE FUNCTION lock_key_changes();

CREATE TRIGGER keys_notify AFTER INSERT OR UPDATE OF name, kind, mode, environment, permissions, digest, requests_per_minute_max, concurrency_max, tags, models, providers, ip_ranges, expires_at, revoked_at, sequence ON public.api_keys FOR EACH STATEMENT EXECUTE FUNCTION notify_key_change();

CREATE TRIGGER keys_number BEFORE INSERT OR UPDATE OF name, kind, mode, environment, permissions, digest, requests_per_minute_max, concurrency_max, tags, models, providers, ip_ranges, expires_at, revoked_at, sequence ON public.api_keys FOR EACH ROW EXECUTE FUNCTION number_key_change();

CREATE TRIGGER audit_events_append_only BEFORE DELETE OR UPDATE ON public.audit_events FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();

CREATE TRIGGER audit_events_not_truncated BEFORE TRUNCATE ON public.audit_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

CREATE TRIGGER limit_extras_added AFTER INSERT ON public.limit_extras REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION renumber_limits_of_extras();

CREATE TRIGGER limits_lock BEFORE INSERT OR UPDATE OF project_id, name, scope_kind, scope_id, measure, period, amount, enforcement, is_budget, action, route_model, warn_percents, is_strict, owner, deleted_at, sequence ON public.limits FOR EACH STATEMENT EXECUTE FUNCTION lock_changes('5');

CREATE TRIGGER limits_notify AFTER INSERT OR UPDATE OF project_id, name, scope_kind, scope_id, measure, period, amount, enforcement, is_budget, action, route_model, warn_percents, is_strict, owner, deleted_at, sequence ON public.limits FOR EACH STATEMENT EXECUTE FUNCTION notify_change('tr_limits', 'limit_changes');

CREATE TRIGGER limits_number BEFORE INSERT OR UPDATE OF project_id, name, scope_kind, scope_id, measure, period, amount, enforcement, is_budget, action, route_model, warn_percents, is_strict, owner, deleted_at, sequence ON public.limits FOR EACH ROW EXECUTE FUNCTION number_change('limit_changes');

CREATE TRIGGER memberships_keep_an_owner_changed AFTER UPDATE OF role, organization_id ON public.memberships FOR EACH ROW WHEN (((old.role = 'owner'::text) AND ((new.role <> 'owner'::text) OR (new.organization_id <> old.organization_id)))) EXECUTE FUNCTION keep_an_owner();

CREATE TRIGGER memberships_keep_an_owner_deleted AFTER DELETE ON public.memberships FOR EACH ROW WHEN ((old.role = 'owner'::text)) EXECUTE FUNCTION keep_an_owner();

CREATE TRIGGER organizations_zone AFTER UPDATE ON public.organizations FOR EACH ROW EXECUTE FUNCTION renumber_limits_of_organization();

CREATE TRIGGER projects_capture AFTER UPDATE OF capture ON public.projects FOR EACH ROW WHEN ((old.capture IS DISTINCT FROM new.capture)) EXECUTE FUNCTION renumber_keys_of_project();

CREATE TRIGGER credentials_lock BEFORE INSERT OR UPDATE ON public.provider_credentials FOR EACH STATEMENT EXECUTE FUNCTION lock_changes('7');

CREATE TRIGGER credentials_notify AFTER INSERT OR UPDATE ON public.provider_credentials FOR EACH STATEMENT EXECUTE FUNCTION notify_change('tr_credentials', 'credential_changes');

CREATE TRIGGER credentials_number BEFORE INSERT OR UPDATE ON public.provider_credentials FOR EACH ROW EXECUTE FUNCTION number_change('credential_changes');

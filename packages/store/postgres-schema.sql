-- Written by `npm run schema`.

create sequence conversation_items_position_seq;

create sequence credential_changes;

create sequence key_changes;

create sequence limit_changes;

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
CREATE INDEX api_keys_by_project ON public.api_keys USING btree (project_id, created_at DESC, id DESC);
CREATE UNIQUE INDEX api_keys_by_replaced ON public.api_keys USING btree (replaces) WHERE (replaces IS NOT NULL);
CREATE UNIQUE INDEX api_keys_by_sequence ON public.api_keys USING btree (sequence);

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

create table conversation_items (
  project_id text not null,
  mode text not null,
  conversation_id text not null,
  "position" bigint not null,
  id text not null,
  sealed bytea not null,
  constraint conversation_items_project_id_mode_conversation_id_fkey FOREIGN KEY (project_id, mode, conversation_id) REFERENCES conversations(project_id, mode, id) ON DELETE CASCADE,
  constraint conversation_items_pkey PRIMARY KEY (project_id, mode, conversation_id, "position"),
  constraint conversation_items_project_id_mode_conversation_id_id_key UNIQUE (project_id, mode, conversation_id, id)
);
CREATE INDEX conversation_items_by_id ON public.conversation_items USING btree (project_id, mode, id);

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
  constraint live_servers_pkey PRIMARY KEY (id)
);

create table memberships (
  organization_id text not null,
  user_id text not null,
  role text not null,
  created_at timestamp with time zone not null,
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

create table setup_links (
  digest text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint setup_links_pkey PRIMARY KEY (digest)
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
  constraint stored_responses_mode_check CHECK ((mode = ANY (ARRAY['live'::text, 'test'::text]))),
  constraint stored_responses_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'in_progress'::text, 'completed'::text, 'incomplete'::text, 'failed'::text, 'cancelled'::text]))),
  constraint stored_responses_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE CASCADE,
  constraint stored_responses_pkey PRIMARY KEY (project_id, mode, id)
);
CREATE INDEX stored_responses_by_expiry ON public.stored_responses USING btree (expires_at);
CREATE INDEX stored_responses_by_item ON public.stored_responses USING gin (item_ids);
CREATE INDEX stored_responses_running ON public.stored_responses USING btree (server_id) WHERE (status = ANY (ARRAY['queued'::text, 'in_progress'::text]));

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

CREATE TRIGGER limit_extras_added AFTER INSERT ON public.limit_extras REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION renumber_limits_of_extras();

CREATE TRIGGER limits_lock BEFORE INSERT OR UPDATE OF project_id, name, scope_kind, scope_id, measure, period, amount, enforcement, is_budget, action, route_model, warn_percents, is_strict, owner, deleted_at, sequence ON public.limits FOR EACH STATEMENT EXECUTE FUNCTION lock_changes('5');

CREATE TRIGGER limits_notify AFTER INSERT OR UPDATE OF project_id, name, scope_kind, scope_id, measure, period, amount, enforcement, is_budget, action, route_model, warn_percents, is_strict, owner, deleted_at, sequence ON public.limits FOR EACH STATEMENT EXECUTE FUNCTION notify_change('tr_limits', 'limit_changes');

CREATE TRIGGER limits_number BEFORE INSERT OR UPDATE OF project_id, name, scope_kind, scope_id, measure, period, amount, enforcement, is_budget, action, route_model, warn_percents, is_strict, owner, deleted_at, sequence ON public.limits FOR EACH ROW EXECUTE FUNCTION number_change('limit_changes');

CREATE TRIGGER organizations_zone AFTER UPDATE ON public.organizations FOR EACH ROW EXECUTE FUNCTION renumber_limits_of_organization();

CREATE TRIGGER projects_capture AFTER UPDATE OF capture ON public.projects FOR EACH ROW WHEN ((old.capture IS DISTINCT FROM new.capture)) EXECUTE FUNCTION renumber_keys_of_project();

CREATE TRIGGER credentials_lock BEFORE INSERT OR UPDATE ON public.provider_credentials FOR EACH STATEMENT EXECUTE FUNCTION lock_changes('7');

CREATE TRIGGER credentials_notify AFTER INSERT OR UPDATE ON public.provider_credentials FOR EACH STATEMENT EXECUTE FUNCTION notify_change('tr_credentials', 'credential_changes');

CREATE TRIGGER credentials_number BEFORE INSERT OR UPDATE ON public.provider_credentials FOR EACH ROW EXECUTE FUNCTION number_change('credential_changes');

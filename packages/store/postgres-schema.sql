-- Written by `npm run schema`.

create sequence conversation_items_position_seq;

create sequence key_changes;

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

create table installation_secrets (
  name text not null,
  sealed bytea not null,
  updated_at timestamp with time zone not null,
  constraint installation_secrets_pkey PRIMARY KEY (name)
);

create table live_servers (
  id text not null,
  sequence bigint not null,
  seen_at timestamp with time zone not null,
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
  sealed bytea not null,
  created_at timestamp with time zone not null,
  created_by text,
  constraint provider_credentials_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint provider_credentials_pkey PRIMARY KEY (id),
  constraint provider_credentials_organization_id_provider_id_name_key UNIQUE (organization_id, provider_id, name)
);

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

CREATE OR REPLACE FUNCTION public.lock_key_changes()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_advisory_xact_lock(7261, 2);
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

CREATE TRIGGER keys_lock BEFORE INSERT OR UPDATE OF name, kind, mode, environment, permissions, digest, requests_per_minute_max, concurrency_max, tags, models, providers, ip_ranges, expires_at, revoked_at, sequence ON public.api_keys FOR EACH STATEMENT EXECUTE FUNCTION lock_key_changes();

CREATE TRIGGER keys_notify AFTER INSERT OR UPDATE OF name, kind, mode, environment, permissions, digest, requests_per_minute_max, concurrency_max, tags, models, providers, ip_ranges, expires_at, revoked_at, sequence ON public.api_keys FOR EACH STATEMENT EXECUTE FUNCTION notify_key_change();

CREATE TRIGGER keys_number BEFORE INSERT OR UPDATE OF name, kind, mode, environment, permissions, digest, requests_per_minute_max, concurrency_max, tags, models, providers, ip_ranges, expires_at, revoked_at, sequence ON public.api_keys FOR EACH ROW EXECUTE FUNCTION number_key_change();

CREATE TRIGGER projects_capture AFTER UPDATE OF capture ON public.projects FOR EACH ROW WHEN ((old.capture IS DISTINCT FROM new.capture)) EXECUTE FUNCTION renumber_keys_of_project();

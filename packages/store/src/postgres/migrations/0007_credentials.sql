-- Providers' keys: sealed here or behind a reference that the operator listed; a whole organization's, or one project's.
alter table provider_credentials
  drop constraint provider_credentials_organization_id_provider_id_name_key,
  alter column sealed drop not null,
  add column project_id text,
  add column reference text,
  -- The origins that the key may be sent to: those of its provider when it was stored. A provider that moves since
  -- then does not get it.
  add column origins text[] not null default '{}',
  add column last_four text,
  add column weight integer not null default 1 check (weight between 0 and 1000),
  add column enabled boolean not null default true,
  add column rotated_at timestamptz,
  -- A deleted key leaves its row for a while, without its secret, so that servers hear of its end.
  add column deleted_at timestamptz,
  add column sequence bigint,
  add constraint provider_credentials_one_secret check (num_nonnulls(sealed, reference, deleted_at) = 1),
  add foreign key (organization_id, project_id) references projects (organization_id, id);

create unique index provider_credentials_by_name
  on provider_credentials (organization_id, project_id, provider_id, name) nulls not distinct where deleted_at is null;

create sequence credential_changes;
update provider_credentials set sequence = nextval('credential_changes');
alter table provider_credentials alter column sequence set not null;
create unique index provider_credentials_by_sequence on provider_credentials (sequence);

create trigger credentials_lock before insert or update on provider_credentials
  for each statement execute function lock_changes('7');

create trigger credentials_number before insert or update on provider_credentials
  for each row execute function number_change('credential_changes');

create trigger credentials_notify after insert or update on provider_credentials
  for each statement execute function notify_change('tr_credentials', 'credential_changes');

-- How far a server has come with the changes of providers' keys.
alter table live_servers add column credential_sequence bigint;

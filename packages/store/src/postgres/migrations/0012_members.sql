-- Roles are a closed list, from most to least: owner, admin, member.
alter table memberships add constraint memberships_role check (role in ('owner', 'admin', 'member'));

-- What somebody may do in one project, beside what they may do in its organization: the stronger of both counts.
create table project_memberships (
  organization_id text not null,
  project_id text not null,
  user_id text not null,
  role text not null check (role in ('owner', 'admin', 'member')),
  created_at timestamptz not null,
  primary key (project_id, user_id),
  foreign key (organization_id, project_id) references projects (organization_id, id)
);

create index project_memberships_by_user on project_memberships (user_id);
create index project_memberships_by_organization on project_memberships (organization_id, user_id);

-- An organization that has an owner keeps one, whoever changes the table and however many do so at once: who takes an
-- owner away waits for whoever else does, and then sees what they did.
create function keep_an_owner() returns trigger language plpgsql as $$
begin
  perform from organizations where id = old.organization_id for no key update;
  if not exists (select from memberships where organization_id = old.organization_id and role = 'owner') then
    raise exception using errcode = 'check_violation', constraint = 'memberships_owner',
      message = 'an organization keeps at least one owner';
  end if;
  return null;
end $$;

create trigger memberships_keep_an_owner_changed after update of role, organization_id on memberships
  for each row when (old.role = 'owner' and (new.role <> 'owner' or new.organization_id <> old.organization_id))
  execute function keep_an_owner();
create trigger memberships_keep_an_owner_deleted after delete on memberships
  for each row when (old.role = 'owner') execute function keep_an_owner();

-- Written often and in no index, so that such an update stays within its page.
create table member_activity (
  organization_id text not null references organizations (id),
  user_id text not null,
  last_active_at timestamptz not null,
  primary key (organization_id, user_id)
) with (fillfactor = 85);

-- Whoever was removed does not come back by a rule of a domain, only by somebody's decision.
create table removed_members (
  organization_id text not null references organizations (id),
  email text not null,
  removed_at timestamptz not null,
  primary key (organization_id, email)
);

-- `projects` is a list of {project_id, role}. The address is in lower case.
create table invitations (
  id text primary key,
  organization_id text not null references organizations (id),
  email text not null,
  role text check (role in ('owner', 'admin', 'member')),
  projects jsonb not null,
  digest text not null unique,
  created_at timestamptz not null,
  created_by text,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by text,
  revoked_at timestamptz,
  check (accepted_at is null or revoked_at is null)
);

create index invitations_by_organization on invitations (organization_id, created_at desc, id desc);
create unique index invitations_open on invitations (organization_id, email)
  where accepted_at is null and revoked_at is null;
create index invitations_by_email on invitations (email) where accepted_at is null and revoked_at is null;

create table sign_in_policies (
  organization_id text primary key references organizations (id),
  required_provider text,
  two_factor_required boolean not null default false,
  stale_days integer not null default 90 check (stale_days between 1 and 3650),
  stale_reminders boolean not null default true,
  reminded_at timestamptz
);

-- Who comes by this provider with an address of this domain belongs to one organization, so no second one can claim them.
create table sign_in_domains (
  domain text not null,
  provider text not null,
  organization_id text not null references organizations (id),
  role text not null check (role in ('admin', 'member')),
  primary key (domain, provider)
);

create index sign_in_domains_by_organization on sign_in_domains (organization_id);

-- Who leaves is told of which keys they know.
create index api_keys_by_maker on api_keys (created_by) where revoked_at is null and created_by is not null;

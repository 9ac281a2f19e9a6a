-- Files and batches that providers keep for callers. All projects share one account at a provider, so this table alone
-- says whose an object is: one object belongs to one project, for ever. What the provider said about it is in `sealed`.
create table provider_objects (
  organization_id text not null,
  project_id text not null,
  provider_id text not null,
  object_id text not null,
  kind text not null check (kind in ('file', 'batch')),
  purpose text not null,
  created_at timestamptz not null,
  -- When what a batch used was charged, which happens once.
  charged_at timestamptz,
  sealed bytea not null,
  primary key (provider_id, object_id),
  foreign key (organization_id, project_id) references projects (organization_id, id)
);

create index provider_objects_by_project
  on provider_objects (project_id, kind, created_at desc, object_id desc);
create index provider_objects_by_id on provider_objects (project_id, object_id);

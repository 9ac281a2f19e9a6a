-- Reading received spans anew by the newest mapping: what was asked for, where it stands, and what changed. The attributes
-- themselves stay as they were received. A dry run changes nothing and counts all the same.
create table remappings (
  id text not null primary key,
  organization_id text not null,
  project_id text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  is_dry_run boolean not null,
  -- Spans of the newest mapping too.
  is_forced boolean not null,
  status text not null check (status in ('running', 'done', 'failed')),
  requested_by text,
  created_at timestamptz not null,
  -- Renewed with every batch; one that is not renewed has lost its server and is taken over.
  updated_at timestamptz not null,
  ended_at timestamptz,
  server_id text not null,
  spans_total bigint not null,
  -- The span after which it goes on, and how many were read and changed so far.
  progress jsonb not null,
  error text,
  check (from_at < to_at),
  foreign key (organization_id, project_id) references projects (organization_id, id)
);

-- Two at once would write over each other.
create unique index remappings_running on remappings (project_id) where status = 'running' and not is_dry_run;
create index remappings_by_age on remappings (project_id, created_at desc, id desc);

-- Pricing calls again with the prices of their day, or of the operator: what was asked for, where it stands, and what it
-- changes. A dry run changes nothing and has a report all the same.
create table repricings (
  id text not null primary key,
  organization_id text not null,
  project_id text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  is_applied boolean not null,
  status text not null check (status in ('running', 'done', 'failed')),
  requested_by text,
  created_at timestamptz not null,
  -- Renewed with every batch; one that is not renewed has lost its server and is taken over.
  updated_at timestamptz not null,
  ended_at timestamptz,
  server_id text not null,
  calls_total bigint not null,
  -- The batch after which it goes on, and the report so far.
  progress jsonb not null,
  error text,
  check (from_at < to_at),
  foreign key (organization_id, project_id) references projects (organization_id, id)
);

-- Two at once would write over each other.
create unique index repricings_running on repricings (project_id) where status = 'running' and is_applied;
create index repricings_by_age on repricings (project_id, created_at desc, id desc);

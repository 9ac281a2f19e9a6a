-- Where an organization's messages go: webhooks, Slack, e-mail. What lets anybody post there is sealed; `target` is what
-- people are shown of it.
create table destinations (
  id text not null primary key,
  organization_id text not null references organizations (id),
  name text not null check (name <> ''),
  kind text not null check (kind in ('webhook', 'slack', 'email')),
  target text not null,
  sealed bytea not null,
  -- Whether budgets and limits of the organization tell their news there.
  budget_notices boolean not null,
  created_at timestamptz not null,
  created_by text,
  -- How the last delivery ended.
  delivered_at timestamptz,
  delivery_error text,
  check (delivered_at is not null or delivery_error is null),
  unique (organization_id, name)
);

-- What was used of limits per day and per month, settled. Servers count in memory or in Redis and write here behind
-- their calls, from journals on their disks.
create table limit_usage (
  limit_id text not null,
  -- Whose count it is, where each of a kind has its own; else ''.
  subject text not null,
  period_start timestamptz not null,
  used bigint not null,
  primary key (limit_id, subject, period_start)
);

create index limit_usage_by_limit on limit_usage (limit_id, period_start);
create index limit_usage_by_age on limit_usage (period_start);

-- What calls under way cost whatever becomes of them, by the server that made them. A call that ends takes its share
-- away; what a server leaves behind that ended without saying so is added to what was used.
create table limit_floors (
  server_id text not null,
  limit_id text not null,
  subject text not null,
  period_start timestamptz not null,
  held bigint not null,
  primary key (server_id, limit_id, subject, period_start)
);

-- Segments of journals that are in the tables above, as long as their files may still exist: what is here is not
-- applied again.
create table limit_journals (
  segment text not null primary key,
  applied_at timestamptz not null
);

import { installationQuery } from '../query.ts';

/** Notes that contents of these projects may be left that nothing refers to. Projects that are gone are passed over. */
export const askContentSweeps = installationQuery({
  sql: `insert into content_sweeps (project_id, asked_at)
    select id, clock_timestamp() from projects where id = any($1)
    on conflict (project_id) do update set asked_at = excluded.asked_at`,
  values: ({ projectIds }: { projectIds: readonly string[] }) => [projectIds],
  read: () => undefined,
});

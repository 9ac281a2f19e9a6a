import { installationQuery } from '../query.ts';

/** The projects whose contents are to be looked through, those that wait longest first. `askedAt` is text, to the microsecond. */
export const listContentSweeps = installationQuery({
  sql: `select project_id, asked_at::text as asked_at from content_sweeps order by content_sweeps.asked_at limit $1`,
  values: ({ limit }: { limit: number }) => [limit],
  read: (rows: { project_id: string; asked_at: string }[]) =>
    rows.map((row) => ({ projectId: row.project_id, askedAt: row.asked_at })),
});

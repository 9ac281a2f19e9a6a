import { organizationQuery } from '../query.ts';

/** How many rules an organization has in all, and how many of them in this place. */
export const countAlerts = organizationQuery({
  sql: `select count(*) as total, count(*) filter (where project_id is not distinct from $2) as here
    from alerts where organization_id = $1`,
  values: ({ projectId }: { projectId: string | undefined }) => [projectId],
  read: ([row]: { total: string; here: string }[]) => ({
    total: Number(row?.total ?? 0),
    here: Number(row?.here ?? 0),
  }),
});

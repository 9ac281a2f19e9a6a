import { installationQuery } from '../query.ts';

/** Projects over which there is no budget, neither of their own nor of their organization, as `organization/project`. */
export const listProjectsWithoutBudget = installationQuery({
  sql: `select o.slug || '/' || p.slug as project from projects p join organizations o on o.id = p.organization_id
    where not exists (
      select from limits l where l.organization_id = p.organization_id and l.is_budget and l.deleted_at is null
        and (l.project_id is null or l.project_id = p.id)
    )
    order by 1 limit $1`,
  values: ({ limit }: { limit: number }) => [limit],
  read: (rows: { project: string }[]) => rows.map(({ project }) => project),
});

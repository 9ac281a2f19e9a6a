import { type ProjectDetailsRow, readProjectDetails } from '../project-row.ts';
import { organizationQuery } from '../query.ts';

/** The organization's projects, the oldest first; at most 1,000, which is as many as it may have. */
export const listProjects = organizationQuery({
  sql: `select id, organization_id, slug, name, capture, created_at from projects
    where organization_id = $1 order by created_at, id limit 1000`,
  values: () => [],
  read: (rows: ProjectDetailsRow[]) => rows.map(readProjectDetails),
});

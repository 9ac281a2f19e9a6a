import { type ProjectRow, readProject } from '../project-row.ts';
import { organizationQuery } from '../query.ts';

export const findProjectBySlug = organizationQuery({
  sql: `select id, organization_id, slug, name, capture from projects
    where organization_id = $1 and slug = $2`,
  values: (project: { slug: string }) => [project.slug],
  read: ([row]: ProjectRow[]) => (row === undefined ? undefined : readProject(row)),
});

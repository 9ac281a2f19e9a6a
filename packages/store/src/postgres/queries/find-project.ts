import { type ProjectRow, readProject } from '../project-row.ts';
import { projectQuery } from '../query.ts';

/** The project of this id, for who already holds a credential of it. */
export const findProject = projectQuery({
  sql: 'select id, organization_id, slug, name, capture from projects where id = $1',
  values: () => [],
  read: ([row]: ProjectRow[]) => (row === undefined ? undefined : readProject(row)),
});

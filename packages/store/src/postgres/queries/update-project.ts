import { type Project, type ProjectDetailsRow, readProjectDetails } from '../project-row.ts';
import { projectQuery } from '../query.ts';

export type UpdateProject = { name?: string | undefined; capture?: Project['capture'] | undefined };

/** Another name, or what the project keeps of its calls from now on; without either it is only read. */
export const updateProject = projectQuery({
  sql: `update projects set name = coalesce($2, name), capture = coalesce($3, capture) where id = $1
    returning id, organization_id, slug, name, capture, created_at`,
  values: ({ name, capture }: UpdateProject) => [name ?? null, capture ?? null],
  read: ([row]: ProjectDetailsRow[]) => (row === undefined ? undefined : readProjectDetails(row)),
});

import { organizationQuery } from '../query.ts';

/** The project of a key of the organization; `undefined` when it has no such key. */
export const findOrganizationKey = organizationQuery({
  sql: 'select project_id from api_keys where organization_id = $1 and id = $2',
  values: (key: { id: string }) => [key.id],
  read: ([row]: { project_id: string }[]) => (row === undefined ? undefined : { projectId: row.project_id }),
});

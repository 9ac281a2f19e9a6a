import { type OrganizationRow, readOrganization } from '../organization-row.ts';
import { installationQuery } from '../query.ts';

/** Every organization, for whoever has the whole installation; at most 10,000. */
export const listOrganizations = installationQuery({
  sql: 'select id, slug, name, zone, created_at from organizations order by created_at, id limit 10000',
  values: () => [],
  read: (rows: OrganizationRow[]) => rows.map(readOrganization),
});

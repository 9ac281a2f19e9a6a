import { type OrganizationRow, readOrganization } from '../organization-row.ts';
import { installationQuery } from '../query.ts';

/** The organization of this slug or id, for whoever has the whole installation. */
export const findOrganization = installationQuery({
  sql: `select id, slug, name, zone, created_at from organizations
    where slug = $1 or id = $1 order by (id = $1) desc limit 1`,
  values: (input: { name: string }) => [input.name],
  read: ([row]: OrganizationRow[]) => (row === undefined ? undefined : readOrganization(row)),
});

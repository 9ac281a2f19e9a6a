import { type OrganizationRow, readOrganization } from '../organization-row.ts';
import { organizationQuery } from '../query.ts';

export type UpdateOrganization = { name?: string | undefined; zone?: string | undefined };

/** Another name or zone; what is absent stays. Undefined for an organization that is not there. */
export const updateOrganization = organizationQuery({
  sql: `update organizations set name = coalesce($2, name), zone = coalesce($3, zone) where id = $1
    returning id, slug, name, zone, created_at`,
  values: ({ name, zone }: UpdateOrganization) => [name ?? null, zone ?? null],
  read: ([row]: OrganizationRow[]) => (row === undefined ? undefined : readOrganization(row)),
});

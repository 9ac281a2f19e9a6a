import { type Organization, type OrganizationRow, readOrganization } from '../organization-row.ts';
import { userQuery } from '../query.ts';

export type OrganizationOfUser = Organization & { role: string };

/** Every organization that the user belongs to, at most 1,000. */
export const listOrganizationsOfUser = userQuery({
  sql: `select o.id, o.slug, o.name, o.zone, o.created_at, m.role
    from memberships m join organizations o on o.id = m.organization_id
    where m.user_id = $1 order by o.name, o.id limit 1000`,
  values: () => [],
  read: (rows: (OrganizationRow & { role: string })[]): OrganizationOfUser[] =>
    rows.map((row) => ({ ...readOrganization(row), role: row.role })),
});

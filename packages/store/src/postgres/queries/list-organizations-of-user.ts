import {
  type OrganizationOfUser,
  type OrganizationOfUserRow,
  readOrganizationOfUser,
} from '../of-user-row.ts';
import { userQuery } from '../query.ts';

/** Every organization that the user belongs to, or to a project of it, at most 1,000. */
export const listOrganizationsOfUser = userQuery({
  sql: `select o.id, o.slug, o.name, o.zone, o.created_at, m.role, s.required_provider, s.two_factor_required
    from (
      select organization_id from memberships where user_id = $1
      union select organization_id from project_memberships where user_id = $1
    ) own
    join organizations o on o.id = own.organization_id
    left join memberships m on m.organization_id = o.id and m.user_id = $1
    left join sign_in_policies s on s.organization_id = o.id
    order by o.name, o.id limit 1000`,
  values: () => [],
  read: (rows: OrganizationOfUserRow[]): OrganizationOfUser[] => rows.map(readOrganizationOfUser),
});

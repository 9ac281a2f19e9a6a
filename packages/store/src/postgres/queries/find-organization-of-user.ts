import {
  type OrganizationOfUser,
  type OrganizationOfUserRow,
  readOrganizationOfUser,
} from '../of-user-row.ts';
import { userQuery } from '../query.ts';

/** The organization of this id or slug, when the user belongs to it or to a project of it. */
export const findOrganizationOfUser = userQuery({
  sql: `select o.id, o.slug, o.name, o.zone, o.created_at, m.role, s.required_provider, s.two_factor_required
    from (
      select organization_id from memberships where user_id = $1
      union select organization_id from project_memberships where user_id = $1
    ) own
    join organizations o on o.id = own.organization_id
    left join memberships m on m.organization_id = o.id and m.user_id = $1
    left join sign_in_policies s on s.organization_id = o.id
    where o.id = $2 or o.slug = $2 order by o.id = $2 desc limit 1`,
  values: ({ name }: { name: string }) => [name],
  read: ([row]: OrganizationOfUserRow[]): OrganizationOfUser | undefined =>
    row === undefined ? undefined : readOrganizationOfUser(row),
});

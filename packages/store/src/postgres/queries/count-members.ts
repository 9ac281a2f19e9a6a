import { organizationQuery } from '../query.ts';

/** How many people belong to the organization or to projects of it, and how many own it beside `userId`. */
export const countMembers = organizationQuery({
  sql: `select count(*) as total, count(*) filter (where role = 'owner' and user_id <> $2) as other_owners
    from (
      select user_id, max(role) filter (where is_organization) as role from (
        select user_id, role, true as is_organization from memberships where organization_id = $1
        union all select user_id, role, false from project_memberships where organization_id = $1
      ) roles group by user_id
    ) people`,
  values: ({ userId }: { userId: string }) => [userId],
  read: ([row]: { total: string; other_owners: string }[]) => ({
    total: Number(row?.total ?? 0),
    otherOwners: Number(row?.other_owners ?? 0),
  }),
});

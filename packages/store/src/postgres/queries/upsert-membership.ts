import { organizationQuery } from '../query.ts';
import type { InsertMembership } from './insert-membership.ts';

/** Gives somebody this role in the organization, whether or not they had another one. */
export const upsertMembership = organizationQuery({
  sql: `insert into memberships (organization_id, user_id, role, created_at) values ($1, $2, $3, $4)
    on conflict (organization_id, user_id) do update set role = excluded.role`,
  values: (membership: InsertMembership) => [
    membership.userId,
    membership.role,
    new Date(membership.createdAtMs),
  ],
  read: () => undefined,
});

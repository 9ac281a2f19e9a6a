import { organizationQuery } from '../query.ts';

export type InsertMembership = { userId: string; role: string; createdAtMs: number };

/** Makes a user a member of the organization. False when the user is one already; the role then stays. */
export const insertMembership = organizationQuery({
  sql: `insert into memberships (organization_id, user_id, role, created_at) values ($1, $2, $3, $4)
    on conflict do nothing returning user_id`,
  values: (membership: InsertMembership) => [
    membership.userId,
    membership.role,
    new Date(membership.createdAtMs),
  ],
  read: (rows) => rows.length === 1,
});

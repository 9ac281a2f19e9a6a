import { organizationQuery } from '../query.ts';

/** The user's role in the organization; `undefined` for a stranger. */
export const findMembership = organizationQuery({
  sql: 'select role from memberships where organization_id = $1 and user_id = $2',
  values: (membership: { userId: string }) => [membership.userId],
  read: ([row]: { role: string }[]) => (row === undefined ? undefined : { role: row.role }),
});

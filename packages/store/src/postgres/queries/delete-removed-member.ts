import { organizationQuery } from '../query.ts';

/** Forgets that somebody was removed, because somebody decided that they come back. */
export const deleteRemovedMember = organizationQuery({
  sql: 'delete from removed_members where organization_id = $1 and email = lower($2)',
  values: ({ email }: { email: string }) => [email],
  read: () => undefined,
});

import { organizationQuery } from '../query.ts';

/** Closes the invitation of an address whose time is over, so that another one can be made. */
export const revokeExpiredInvitation = organizationQuery({
  sql: `update invitations set revoked_at = expires_at
    where organization_id = $1 and email = $2 and accepted_at is null and revoked_at is null and expires_at <= $3`,
  values: ({ email, nowMs }: { email: string; nowMs: number }) => [email, new Date(nowMs)],
  read: () => undefined,
});

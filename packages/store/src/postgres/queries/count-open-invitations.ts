import { organizationQuery } from '../query.ts';

/** How many people could still accept. */
export const countOpenInvitations = organizationQuery({
  sql: `select count(*) as count from invitations
    where organization_id = $1 and accepted_at is null and revoked_at is null and expires_at > $2`,
  values: ({ nowMs }: { nowMs: number }) => [new Date(nowMs)],
  read: ([row]: { count: string }[]) => Number(row?.count ?? 0),
});

import { organizationQuery } from '../query.ts';

export type ClaimInvitation = { id: string; digest?: string | undefined; userId: string; nowMs: number };

/** True for exactly one caller, while the invitation is open, and where a token is given, only for its newest one. */
export const claimInvitation = organizationQuery({
  sql: `update invitations set accepted_at = $5, accepted_by = $4
    where organization_id = $1 and id = $2 and ($3::text is null or digest = $3)
      and accepted_at is null and revoked_at is null and expires_at > $5
    returning id`,
  values: ({ id, digest, userId, nowMs }: ClaimInvitation) => [id, digest ?? null, userId, new Date(nowMs)],
  read: (rows) => rows.length === 1,
});

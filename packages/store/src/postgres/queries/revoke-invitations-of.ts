import { organizationQuery } from '../query.ts';

export type RevokeInvitationsOf = {
  /** Those that this user made and that give one of `roles`, in the organization or in a project of it. */
  madeBy: string;
  roles: readonly string[];
  /** Those to this address. */
  email: string | undefined;
  nowMs: number;
};

/** Takes back open invitations: what somebody may no longer give, and what would let them back in. */
export const revokeInvitationsOf = organizationQuery({
  sql: `update invitations i set revoked_at = $5
    where i.organization_id = $1 and i.accepted_at is null and i.revoked_at is null and (
      i.email = lower($4)
      or i.created_by = $2 and (
        i.role = any($3) or exists (
          select from jsonb_to_recordset(i.projects) as given (role text) where given.role = any($3)
        )
      )
    )`,
  values: ({ madeBy, roles, email, nowMs }: RevokeInvitationsOf) => [
    madeBy,
    roles,
    email ?? null,
    new Date(nowMs),
  ],
  read: () => undefined,
});

import { type InvitationRow, invitationColumns, readInvitation } from '../invitation-row.ts';
import { organizationQuery } from '../query.ts';

export type ReplaceInvitationToken = { id: string; digest: string; expiresAtMs: number };

/** Gives an invitation that nobody accepted or revoked another token and more time. Undefined when it is not open. */
export const replaceInvitationToken = organizationQuery({
  sql: `with changed as (
      update invitations set digest = $3, expires_at = $4
      where organization_id = $1 and id = $2 and accepted_at is null and revoked_at is null returning *
    )
    select ${invitationColumns} from changed i`,
  values: ({ id, digest, expiresAtMs }: ReplaceInvitationToken) => [id, digest, new Date(expiresAtMs)],
  read: ([row]: InvitationRow[]) => (row === undefined ? undefined : readInvitation(row)),
});

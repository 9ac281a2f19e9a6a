import { type InvitationRow, invitationColumns, readInvitation } from '../invitation-row.ts';
import { organizationQuery } from '../query.ts';

/** Takes back an invitation that nobody accepted or revoked. Undefined when it is not open. */
export const revokeInvitation = organizationQuery({
  sql: `with changed as (
      update invitations set revoked_at = $3
      where organization_id = $1 and id = $2 and accepted_at is null and revoked_at is null returning *
    )
    select ${invitationColumns} from changed i`,
  values: ({ id, nowMs }: { id: string; nowMs: number }) => [id, new Date(nowMs)],
  read: ([row]: InvitationRow[]) => (row === undefined ? undefined : readInvitation(row)),
});

import { type InvitationRow, invitationColumns, readInvitation } from '../invitation-row.ts';
import { organizationQuery } from '../query.ts';

/** One invitation of the organization. */
export const findInvitation = organizationQuery({
  sql: `select ${invitationColumns} from invitations i where i.organization_id = $1 and i.id = $2`,
  values: ({ id }: { id: string }) => [id],
  read: ([row]: InvitationRow[]) => (row === undefined ? undefined : readInvitation(row)),
});

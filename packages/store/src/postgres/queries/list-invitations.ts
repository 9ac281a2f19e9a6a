import { type InvitationRow, invitationColumns, readInvitation } from '../invitation-row.ts';
import { organizationQuery } from '../query.ts';

/** The newest invitations, open or not. */
export const listInvitations = organizationQuery({
  sql: `select ${invitationColumns} from invitations i
    where i.organization_id = $1 order by i.created_at desc, i.id desc limit $2`,
  values: ({ limit }: { limit: number }) => [limit],
  read: (rows: InvitationRow[]) => rows.map(readInvitation),
});

import { type InvitationRow, invitationColumns, readInvitation } from '../invitation-row.ts';
import { installationQuery } from '../query.ts';

/** Every open invitation of an address, for somebody whom a provider vouched for. */
export const listOpenInvitationsOfEmail = installationQuery({
  sql: `select ${invitationColumns} from invitations i
    where i.email = lower($1) and i.accepted_at is null and i.revoked_at is null and i.expires_at > $2
    order by i.created_at, i.id limit 100`,
  values: ({ email, nowMs }: { email: string; nowMs: number }) => [email, new Date(nowMs)],
  read: (rows: InvitationRow[]) => rows.map(readInvitation),
});

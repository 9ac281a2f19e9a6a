import { type InvitationRow, invitationColumns, readInvitation } from '../invitation-row.ts';
import { installationQuery } from '../query.ts';

type Row = InvitationRow & {
  organization: string;
  invited_by: string | null;
  user_id: string | null;
};

/** The invitation that a token opens now, with what its holder may know; undefined when it opens none. */
export const findOpenInvitation = installationQuery({
  sql: `select ${invitationColumns}, o.name as organization, maker.name as invited_by,
      u.id as user_id
    from invitations i join organizations o on o.id = i.organization_id
    left join auth."user" maker on maker.id = i.created_by
    left join auth."user" u on lower(u.email) = i.email
    where i.digest = $1 and i.accepted_at is null and i.revoked_at is null and i.expires_at > $2 limit 1`,
  values: ({ digest, nowMs }: { digest: string; nowMs: number }) => [digest, new Date(nowMs)],
  read: ([row]: Row[]) =>
    row === undefined
      ? undefined
      : {
          ...readInvitation(row),
          organization: row.organization,
          invitedBy: row.invited_by ?? undefined,
          userId: row.user_id ?? undefined,
        },
});

import type { CreatedInvitation, Invitation } from '@app/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { invitationsQuery, resendInvitation, revokeInvitation } from '../../api/members.ts';
import type { OwnOrganization } from '../../api/use-organization.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Failed } from '../../ui/page-status.tsx';
import { RowMenu } from '../../ui/row-menu.tsx';
import { When } from '../../ui/when.tsx';
import { InvitationLink } from './invitation-link.tsx';

/** Who is invited and has not come yet. */
export function InvitationList({ organization }: { organization: OwnOrganization }) {
  const [resent, setResent] = useState<CreatedInvitation>();
  const queries = useQueryClient();
  const invitations = useQuery(invitationsQuery(organization.id));
  const onSettled = () => queries.invalidateQueries({ queryKey: ['invitations', organization.id] });
  const resending = useMutation({
    mutationFn: (id: string) => resendInvitation(organization.id, id),
    onSuccess: setResent,
    onSettled,
  });
  const revoking = useMutation({
    mutationFn: (id: string) => revokeInvitation(organization.id, id),
    onSettled,
  });
  const waiting = (invitations.data?.data ?? []).filter(
    ({ state }) => state === 'open' || state === 'expired',
  );
  const problem = resending.error ?? revoking.error;
  if (invitations.isError && invitations.data === undefined) {
    return <Failed message={invitations.error.message} onRetry={() => invitations.refetch()} />;
  }
  if (waiting.length === 0) return null;
  return (
    <section aria-labelledby="invitations" className="flex flex-col gap-3">
      <h2 id="invitations" className="font-semibold text-base">
        Invited
      </h2>
      {problem ? <Notice tone="bad">{problem.message}</Notice> : null}
      <Card>
        <ul aria-label="Invitations" className="divide-y divide-line">
          {waiting.map((invitation) => (
            <Row
              key={invitation.id}
              invitation={invitation}
              onResend={() => resending.mutate(invitation.id)}
              onRevoke={() => revoking.mutate(invitation.id)}
            />
          ))}
        </ul>
      </Card>
      {resent === undefined ? null : (
        <InvitationLink invitation={resent} onClose={() => setResent(undefined)} />
      )}
    </section>
  );
}

type RowProps = { invitation: Invitation; onResend: () => void; onRevoke: () => void };

function Row({ invitation, onResend, onRevoke }: RowProps) {
  const { email, role, projects, state, expires_at } = invitation;
  return (
    <li className="flex items-center gap-x-4 px-4 py-3 text-sm lg:px-5">
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="min-w-0 font-medium wrap-anywhere">{email}</span>
          {role === null ? null : <Badge>{role}</Badge>}
          {projects.map((each) => (
            <Badge key={each.project_id}>
              {each.name}: {each.role}
            </Badge>
          ))}
          {state === 'expired' ? <Badge tone="warn">expired</Badge> : null}
        </p>
        <p className="text-faint text-xs">
          {state === 'expired' ? 'ended' : 'good until'} <When iso={expires_at} />
        </p>
      </div>
      <RowMenu
        label={`Actions for the invitation of ${email}`}
        actions={[
          { label: 'New link', run: onResend },
          { label: 'Revoke', isDanger: true, run: onRevoke },
        ]}
      />
    </li>
  );
}

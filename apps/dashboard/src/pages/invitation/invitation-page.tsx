import type { InvitationView } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { invitationQuery } from '../../api/members.ts';
import { sessionQuery } from '../../api/session.ts';
import { formatMoment } from '../../ui/format.ts';
import { Notice } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/page-status.tsx';
import { Gate } from '../shell/gate.tsx';
import { useFragmentToken } from '../shell/use-fragment-token.ts';
import { AcceptAsMe } from './accept-as-me.tsx';
import { AcceptAsNew } from './accept-as-new.tsx';

/** An invitation by its link: what it is for, and the ways to take it. */
export function InvitationPage() {
  const token = useFragmentToken();
  if (token === '') {
    return (
      <Gate title="Link needed" lead="Open the whole link of the invitation, with the part after #.">
        {null}
      </Gate>
    );
  }
  return <Invitation token={token} />;
}

function Invitation({ token }: { token: string }) {
  const invitation = useQuery(invitationQuery(token));
  const session = useQuery(sessionQuery);
  if (invitation.isPending || session.isPending) {
    return (
      <Gate title="Invitation" lead="One moment.">
        <Skeleton className="h-40" />
      </Gate>
    );
  }
  if (invitation.isError) {
    return (
      <Gate title="Invitation" lead="It cannot be used.">
        <Notice tone="bad">{invitation.error.message}</Notice>
      </Gate>
    );
  }
  const { data } = invitation;
  const user = session.data?.user;
  return (
    <Gate title={`Join ${data.organization}`} lead={leadOf(data)}>
      {user === undefined && !data.has_account ? (
        <AcceptAsNew token={token} invitation={data} />
      ) : (
        <AcceptAsMe token={token} invitation={data} user={user} />
      )}
    </Gate>
  );
}

function leadOf({ invited_by, email, role, projects, expires_at }: InvitationView): string {
  const what = role === null ? `to ${projects.join(', ')}` : `as ${role}`;
  const until = formatMoment(expires_at).replace(/:\d\d(\.\d+)?$/, '');
  return `${invited_by ?? 'Somebody'} invited ${email} ${what}. The invitation is good until ${until}.`;
}

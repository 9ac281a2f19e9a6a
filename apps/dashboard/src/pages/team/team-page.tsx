import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { mayInOrganization, useOrganization } from '../../api/use-organization.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Empty } from '../../ui/page-status.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { InvitationList } from './invitation-list.tsx';
import { InviteMember } from './invite-member.tsx';
import { MemberList } from './member-list.tsx';

/** Who belongs to the organization, who is invited, and who has not been here for long. */
export function TeamPage() {
  const organization = useOrganization();
  const [isInviting, setIsInviting] = useState(false);
  if (organization === undefined || !mayInOrganization(organization, 'keys:read')) return <NotForYou />;
  const mayWrite = mayInOrganization(organization, 'members:write');
  return (
    <div className="mx-auto flex max-w-6xl flex-col items-stretch gap-5">
      <PageTitle title="Team">
        {mayWrite ? (
          <Button look="primary" onClick={() => setIsInviting(true)}>
            <UserPlus aria-hidden="true" className="size-4" /> Invite
          </Button>
        ) : null}
      </PageTitle>
      <MemberList organization={organization} mayWrite={mayWrite} />
      {mayWrite ? <InvitationList organization={organization} /> : null}
      {isInviting ? <InviteMember organization={organization} onClose={() => setIsInviting(false)} /> : null}
    </div>
  );
}

function NotForYou() {
  return (
    <div className="mx-auto flex max-w-6xl flex-col gap-5">
      <PageTitle title="Team" />
      <Card>
        <Empty title="You belong to single projects">
          <p>Members of the whole organization see who else belongs to it. Ask one of them.</p>
        </Empty>
      </Card>
    </div>
  );
}

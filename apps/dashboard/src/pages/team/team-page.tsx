import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { mayInOrganization, useOrganization } from '../../api/use-organization.ts';
import { usePermission } from '../../api/use-permission.ts';
import { useProject } from '../../api/use-project.ts';
import { Button } from '../../ui/button.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { InvitationList } from './invitation-list.tsx';
import { InviteMember } from './invite-member.tsx';
import { MemberList } from './member-list.tsx';
import { ProjectMemberList } from './project-member-list.tsx';

/** Who belongs to the organization, who is invited, and who has not been here for long. */
export function TeamPage() {
  const organization = useOrganization();
  const [isInviting, setIsInviting] = useState(false);
  if (organization === undefined || !mayInOrganization(organization, 'keys:read')) return <ProjectTeam />;
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

/** For somebody who belongs to single projects: who sees the one that is looked at. */
function ProjectTeam() {
  const project = useProject();
  const mayWrite = usePermission('members:write');
  return (
    <div className="mx-auto flex max-w-6xl flex-col items-stretch gap-5">
      <PageTitle title="Team" />
      <ProjectMemberList project={project.id} own={project.role ?? 'member'} mayWrite={mayWrite} />
    </div>
  );
}

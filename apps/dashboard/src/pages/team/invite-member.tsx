import type { CreatedInvitation, Role } from '@app/contract';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../api/client.ts';
import { createInvitation } from '../../api/members.ts';
import { sessionQuery } from '../../api/session.ts';
import type { OwnOrganization } from '../../api/use-organization.ts';
import { useProject } from '../../api/use-project.ts';
import { Button } from '../../ui/button.tsx';
import { CheckList } from '../../ui/check-list.tsx';
import { Choice } from '../../ui/choice.tsx';
import { Field } from '../../ui/field.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { InvitationLink } from './invitation-link.tsx';
import { roleHint, rolesBelow } from './role-text.ts';

type Props = { organization: OwnOrganization; onClose: () => void };

/** Invites somebody to everything or to the project that is looked at; the link is shown once. */
export function InviteMember({ organization, onClose }: Props) {
  const { id: current } = useProject();
  const { data: session } = useSuspenseQuery(sessionQuery);
  const projects = (session?.projects ?? []).filter((each) => each.organization_id === organization.id);
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('member');
  const [reach, setReach] = useState<'all' | 'projects'>('all');
  const [chosen, setChosen] = useState<readonly string[]>([current]);
  const [made, setMade] = useState<CreatedInvitation>();
  const queries = useQueryClient();
  const inviting = useMutation({
    mutationFn: () =>
      createInvitation(organization.id, {
        email: email.trim(),
        ...(reach === 'all' ? { role } : { projects: chosen.map((project) => ({ project, role })) }),
      }),
    onSuccess: async (invitation) => {
      await queries.invalidateQueries({ queryKey: ['invitations', organization.id] });
      setMade(invitation);
    },
  });
  if (made !== undefined) return <InvitationLink invitation={made} onClose={onClose} />;
  const { error } = inviting;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    inviting.mutate();
  };
  return (
    <Modal title="Invite somebody" lead="The invitation is good once, for seven days." onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-5">
        {error ? <Notice tone="bad">{error.message}</Notice> : null}
        <Field
          label="E-mail"
          type="email"
          required
          placeholder="grace@example.com"
          value={email}
          problem={error instanceof ApiError && error.param === 'email' ? error.message : undefined}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Choice label="To">
          <Segmented
            label="To"
            value={reach}
            options={[
              { value: 'all', label: 'The whole organization' },
              { value: 'projects', label: 'Single projects' },
            ]}
            onChange={setReach}
          />
        </Choice>
        {reach === 'projects' ? (
          <CheckList
            legend="Projects"
            options={projects.map(({ id, name }) => ({ value: id, label: name }))}
            chosen={chosen}
            onChange={setChosen}
          />
        ) : null}
        <SelectField
          label="As"
          value={role}
          options={rolesBelow(organization.role)}
          hint={roleHint[role]}
          onChange={setRole}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="primary"
            isBusy={inviting.isPending}
            disabled={!email.includes('@') || (reach === 'projects' && chosen.length === 0)}
          >
            Invite
          </Button>
        </div>
      </form>
    </Modal>
  );
}

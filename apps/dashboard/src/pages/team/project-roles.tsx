import type { Member, Role } from '@app/contract';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { addProjectMember, removeProjectMember, updateProjectMember } from '../../api/members.ts';
import { sessionQuery } from '../../api/session.ts';
import type { OwnOrganization } from '../../api/use-organization.ts';
import { Modal } from '../../ui/modal.tsx';
import { Notice } from '../../ui/notice.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { rolesBelow } from './role-text.ts';

type Props = { organization: OwnOrganization; member: Member; onClose: () => void };
type Choice = Role | 'none';

/** What somebody may do in single projects, beyond their role in all of them. */
export function ProjectRoles({ organization, member, onClose }: Props) {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const queries = useQueryClient();
  const saving = useMutation({
    mutationFn: ({ project, role }: { project: string; role: Choice }) => save(member, project, role),
    onSettled: () => queries.invalidateQueries({ queryKey: ['members', organization.id] }),
  });
  const projects = (session?.projects ?? []).filter((each) => each.organization_id === organization.id);
  const options: { value: Choice; label: string }[] = [
    { value: 'none', label: 'No role of its own' },
    ...rolesBelow(organization.role),
  ];
  return (
    <Modal
      title={`Projects of ${member.name}`}
      lead={
        member.role === null
          ? 'They see these projects and no others.'
          : `As ${member.role} of the organization they are that in every project; a role here can only add to it.`
      }
      closes
      onClose={onClose}
    >
      {saving.error ? <Notice tone="bad">{saving.error.message}</Notice> : null}
      <div className="flex flex-col gap-4">
        {projects.map(({ id, name }) => (
          <SelectField
            key={id}
            label={name}
            value={roleIn(member, id, saving.isPending ? saving.variables : undefined)}
            options={options}
            disabled={saving.isPending}
            onChange={(role) => saving.mutate({ project: id, role })}
          />
        ))}
      </div>
    </Modal>
  );
}

function roleIn(
  member: Member,
  project: string,
  saving: { project: string; role: Choice } | undefined,
): Choice {
  if (saving?.project === project) return saving.role;
  return member.projects.find(({ project_id }) => project_id === project)?.role ?? 'none';
}

async function save(member: Member, project: string, role: Choice): Promise<void> {
  const has = member.projects.some(({ project_id }) => project_id === project);
  if (role === 'none') await removeProjectMember(project, member.user_id);
  else if (has) await updateProjectMember(project, member.user_id, role);
  else await addProjectMember(project, member.email, role);
}

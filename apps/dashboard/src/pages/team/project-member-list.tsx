import type { ProjectMember, Role } from '@app/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { projectMembersQuery, removeProjectMember, updateProjectMember } from '../../api/members.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Failed, Skeleton } from '../../ui/page-status.tsx';
import { RowMenu } from '../../ui/row-menu.tsx';
import { When } from '../../ui/when.tsx';
import { mayChange, rolesBelow } from './role-text.ts';

type Props = { project: string; own: string; mayWrite: boolean };

/** Who sees the project, for somebody who sees nothing of the organization but it. */
export function ProjectMemberList({ project, own, mayWrite }: Props) {
  const queries = useQueryClient();
  const members = useQuery(projectMembersQuery(project));
  const changing = useMutation({
    mutationFn: ({ member, role }: { member: ProjectMember; role: Role | undefined }) =>
      role === undefined
        ? removeProjectMember(project, member.user_id)
        : updateProjectMember(project, member.user_id, role),
    onSettled: () => queries.invalidateQueries({ queryKey: ['project-members', project] }),
  });
  if (members.isPending) return <Skeleton className="h-64 rounded-xl" />;
  if (members.isError && members.data === undefined) {
    return <Failed message={members.error.message} onRetry={() => members.refetch()} />;
  }
  return (
    <>
      {changing.error ? <Notice tone="bad">{changing.error.message}</Notice> : null}
      <Card>
        <ul aria-label="Members" className="divide-y divide-line">
          {members.data.data.map((member) => (
            <li key={member.user_id} className="flex items-center gap-x-4 px-4 py-3.5 lg:px-5">
              <div className="flex min-w-0 flex-1 flex-col gap-0.5">
                <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                  <bdi className="min-w-0 font-semibold text-sm wrap-anywhere">{member.name}</bdi>
                  <Badge>{member.role}</Badge>
                </p>
                <p className="text-soft text-xs wrap-anywhere">{member.email}</p>
              </div>
              {member.last_active_at === null ? null : (
                <p className="hidden text-faint text-xs sm:block">
                  here <When iso={member.last_active_at} />
                </p>
              )}
              {mayWrite && member.by === 'project' && mayChange(own, member.role) ? (
                <RowMenu
                  label={`Actions for ${member.name}`}
                  actions={[
                    ...rolesBelow(own)
                      .filter(({ value }) => value !== member.role)
                      .map(({ value, label }) => ({
                        label: `Make them ${label.toLowerCase()}`,
                        run: () => changing.mutate({ member, role: value }),
                      })),
                    {
                      label: 'Remove',
                      isDanger: true,
                      run: () => changing.mutate({ member, role: undefined }),
                    },
                  ]}
                />
              ) : null}
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}

import { endpoints, type ProjectMember } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { Members } from '../../../members/create-members.ts';
import type { ProjectMembers } from '../../../members/create-project-members.ts';
import { type Actor, type Operation, organizationOperation, projectOperation } from '../operation.ts';

export type MemberOperationDeps = { members: Members; projectMembers: ProjectMembers };

/** Who belongs to an organization and its projects. */
export function memberOperations({ members, projectMembers }: MemberOperationDeps): Operation[] {
  return [...organizationMembers(members), ...membersOfProject(projectMembers)];
}

function organizationMembers(members: Members): Operation[] {
  return [
    organizationOperation({
      endpoint: endpoints.listMembers,
      permission: 'keys:read',
      run: ({ organization, query }) => members.list(organization.id, query),
    }),
    organizationOperation({
      endpoint: endpoints.updateMember,
      permission: 'members:write',
      audit: {
        action: 'member.change',
        target: ({ params }, output) => targetOf(params.id, output?.email),
        before: ({ organization, params }) => members.get(organization.id, params.id),
      },
      run: ({ organization, params, body, actor }) =>
        members.change(organization.id, { userId: params.id, role: body.role }, actor),
    }),
    organizationOperation({
      endpoint: endpoints.removeMember,
      permission: 'members:write',
      audit: {
        action: 'member.remove',
        target: ({ params }, output) => targetOf(params.id, output?.email),
        before: ({ organization, params }) => members.get(organization.id, params.id),
        after: ({ keys }) => ({ role: null, projects: [], keys_left: keys }),
      },
      run: ({ organization, params, actor }) => members.remove(organization.id, params.id, actor),
    }),
  ];
}

function membersOfProject(members: ProjectMembers): Operation[] {
  return [
    projectOperation({
      endpoint: endpoints.listProjectMembers,
      permission: 'keys:read',
      run: ({ project }) => members.list(project.id),
    }),
    projectOperation({
      endpoint: endpoints.addProjectMember,
      permission: 'members:write',
      audit: {
        action: 'member.add',
        target: (_, output) => output && targetOf(output.user_id, output.email),
      },
      run: ({ project, body, actor }) => members.add(project, body, liveActor(actor)),
    }),
    projectOperation({
      endpoint: endpoints.updateProjectMember,
      permission: 'members:write',
      audit: {
        action: 'member.change',
        target: ({ params }, output) => targetOf(params.id, output?.email),
        before: ({ project, params, actor }) => {
          liveActor(actor);
          return members.get(project.id, params.id);
        },
      },
      run: ({ project, params, body, actor }) =>
        members.change(project, { userId: params.id, role: body.role }, liveActor(actor)),
    }),
    projectOperation({
      endpoint: endpoints.removeProjectMember,
      permission: 'members:write',
      audit: {
        action: 'member.remove',
        target: ({ params }, output) => targetOf(params.id, output?.email),
        before: ({ project, params, actor }) => {
          liveActor(actor);
          return members.get(project.id, params.id);
        },
        after: (): Partial<ProjectMember> => ({}),
      },
      run: ({ project, params, actor }) => members.remove(project, params.id, liveActor(actor)),
    }),
  ];
}

function targetOf(id: string, name: string | undefined) {
  return { kind: 'member', id, name: name ?? null };
}

/** What a test key does stays in test mode: one that leaked cannot let people into what live calls leave behind. */
function liveActor(actor: Actor): Actor {
  if (actor.mode === 'live') return actor;
  const message = 'A test key cannot change who belongs to a project. Use a live key.';
  throw new GatewayError('insufficient_permissions', message, { retryable: false });
}

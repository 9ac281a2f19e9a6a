import { type ProjectMember, type ProjectMemberList, type Role, reaches } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { LockedMembers, StoredProjectMember } from '@app/store';
import { MEMBERS_MAX, type MemberActor, type MemberDeps } from './member-deps.ts';
import { readRole, refuseAbove } from './refuse-above.ts';
import { showProjectMember } from './show-member.ts';

type Place = { id: string; organizationId: string };

export type ProjectMembers = {
  list(projectId: string): Promise<ProjectMemberList>;
  /** Somebody who is let into the project; throws `not_found`. */
  get(projectId: string, userId: string): Promise<ProjectMember>;
  /** For somebody who belongs to the organization, or to another project of it, already. */
  add(project: Place, added: { email: string; role: Role }, actor: MemberActor): Promise<ProjectMember>;
  change(project: Place, change: { userId: string; role: Role }, actor: MemberActor): Promise<ProjectMember>;
  /** Takes a role in the project; whoever is let in by the organization stays. */
  remove(project: Place, userId: string, actor: MemberActor): Promise<ProjectMember>;
};

/** Who is let into one project, by its organization or by the project alone. */
export function createProjectMembers({ members, nowMs }: MemberDeps): ProjectMembers {
  return {
    list: async (projectId) => ({
      data: (await members.listProjectMembers(projectId, { limit: MEMBERS_MAX })).map(showProjectMember),
      next_cursor: null,
    }),
    get: async (projectId, userId) => {
      const found = await members.findProjectMember(projectId, { userId });
      if (found === undefined) throw noMember();
      return showProjectMember(found);
    },
    add: (project, { email, role }, actor) =>
      members.alone(project.organizationId, async (locked) => {
        const person = await locked.findMemberByEmail(project.organizationId, { email });
        if (person === undefined) throw noPerson(email);
        const { userId } = person;
        return setRole(locked, project, { userId, role, actor, nowMs: nowMs() });
      }),
    change: (project, { userId, role }, actor) =>
      members.alone(project.organizationId, async (locked) => {
        if ((await locked.findProjectMember(project.id, { userId })) === undefined) throw noMember();
        return setRole(locked, project, { userId, role, actor, nowMs: nowMs() });
      }),
    remove: (project, userId, actor) =>
      members.alone(project.organizationId, (locked) => removeRole(locked, project, { userId, actor })),
  };
}

type Setting = { userId: string; role: Role; actor: MemberActor; nowMs: number };

async function setRole(
  locked: LockedMembers,
  { id: projectId, organizationId }: Place,
  { userId, role, actor, nowMs }: Setting,
): Promise<ProjectMember> {
  const own = await readRole(locked, actor, { organizationId, projectId });
  const before = await locked.findProjectMember(projectId, { userId });
  refuseAbove(own, [before?.organizationRole, before?.projectRole, role]);
  refuseWeaker(before, role);
  await locked.upsertProjectMembership(projectId, { organizationId, userId, role, createdAtMs: nowMs });
  const after = await locked.findProjectMember(projectId, { userId });
  if (after === undefined) throw noMember();
  return showProjectMember(after);
}

async function removeRole(
  locked: LockedMembers,
  { id: projectId, organizationId }: Place,
  { userId, actor }: { userId: string; actor: MemberActor },
): Promise<ProjectMember> {
  const found = await locked.findProjectMember(projectId, { userId });
  if (found === undefined) throw noMember();
  const own = await readRole(locked, actor, { organizationId, projectId });
  refuseAbove(own, [found.projectRole]);
  if (found.projectRole === undefined) {
    const message = 'The organization lets them in: change or remove them there.';
    throw new GatewayError('conflict', message, { retryable: false });
  }
  await locked.deleteProjectMembership(projectId, { userId });
  return showProjectMember(found);
}

/** A role that the organization's outweighs would look as if it took something away. */
function refuseWeaker(before: StoredProjectMember | undefined, role: Role): void {
  const { organizationRole } = before ?? {};
  if (!reaches(organizationRole, role) || organizationRole === role) return;
  const message = `In the whole organization they are ${organizationRole}, which counts for this project too. Change it there.`;
  throw new GatewayError('conflict', message, { retryable: false });
}

function noMember(): GatewayError {
  return new GatewayError('not_found', 'There is no such member of this project.', { retryable: false });
}

function noPerson(email: string): GatewayError {
  const message = `Nobody with the address ${email} belongs to the organization. Invite them.`;
  return new GatewayError('not_found', message, { param: 'email', retryable: false });
}

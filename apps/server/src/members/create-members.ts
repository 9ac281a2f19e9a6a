import {
  type Member,
  type MemberList,
  type RemovedMember,
  type Role,
  Role as RoleList,
  reaches,
} from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { LockedMembers, StoredMember } from '@app/store';
import { joinOrganization } from './join-organization.ts';
import type { MemberActor, MemberDeps } from './member-deps.ts';
import { readRole, refuseAbove } from './refuse-above.ts';
import { showMember } from './show-member.ts';

export type Members = {
  list(organizationId: string, page?: { cursor?: string | undefined; limit?: number }): Promise<MemberList>;
  /** Somebody who belongs to the organization or to projects of it; throws `not_found`. */
  get(organizationId: string, userId: string): Promise<Member>;
  change(organizationId: string, change: { userId: string; role: Role }, actor: MemberActor): Promise<Member>;
  /** Makes somebody with an account a member, for the operator; others are invited. */
  add(organizationId: string, person: { userId: string; email: string; role: Role }): Promise<Member>;
  /** Takes every role in the organization and its projects at once. Keys that they made stay, and are named. */
  remove(organizationId: string, userId: string, actor: MemberActor): Promise<RemovedMember>;
};

const PAGE = 1_000;

/** Who belongs to an organization, as the REST interface and the command line change it. */
export function createMembers(deps: MemberDeps): Members {
  const { members, nowMs } = deps;
  const show = async (organizationId: string, member: StoredMember): Promise<Member> => {
    const { staleDays } = await members.findSignInPolicy(organizationId);
    return showMember(member, { nowMs: nowMs(), staleDays });
  };
  return {
    list: async (organizationId, { cursor, limit = PAGE } = {}) => {
      const { staleDays } = await members.findSignInPolicy(organizationId);
      const after = cursor === undefined ? undefined : Buffer.from(cursor, 'base64url').toString('utf8');
      const found = await members.listMembers(organizationId, { after, limit: limit + 1 });
      const page = found.slice(0, limit);
      const last = found.length > limit ? page.at(-1)?.email.toLowerCase() : undefined;
      return {
        data: page.map((member) => showMember(member, { nowMs: nowMs(), staleDays })),
        next_cursor: last === undefined ? null : Buffer.from(last, 'utf8').toString('base64url'),
        stale_days: staleDays,
      };
    },
    get: async (organizationId, userId) => {
      const member = await members.findMember(organizationId, { userId });
      if (member === undefined) throw noMember();
      return show(organizationId, member);
    },
    change: async (organizationId, change, actor) =>
      show(
        organizationId,
        await members.alone(organizationId, (locked) =>
          changeRole(locked, organizationId, { ...change, actor, nowMs: nowMs() }),
        ),
      ),
    add: async (organizationId, person) => {
      const joining = { ...person, projects: [], nowMs: nowMs() };
      await members.alone(organizationId, (locked) => joinOrganization(locked, organizationId, joining));
      const member = await members.findMember(organizationId, { userId: person.userId });
      if (member === undefined) throw noMember();
      return show(organizationId, member);
    },
    remove: async (organizationId, userId, actor) => {
      const member = await members.alone(organizationId, (locked) =>
        removeMember(locked, organizationId, { userId, actor, nowMs: nowMs() }),
      );
      const keys = await members.listKeysMadeBy(organizationId, { userId, nowMs: nowMs() });
      const shown = await show(organizationId, member);
      return { ...shown, keys: keys.map(({ id, name, projectId }) => ({ id, name, project_id: projectId })) };
    },
  };
}

type Asked = { userId: string; actor: MemberActor; nowMs: number };

async function changeRole(
  locked: LockedMembers,
  organizationId: string,
  { userId, role, actor, nowMs }: Asked & { role: Role },
): Promise<StoredMember> {
  const member = await locked.findMember(organizationId, { userId });
  if (member === undefined) throw noMember();
  refuseAbove(await readRole(locked, actor, { organizationId }), [member.role, role]);
  if (role !== 'owner') await keepOwner(locked, organizationId, member);
  await locked.upsertMembership(organizationId, { userId, role, createdAtMs: nowMs });
  // What somebody invited others to as an owner is not theirs to give any more.
  const roles = RoleList.options.filter((each) => !reaches(role, each) || role === 'member');
  await locked.revokeInvitationsOf(organizationId, { madeBy: userId, roles, email: undefined, nowMs });
  return { ...member, role };
}

async function removeMember(
  locked: LockedMembers,
  organizationId: string,
  { userId, actor, nowMs }: Asked,
): Promise<StoredMember> {
  const member = await locked.findMember(organizationId, { userId });
  if (member === undefined) throw noMember();
  const own = await readRole(locked, actor, { organizationId });
  refuseAbove(own, [member.role, ...member.projects.map(({ role }) => role)]);
  await keepOwner(locked, organizationId, member);
  await locked.deleteMember(organizationId, { userId, email: member.email, nowMs });
  await locked.revokeInvitationsOf(organizationId, {
    madeBy: userId,
    roles: RoleList.options,
    email: member.email,
    nowMs,
  });
  return member;
}

/** Throws for the only owner. The table keeps one too, also from what does not pass through here. */
async function keepOwner(locked: LockedMembers, organizationId: string, member: StoredMember): Promise<void> {
  if (member.role !== 'owner') return;
  const { otherOwners } = await locked.countMembers(organizationId, { userId: member.userId });
  if (otherOwners > 0) return;
  const message = 'An organization keeps at least one owner: make somebody else an owner first.';
  throw new GatewayError('conflict', message, { retryable: false });
}

function noMember(): GatewayError {
  return new GatewayError('not_found', 'There is no such member.', { retryable: false });
}

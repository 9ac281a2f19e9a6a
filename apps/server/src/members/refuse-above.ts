import { type Permission, type Role, Role as RoleList, reaches } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { LockedMembers } from '@app/store';
import { rolePermissions } from '../identity/role-permissions.ts';
import type { MemberActor } from './member-deps.ts';

/**
 * What somebody is at this moment, read while nobody else changes it: whoever lost a role since the request began changes
 * nothing any more. A key is no person and counts as an admin, the operator as an owner.
 */
export async function readRole(
  locked: Pick<LockedMembers, 'findMember' | 'findProjectMember'>,
  actor: MemberActor,
  place: { organizationId: string; projectId?: string | undefined },
): Promise<Role> {
  const role = await findRole(locked, actor, place);
  const needed: Permission = 'members:write';
  if (role !== undefined && rolePermissions(role).has(needed)) return role;
  throw forbidden('You may no longer change who belongs here.');
}

async function findRole(
  locked: Pick<LockedMembers, 'findMember' | 'findProjectMember'>,
  actor: MemberActor,
  { organizationId, projectId }: { organizationId: string; projectId?: string | undefined },
): Promise<Role | undefined> {
  if (actor.kind === 'operator') return 'owner';
  if (actor.kind === 'key') return 'admin';
  const userId = actor.id;
  const own =
    projectId === undefined
      ? [(await locked.findMember(organizationId, { userId }))?.role]
      : await locked
          .findProjectMember(projectId, { userId })
          .then((found) => [found?.organizationRole, found?.projectRole]);
  return RoleList.options.find((role) => own.includes(role));
}

/** Throws where one of the roles is above `own`: nobody gives, takes or changes what is above themselves. */
export function refuseAbove(own: Role, roles: readonly (string | undefined)[]): void {
  const above = RoleList.options.find((role) => roles.includes(role) && !reaches(own, role));
  if (above === undefined) return;
  throw forbidden(
    `You act as ${own} here, and nobody gives, takes or changes a role above their own: ${above}.`,
  );
}

function forbidden(message: string): GatewayError {
  return new GatewayError('insufficient_permissions', message, { retryable: false });
}

import { strongerRole } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { LockedMembers } from '@app/store';
import { MEMBERS_MAX } from './member-deps.ts';

export type Joining = {
  userId: string;
  email: string;
  role: string | undefined;
  projects: readonly { projectId: string; role: string }[];
  nowMs: number;
};

/**
 * Gives somebody roles in an organization and in projects of it, beside those they have: joining takes nothing away. That
 * they were removed once is forgotten.
 */
export async function joinOrganization(
  locked: LockedMembers,
  organizationId: string,
  { userId, email, role, projects, nowMs }: Joining,
): Promise<void> {
  const found = await locked.findMember(organizationId, { userId });
  if (found === undefined) {
    const { total } = await locked.countMembers(organizationId, { userId });
    if (total >= MEMBERS_MAX) {
      const message = `The organization has ${MEMBERS_MAX} members, which is as many as it may have.`;
      throw new GatewayError('conflict', message, { retryable: false });
    }
  }
  const whole = strongerRole(found?.role, role);
  if (whole !== null) {
    await locked.upsertMembership(organizationId, { userId, role: whole, createdAtMs: nowMs });
  }
  for (const given of projects) {
    const before = found?.projects.find(({ projectId }) => projectId === given.projectId)?.role;
    const strongest = strongerRole(before, given.role);
    if (strongest === null) continue;
    const joined = { organizationId, userId, role: strongest, createdAtMs: nowMs };
    await locked.upsertProjectMembership(given.projectId, joined);
  }
  await locked.deleteRemovedMember(organizationId, { email });
}

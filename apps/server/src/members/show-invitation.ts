import type { Invitation } from '@app/contract';
import type { StoredInvitation } from '@app/store';
import { findRole, showRoles } from './show-member.ts';

/** An invitation as the REST interface shows one, without what opens it. */
export function showInvitation(invitation: StoredInvitation, nowMs: number): Invitation {
  return {
    id: invitation.id,
    email: invitation.email,
    role: findRole(invitation.role) ?? null,
    projects: showRoles(invitation.projects),
    state: stateOf(invitation, nowMs),
    created_at: new Date(invitation.createdAtMs).toISOString(),
    created_by: invitation.createdBy ?? null,
    expires_at: new Date(invitation.expiresAtMs).toISOString(),
  };
}

function stateOf(invitation: StoredInvitation, nowMs: number): Invitation['state'] {
  const { acceptedAtMs, revokedAtMs, expiresAtMs } = invitation;
  if (acceptedAtMs !== undefined) return 'accepted';
  // One whose time is over is closed when its address is invited anew.
  if (revokedAtMs !== undefined && revokedAtMs < expiresAtMs) return 'revoked';
  return revokedAtMs !== undefined || expiresAtMs <= nowMs ? 'expired' : 'open';
}

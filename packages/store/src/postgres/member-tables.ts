import type { Database, Postgres } from './open-postgres.ts';
import { claimInvitation } from './queries/claim-invitation.ts';
import { claimMemberReminders } from './queries/claim-member-reminders.ts';
import { countMembers } from './queries/count-members.ts';
import { countOpenInvitations } from './queries/count-open-invitations.ts';
import { deleteAccount } from './queries/delete-account.ts';
import { deleteMember } from './queries/delete-member.ts';
import { deleteOldInvitations } from './queries/delete-old-invitations.ts';
import { deleteProjectMembership } from './queries/delete-project-membership.ts';
import { deleteRemovedMember } from './queries/delete-removed-member.ts';
import { deleteSignInDomains } from './queries/delete-sign-in-domains.ts';
import { findDomainRule } from './queries/find-domain-rule.ts';
import { findInvitation } from './queries/find-invitation.ts';
import { findMember } from './queries/find-member.ts';
import { findMemberByEmail } from './queries/find-member-by-email.ts';
import { findOpenInvitation } from './queries/find-open-invitation.ts';
import { findProjectMember } from './queries/find-project-member.ts';
import { findSignInPolicy } from './queries/find-sign-in-policy.ts';
import { insertInvitation } from './queries/insert-invitation.ts';
import { insertSignInDomain } from './queries/insert-sign-in-domain.ts';
import { listInvitations } from './queries/list-invitations.ts';
import { listKeysMadeBy } from './queries/list-keys-made-by.ts';
import { listMembers } from './queries/list-members.ts';
import { listOpenInvitationsOfEmail } from './queries/list-open-invitations-of-email.ts';
import { listProjectMembers } from './queries/list-project-members.ts';
import { lockEmail } from './queries/lock-email.ts';
import { lockMembers } from './queries/lock-members.ts';
import { replaceInvitationToken } from './queries/replace-invitation-token.ts';
import { revokeExpiredInvitation } from './queries/revoke-expired-invitation.ts';
import { revokeInvitation } from './queries/revoke-invitation.ts';
import { revokeInvitationsOf } from './queries/revoke-invitations-of.ts';
import { touchMemberActivity } from './queries/touch-member-activity.ts';
import { upsertMembership } from './queries/upsert-membership.ts';
import { upsertProjectMembership } from './queries/upsert-project-membership.ts';
import { upsertSignInPolicy } from './queries/upsert-sign-in-policy.ts';

/** What is read and changed of one organization's members while nobody else changes them. */
export type LockedMembers = ReturnType<typeof lockedMembers>;

/** Who belongs to organizations and their projects, who is invited, and how they have to sign in. */
export function memberTables(postgres: Postgres) {
  return {
    members: {
      listMembers: listMembers(postgres),
      findMember: findMember(postgres),
      findMemberByEmail: findMemberByEmail(postgres),
      listProjectMembers: listProjectMembers(postgres),
      findProjectMember: findProjectMember(postgres),
      listKeysMadeBy: listKeysMadeBy(postgres),
      touchMemberActivity: touchMemberActivity(postgres),
      claimMemberReminders: claimMemberReminders(postgres),
      listInvitations: listInvitations(postgres),
      findInvitation: findInvitation(postgres),
      findOpenInvitation: findOpenInvitation(postgres),
      listOpenInvitationsOfEmail: listOpenInvitationsOfEmail(postgres),
      deleteOldInvitations: deleteOldInvitations(postgres),
      deleteAccount: deleteAccount(postgres),
      findSignInPolicy: findSignInPolicy(postgres),
      findDomainRule: findDomainRule(postgres),
      /** Runs `run` while nobody else changes who belongs to the organization: all of it is written, or none. */
      alone: <T>(organizationId: string, run: (locked: LockedMembers) => Promise<T>): Promise<T> =>
        postgres.transaction(async (db) => {
          await lockMembers(db)({ organizationId });
          return run(lockedMembers(db));
        }),
      /** Runs `run` while nobody else makes an account of that address. */
      whileEmailIsHeld: <T>(email: string, run: () => Promise<T>): Promise<T> =>
        postgres.transaction(async (db) => {
          await lockEmail(db)({ email });
          return run();
        }),
    },
  };
}

function lockedMembers(db: Database) {
  return {
    findMember: findMember(db),
    findMemberByEmail: findMemberByEmail(db),
    countMembers: countMembers(db),
    upsertMembership: upsertMembership(db),
    deleteMember: deleteMember(db),
    deleteRemovedMember: deleteRemovedMember(db),
    findProjectMember: findProjectMember(db),
    upsertProjectMembership: upsertProjectMembership(db),
    deleteProjectMembership: deleteProjectMembership(db),
    insertInvitation: insertInvitation(db),
    findInvitation: findInvitation(db),
    replaceInvitationToken: replaceInvitationToken(db),
    revokeInvitation: revokeInvitation(db),
    revokeInvitationsOf: revokeInvitationsOf(db),
    revokeExpiredInvitation: revokeExpiredInvitation(db),
    claimInvitation: claimInvitation(db),
    countOpenInvitations: countOpenInvitations(db),
    findSignInPolicy: findSignInPolicy(db),
    upsertSignInPolicy: upsertSignInPolicy(db),
    deleteSignInDomains: deleteSignInDomains(db),
    insertSignInDomain: insertSignInDomain(db),
  };
}

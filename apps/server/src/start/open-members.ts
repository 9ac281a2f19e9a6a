import type { Schedule } from '@app/gateway';
import type { Log, RelationalStore } from '@app/store';
import type { Audit } from '../audit/audit.ts';
import type { SignInSettings } from '../config/sign-in-fields.ts';
import type { Accounts } from '../identity/create-accounts.ts';
import { createAttemptLimit } from '../identity/create-attempt-limit.ts';
import { type IdSource, newId } from '../ids.ts';
import type { Mailer } from '../mail/mailer.ts';
import { createInvitationDoor } from '../members/create-invitation-door.ts';
import { createInvitations } from '../members/create-invitations.ts';
import { createMayJoin, type Joins } from '../members/create-may-join.ts';
import { createMembers } from '../members/create-members.ts';
import { createProjectMembers } from '../members/create-project-members.ts';
import { createSignInPolicies, type SignInPolicies } from '../members/create-sign-in-policies.ts';
import { openMemberActivity } from '../members/open-member-activity.ts';
import { openMemberUpkeep } from '../members/open-member-upkeep.ts';
import type { InvitationOperationDeps } from '../routes/api/invitations/invitation-operations.ts';
import type { MemberOperationDeps } from '../routes/api/members/member-operations.ts';
import type { ClosingStack } from './closing-stack.ts';

type Common = {
  store: Pick<RelationalStore, 'members' | 'tenants'>;
  ids: IdSource;
  log: Pick<Log, 'warn'>;
};

export type MembershipDeps = Common & { audit: Pick<Audit, 'record'>; schedule: Schedule };

export type Membership = Joins & {
  /** Notes that somebody is at work in an organization, without waiting. */
  noteActivity(organizationId: string, userId: string): void;
};

/** Who joins by coming from a provider, and when members were last active. */
export function openMembership(deps: MembershipDeps, stack: ClosingStack): Membership {
  const { store, audit, schedule, log } = deps;
  const { nowMs } = deps.ids;
  const activity = openMemberActivity({
    touchMemberActivity: store.members.touchMemberActivity,
    nowMs,
    schedule,
    onWarning: (message, error) => log.warn({ err: error }, message),
  });
  stack.add(activity.close);
  return { ...createMayJoin({ members: store.members, audit, nowMs }), noteActivity: activity.note };
}

export type OpenMembersDeps = Common & {
  accounts: Pick<Accounts, 'createNew'>;
  mailer: Mailer;
  settings: Pick<SignInSettings, 'password'> & { providers: readonly { id: string }[] };
  /** How browsers reach this server. */
  url: string;
};

export type MemberManagement = MemberOperationDeps &
  Omit<InvitationOperationDeps, 'enterSession'> & { signInPolicies: SignInPolicies };

/** What the REST interface and the command line show and change of members, invitations and how people sign in. */
export function openMembers(deps: OpenMembersDeps): MemberManagement {
  const { store, ids, settings, accounts, log } = deps;
  const { members, tenants } = store;
  const { nowMs, randomBytes } = ids;
  return {
    members: createMembers({ members, nowMs }),
    projectMembers: createProjectMembers({ members, nowMs }),
    invitations: createInvitations({
      members,
      tenants,
      mailer: deps.mailer,
      url: deps.url,
      newId: () => newId('inv_', ids),
      randomBytes,
      mails: createAttemptLimit(nowMs),
      nowMs,
      onWarning: (message, error) => log.warn({ err: error }, message),
    }),
    invitationDoor: createInvitationDoor({
      members,
      accounts,
      allowsPasswords: settings.password,
      tries: createAttemptLimit(nowMs),
      nowMs,
    }),
    signInPolicies: createSignInPolicies({ members, providers: settings.providers.map(({ id }) => id) }),
  };
}

export type MemberRemindersDeps = Pick<MembershipDeps, 'store' | 'ids' | 'log' | 'schedule'> & {
  mailer: Mailer;
  url: string;
};

/** What looks through members by the clock. */
export function openMemberReminders(deps: MemberRemindersDeps, stack: ClosingStack): void {
  const { store, ids, log, schedule, mailer, url } = deps;
  const upkeep = openMemberUpkeep({
    members: store.members,
    mailer,
    url,
    nowMs: ids.nowMs,
    schedule,
    onWarning: (message, error) => log.warn({ err: error }, message),
    onReminder: (about) =>
      log.warn(about, 'Members were not active for long, and no mail server tells their owners.'),
  });
  stack.add(upkeep.close);
}

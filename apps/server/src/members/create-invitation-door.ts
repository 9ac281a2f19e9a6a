import type { AcceptedInvitation, InvitationView } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { RelationalStore } from '@app/store';
import type { Accounts } from '../identity/create-accounts.ts';
import type { AttemptLimit } from '../identity/create-attempt-limit.ts';
import type { SessionUser } from '../identity/create-find-session.ts';
import { createGate } from '../identity/create-gate.ts';
import { networkOf } from '../identity/network-of.ts';
import { refusePassword } from '../identity/password.ts';
import { digestOfToken } from './create-invitations.ts';
import { normalizeEmail } from './email-address.ts';
import { sayNeed } from './find-need.ts';
import { joinOrganization } from './join-organization.ts';
import { findRole } from './show-member.ts';

export type InvitationDoorDeps = {
  members: Pick<
    RelationalStore['members'],
    'alone' | 'findOpenInvitation' | 'findSignInPolicy' | 'whileEmailIsHeld'
  >;
  accounts: Pick<Accounts, 'createNew'>;
  /** Whether people of this server sign in with passwords at all. */
  allowsPasswords: boolean;
  /** How often tokens are tried from one address. */
  tries: AttemptLimit;
  nowMs: () => number;
};

/** Who accepts: somebody new with a name and a password, or whoever is signed in. */
export type Accepting = { name: string; password: string } | { user: SessionUser };

/** What is known of an invitation by its token, for what is written down. */
type OpenedInvitation = { id: string; organizationId: string; email: string };

export type InvitationDoor = {
  view(token: string, ip: string): Promise<InvitationView>;
  find(token: string): Promise<OpenedInvitation | undefined>;
  /** Counts a try; throws when there were too many. */
  countTry(ip: string): Promise<void>;
  accept(token: string, accepting: Accepting): Promise<AcceptedInvitation & { userId: string }>;
};

const TRIES = { window: 60, max: 20 };
/** Making an account holds one connection to PostgreSQL and needs another: many at once would take them all and wait for ever. */
const ACCOUNTS_MAX = 2;
const ACCOUNTS_WAITING_MAX = 50;

/** What the holder of an invitation's link may do with it. Who holds none learns nothing here. */
export function createInvitationDoor(deps: InvitationDoorDeps): InvitationDoor {
  const find = (token: string) =>
    deps.members.findOpenInvitation({ digest: digestOfToken(token), nowMs: deps.nowMs() });
  const countTry = async (ip: string) => {
    const { allowed, retryAfter } = await deps.tries.consume(networkOf(ip), TRIES);
    if (allowed) return;
    const message = 'Too many invitations were tried from this address. Try again in a minute.';
    throw new GatewayError('rate_limit_exceeded', message, { retryAfterS: Math.min(retryAfter ?? 59, 59) });
  };
  const door = createGate(ACCOUNTS_MAX, ACCOUNTS_WAITING_MAX);
  return {
    find,
    countTry,
    view: async (token, ip) => {
      await countTry(ip);
      const found = await find(token);
      if (found === undefined) throw staleLink();
      const { requiredProvider } = await deps.members.findSignInPolicy(found.organizationId);
      return {
        organization: found.organization,
        email: found.email,
        role: findRole(found.role) ?? null,
        projects: found.projects.map(({ name }) => name),
        invited_by: found.invitedBy ?? null,
        expires_at: new Date(found.expiresAtMs).toISOString(),
        has_account: found.userId !== undefined,
        required_provider: requiredProvider ?? null,
      };
    },
    accept: async (token, accepting) => {
      const found = await find(token);
      if (found === undefined) throw staleLink();
      const { organizationId, organization, email } = found;
      await refuseOtherWays(deps, organizationId, accepting);
      const userId =
        'user' in accepting
          ? ownId(accepting.user, email)
          : await door(() => makeAccount(deps, { token, email, ...accepting }));
      if (userId === undefined) throw tooBusy();
      await enter(deps, token, userId);
      return { organization_id: organizationId, organization, userId };
    },
  };
}

/** Where one provider is demanded, an account made in another way would open nothing. */
async function refuseOtherWays(deps: InvitationDoorDeps, organizationId: string, accepting: Accepting) {
  if (!('user' in accepting) && !deps.allowsPasswords) {
    throw forbidden('Nobody signs in with a password here. Sign in with a provider, and accept then.');
  }
  const { requiredProvider: provider } = await deps.members.findSignInPolicy(organizationId);
  const method = 'user' in accepting ? accepting.user.method : 'password';
  if (provider === undefined || method === provider) return;
  throw forbidden(sayNeed({ kind: 'provider', provider }));
}

function ownId(user: SessionUser, email: string): string {
  if (normalizeEmail(user.email) === email) return user.id;
  throw forbidden(`This invitation is for ${email}, and you are signed in as ${user.email}.`);
}

type NewPerson = { token: string; email: string; name: string; password: string };

async function makeAccount(
  deps: InvitationDoorDeps,
  { token, email, name, password }: NewPerson,
): Promise<string> {
  const problem = refusePassword(password);
  if (problem !== undefined) throw new GatewayError('invalid_parameter', problem, { param: 'password' });
  return deps.members.whileEmailIsHeld(email, async () => {
    const digest = digestOfToken(token);
    const found = await deps.members.findOpenInvitation({ digest, nowMs: deps.nowMs() });
    if (found === undefined) throw staleLink();
    // A password is never set for an account that is there: it would be somebody else's way into it.
    const userId =
      found.userId === undefined ? await deps.accounts.createNew({ name, email, password }) : undefined;
    if (userId !== undefined) return userId;
    const message = 'This address has an account: sign in to it, and accept then.';
    throw new GatewayError('conflict', message, { retryable: false });
  });
}

/** All at once: the invitation is used up, and who accepted it belongs there. */
async function enter({ members, nowMs }: InvitationDoorDeps, token: string, userId: string): Promise<void> {
  const digest = digestOfToken(token);
  const found = await members.findOpenInvitation({ digest, nowMs: nowMs() });
  if (found === undefined) throw staleLink();
  const { id, organizationId, email, role, projects } = found;
  await members.alone(organizationId, async (locked) => {
    const claim = { id, digest, userId, nowMs: nowMs() };
    if (!(await locked.claimInvitation(organizationId, claim))) throw staleLink();
    await joinOrganization(locked, organizationId, { userId, email, role, projects, nowMs: nowMs() });
  });
}

/** The same for a token that was never one. */
export function staleLink(): GatewayError {
  const message =
    'This invitation is not valid: it was used, taken back, replaced by a newer one, or is older than 7 days. ' +
    'Ask for another one.';
  return new GatewayError('insufficient_permissions', message, { param: 'token', retryable: false });
}

function tooBusy(): GatewayError {
  return new GatewayError('overloaded', 'Too many accounts are being made. Try again soon.', {
    retryAfterS: 5,
  });
}

function forbidden(message: string): GatewayError {
  return new GatewayError('insufficient_permissions', message, { retryable: false });
}

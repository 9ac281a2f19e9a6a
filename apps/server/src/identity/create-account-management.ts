import type { Account, AccountSession, Passkey } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { RelationalStore, UserSession } from '@app/store';
import type { SessionUser } from './create-find-session.ts';
import type { Passkeys } from './create-passkeys.ts';

export type AccountManagementDeps = {
  accounts: RelationalStore['accounts'];
  passkeys: Pick<Passkeys, 'list' | 'delete'>;
  /** Where else people can sign in now, and whether they can with a password. */
  providers: readonly { id: string; title: string }[];
  allowsPasswords: boolean;
  nowMs: () => number;
};

/** What somebody can see and change of their own account. */
export type AccountManagement = {
  get(user: SessionUser): Promise<Account>;
  rename(user: SessionUser, name: string): Promise<Account>;
  /** How many ended: none when there was no such session of this person. */
  endSession(user: SessionUser, id: string): Promise<number>;
  endOtherSessions(user: SessionUser): Promise<number>;
  /** Throws `conflict` for the last way in. */
  deleteIdentity(user: SessionUser, provider: string): Promise<Account>;
  deletePasskey(user: SessionUser, id: string): Promise<Passkey>;
};

export function createAccountManagement(deps: AccountManagementDeps): AccountManagement {
  const { accounts, passkeys, nowMs } = deps;
  const get = (user: SessionUser) => readAccount(deps, user);
  return {
    get,
    rename: async (user, name) => {
      await accounts.updateUserName(user.id, { name, nowMs: nowMs() });
      return get(user);
    },
    endSession: (user, id) => accounts.deleteUserSession(user.id, { id }),
    endOtherSessions: (user) => accounts.deleteOtherSessions(user.id, { keptId: user.sessionId }),
    deleteIdentity: async (user, provider) => {
      const usable = deps.providers.map(({ id }) => id);
      const passwords = deps.allowsPasswords;
      if ((await accounts.deleteIdentity(user.id, { provider, usable, passwords })) > 0) return get(user);
      const { identities } = await get(user);
      throw identities.some((each) => each.provider === provider)
        ? lastWayIn('This is the only way into your account.')
        : notFound('There is no account of that provider.');
    },
    deletePasskey: async (user, id) => {
      const account = await get(user);
      const others = account.passkeys.filter((each) => each.id !== id);
      const isUsable = ({ provider }: { provider: string }) =>
        deps.providers.some((each) => each.id === provider);
      const hasOther =
        others.length > 0 ||
        (deps.allowsPasswords && account.has_password) ||
        account.identities.some(isUsable);
      if (!hasOther && account.passkeys.length > 0)
        throw lastWayIn('This passkey is the only way into your account.');
      const deleted = await passkeys.delete(user.id, id);
      if (deleted === undefined) throw notFound('There is no such passkey.');
      return deleted;
    },
  };
}

async function readAccount(
  { accounts, passkeys, providers, nowMs }: AccountManagementDeps,
  user: SessionUser,
): Promise<Account> {
  const [found, keys, sessions] = await Promise.all([
    accounts.findAccount(user.id),
    passkeys.list(user.id),
    accounts.listUserSessions(user.id, { nowMs: nowMs() }),
  ]);
  if (found === undefined) throw notFound('This account is not there any more.');
  return {
    id: found.id,
    name: found.name,
    email: found.email,
    has_password: found.hasPassword,
    two_factor: found.hasTwoFactor,
    passkeys: keys,
    identities: found.identities.map(({ provider, linkedAt }) => ({
      provider,
      title: providers.find(({ id }) => id === provider)?.title ?? provider,
      linked_at: linkedAt.toISOString(),
    })),
    sessions: sessions.map((session) => showSession(session, user.sessionId)),
  };
}

function showSession(session: UserSession, currentId: string): AccountSession {
  return {
    id: session.id,
    is_current: session.id === currentId,
    method: session.method ?? null,
    ip: session.ip ?? null,
    user_agent: session.userAgent ?? null,
    created_at: session.createdAt.toISOString(),
    last_active_at: session.lastActiveAt?.toISOString() ?? null,
    expires_at: session.expiresAt.toISOString(),
  };
}

function lastWayIn(sentence: string): GatewayError {
  const message = `${sentence} Add another one first.`;
  return new GatewayError('conflict', message, { retryable: false });
}

function notFound(message: string): GatewayError {
  return new GatewayError('not_found', message, { retryable: false });
}

import { randomBytes } from 'node:crypto';
import type { RelationalStore } from '@app/store';
import type pg from 'pg';
import type { Audit } from '../audit/audit.ts';
import type { SignInSettings } from '../config/sign-in-fields.ts';
import { clientAddressHeader } from '../identity/client-address-header.ts';
import { createAccountManagement } from '../identity/create-account-management.ts';
import { createAttemptLimit } from '../identity/create-attempt-limit.ts';
import type { AuthOptions } from '../identity/create-auth.ts';
import { createPasskeys } from '../identity/create-passkeys.ts';
import { createSignInLimit, type SignInLimit } from '../identity/create-sign-in-limit.ts';
import { createSignInTrail, type SignInTrail } from '../identity/create-sign-in-trail.ts';
import type { MayJoin, Newcomer } from '../identity/may-join.ts';
import type { SignIn } from '../identity/open-sign-in.ts';
import { readIdentityProvider } from '../identity/providers/identity-provider.ts';
import { findRelyingParty } from '../identity/relying-party.ts';
import { findOwnOrigin, isSameOrigin, type Site } from '../identity/site.ts';
import { writeResetMail } from '../identity/write-reset-mail.ts';
import { type IdSource, newId } from '../ids.ts';
import type { Mailer } from '../mail/mailer.ts';
import type { AskOnce } from '../outbound/ask-once.ts';
import type { AccountOperationDeps } from '../routes/api/account/account-operations.ts';
import { sourceOf } from '../routes/api/create-access.ts';
import { registerAuth } from '../routes/identity/register-auth.ts';

export type IdentityDeps = {
  pool: pg.Pool;
  /** Signs session cookies. */
  secret: string;
  /** How browsers reach this server. */
  url: string;
  site: Site;
  settings: SignInSettings;
  store: Pick<RelationalStore, 'signIn' | 'passkeys' | 'accounts' | 'tenants'>;
  /** The guarded way to providers. */
  askOnce: AskOnce;
  mailer: Mailer;
  audit: Pick<Audit, 'record'>;
  mayJoin: MayJoin;
  /** Hears of everybody who signs in by a provider and has an account. */
  welcome: (person: Newcomer & { userId: string }) => Promise<void>;
  digest: (text: string) => string;
  ids: IdSource;
  onWarning: (message: string, error?: unknown) => void;
};

export type IdentityParts = {
  /** For the sign-in library. */
  authOptions: AuthOptions;
  limit: SignInLimit;
  trail: SignInTrail;
  /** What is made of the library once it is there. */
  complete(signIn: SignIn): {
    routes: ReturnType<typeof registerAuth>;
    operations: AccountOperationDeps;
  };
};

/** How people sign in and what they can do with their accounts, put together. */
export function openIdentity(deps: IdentityDeps): IdentityParts {
  const { store, digest, settings, mailer, site, onWarning } = deps;
  const { nowMs } = deps.ids;
  const limit = createSignInLimit({ signIn: store.signIn, digest, nowMs });
  const trail = createSignInTrail({ audit: deps.audit, tenants: store.tenants, digest });
  const providers = settings.providers.map(readIdentityProvider);
  const own = { ...deps, providers, limit, trail };
  return {
    limit,
    trail,
    authOptions: authOptionsOf(own),
    complete: (signIn) => ({
      routes: registerAuth({
        auth: signIn,
        site,
        limit,
        trail,
        sendsMail: mailer.isConfigured,
        welcome: deps.welcome,
        onWarning,
      }),
      operations: operationsOf(own, signIn),
    }),
  };
}

type Own = IdentityDeps & {
  providers: AuthOptions['providers'];
  limit: SignInLimit;
  trail: SignInTrail;
};

function authOptionsOf(own: Own): AuthOptions {
  const { store, mailer, trail, limit } = own;
  return {
    pool: own.pool,
    secret: own.secret,
    url: own.url,
    settings: own.settings,
    providers: own.providers,
    askOnce: own.askOnce,
    mayJoin: own.mayJoin,
    insertUsedCode: store.signIn.insertUsedCode,
    nowMs: own.ids.nowMs,
    sendReset: async ({ userId, email, token }) => {
      const account = await store.accounts.findAccount(userId);
      if (account === undefined) return;
      await mailer.send(
        writeResetMail({ to: email, url: own.url, token: account.hasPassword ? token : undefined }),
      );
    },
    onReset: async ({ userId, email, headers }) => {
      const ip = headers?.get(clientAddressHeader) ?? undefined;
      const userAgent = headers?.get('user-agent') ?? undefined;
      if (ip !== undefined) await limit.noteSignIn({ account: email, ip });
      await trail.record({ id: userId, email }, { action: 'account.reset_password' }, { ip, userAgent });
    },
    onWarning: own.onWarning,
  };
}

function operationsOf(own: Own, signIn: SignIn): AccountOperationDeps {
  const { store, ids, providers, site, limit, trail } = own;
  const { nowMs } = ids;
  const passkeys = createPasskeys({
    passkeys: store.passkeys,
    newId: () => newId('psk_', ids),
    randomBytes,
    nowMs,
  });
  const allowsPasswords = own.settings.password;
  return {
    passkeys,
    account: createAccountManagement({
      accounts: store.accounts,
      passkeys,
      providers,
      allowsPasswords,
      nowMs,
    }),
    providers,
    allowsPasswords,
    sendsMail: own.mailer.isConfigured,
    findParty: (request) => findRelyingParty(findOwnOrigin(site, sourceOf(request))),
    isOwnPage: (request) => isSameOrigin(site, sourceOf(request)),
    loadSignIn: signIn.load,
    sessions: signIn.accounts,
    people: store.accounts,
    begins: createAttemptLimit(nowMs),
    limit,
    trail,
  };
}

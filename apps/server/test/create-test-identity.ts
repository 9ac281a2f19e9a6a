import type { RelationalStore } from '@app/store';
import type { Audit } from '../src/audit/audit.ts';
import { SignIn as SignInFields } from '../src/config/sign-in-fields.ts';
import { createAccounts } from '../src/identity/create-accounts.ts';
import { type Auth, createAuth, migrateAuth } from '../src/identity/create-auth.ts';
import { createFindSession } from '../src/identity/create-find-session.ts';
import type { SignIn } from '../src/identity/open-sign-in.ts';
import type { Site } from '../src/identity/site.ts';
import type { IdSource } from '../src/ids.ts';
import type { Mailer } from '../src/mail/mailer.ts';
import { createMayJoin } from '../src/members/create-may-join.ts';
import { parseAllowedHosts } from '../src/outbound/allowed-hosts.ts';
import { createAskOnce } from '../src/outbound/ask-once.ts';
import { createEndpoints, outboundDefaults } from '../src/outbound/create-endpoints.ts';
import { type IdentityParts, openIdentity } from '../src/start/open-identity.ts';
import { createMemoryMailer } from './memory-mailer.ts';
import { silentAudit } from './silent-audit.ts';

export type TestIdentityOptions = {
  /** As in the settings, under `sign_in`. */
  settings?: object;
  allowPrivateHosts?: readonly string[];
  mailer?: Mailer;
  audit?: Pick<Audit, 'record'>;
  /** Warnings for the operator. */
  onWarning?: (message: string, error?: unknown) => void;
};

export type TestIdentityDeps = {
  store: RelationalStore;
  secret: string;
  url: string;
  site: Site;
  digest: (text: string) => string;
  ids: IdSource;
};

export type TestIdentity = ReturnType<IdentityParts['complete']> & {
  auth: Auth;
  signIn: SignIn;
  close(): Promise<void>;
};

/** Signing in as the server wires it, with passwords that are quickly hashed. */
export async function createTestIdentity(
  deps: TestIdentityDeps,
  options: TestIdentityOptions = {},
): Promise<TestIdentity> {
  const { store, ids } = deps;
  const { audit = silentAudit } = options;
  const { nowMs } = ids;
  const endpoints = createEndpoints({
    allowedHosts: parseAllowedHosts(options.allowPrivateHosts ?? []),
    resolve: (host, done) => done(new Error(`${host} is not asked for in tests.`), undefined),
    limits: outboundDefaults,
  });
  const parts = openIdentity({
    ...deps,
    ...createMayJoin({ members: store.members, audit, nowMs }),
    pool: store.openAuthPool(),
    settings: { ...SignInFields.parse(options.settings ?? {}), bcrypt_cost: 4 },
    askOnce: createAskOnce(endpoints),
    mailer: options.mailer ?? createMemoryMailer(),
    audit,
    onWarning: options.onWarning ?? (() => undefined),
  });
  const auth = createAuth(parts.authOptions);
  await store.withMigrationLock(() => migrateAuth(auth));
  const signIn: SignIn = {
    findSession: createFindSession({ auth, touchSession: store.accounts.touchSession, nowMs }),
    accounts: createAccounts(auth),
    handler: (request) => auth.handler(request),
    load: async () => undefined,
  };
  return {
    auth,
    signIn,
    ...parts.complete(signIn),
    close: () => endpoints.stop((pool) => pool.destroy()),
  };
}

import { randomBytes } from 'node:crypto';
import type { Clock, Schedule } from '@app/gateway';
import type { Store } from '@app/store';
import type { Audit } from '../audit/audit.ts';
import { createSetup, type Setup } from '../identity/create-setup.ts';
import { openSignIn, type SignIn } from '../identity/open-sign-in.ts';
import type { Site } from '../identity/site.ts';
import type { IdSource } from '../ids.ts';
import { openSignInUpkeep } from '../jobs/open-sign-in-upkeep.ts';
import type { Mailer } from '../mail/mailer.ts';
import { type Access, createAccess } from '../routes/api/create-access.ts';
import type { KeyUsage } from '../snapshot/open-key-usage.ts';
import type { OpenSnapshot } from '../snapshot/open-snapshot.ts';
import { openTenancy } from '../tenancy/open-tenancy.ts';
import type { WireOptions } from '../wire.ts';
import type { ClosingStack } from './closing-stack.ts';
import { openAskProviders } from './open-ask-providers.ts';
import { type IdentityParts, openIdentity } from './open-identity.ts';
import { openMembership } from './open-members.ts';

export type PeopleDeps = {
  options: WireOptions;
  store: Store;
  snapshot: OpenSnapshot;
  digest: (text: string) => string;
  keyUsage: KeyUsage;
  clock: Clock;
  ids: IdSource;
  schedule: Schedule;
  audit: Audit;
  mailer: Mailer;
  /** Signs session cookies. */
  sessionSecret: string;
  /** The organization that the first owner will own. */
  tenant: { organizationId: string };
};

export type OpenPeople = {
  signIn: SignIn;
  setup: Setup;
  access: Access;
  site: Site;
  identity: ReturnType<IdentityParts['complete']>;
  tenancy: ReturnType<typeof openTenancy>;
};

/** Who people are, what they belong to, and what they may do. */
export function openPeople(deps: PeopleDeps, stack: ClosingStack): OpenPeople {
  const { store, clock, ids, digest, options } = deps;
  const { config, publicUrl, log } = options;
  const { nowMs } = clock;
  const { noteActivity, mayJoin, welcome } = openMembership({ ...deps, log }, stack);
  const pool = store.openAuthPool();
  stack.add(() => pool.end());
  const { TOKENROUTER_PUBLIC_URL: named } = config.environment;
  const site: Site = {
    publicOrigin: named === undefined ? undefined : new URL(named).origin,
    mode: config.mode,
  };
  const parts = openIdentity({
    ...{ pool, site, store, mayJoin, welcome, digest, ids },
    secret: deps.sessionSecret,
    url: publicUrl,
    settings: config.file.sign_in,
    askOnce: openAskProviders(config, stack),
    mailer: deps.mailer,
    audit: deps.audit,
    onWarning: (message, error) => log.warn({ err: error }, message),
  });
  const signIn = openSignIn({
    ...parts.authOptions,
    withMigrationLock: store.withMigrationLock,
    touchSession: store.accounts.touchSession,
  });
  const upkeep = openSignInUpkeep({
    deleteExpiredSignIn: store.signIn.deleteExpiredSignIn,
    nowMs,
    schedule: deps.schedule,
    onWarning: (message, error) => log.warn({ err: error }, message),
  });
  stack.add(upkeep);
  const setup = createSetup({
    setup: store.setup,
    tenants: store.tenants,
    accounts: signIn.accounts,
    organizationId: deps.tenant.organizationId,
    url: publicUrl,
    randomBytes,
    nowMs,
    onDone: options.onSetupDone,
  });
  const access = createAccess({
    findPrincipal: deps.snapshot.findPrincipal,
    digest,
    findSession: signIn.findSession,
    tenants: store.tenants,
    site,
    nowMs,
    noteUse: deps.keyUsage.note,
    noteActivity,
  });
  const identity = parts.complete(signIn);
  return { signIn, setup, access, site, identity, tenancy: openTenancy({ config, store, ids }) };
}

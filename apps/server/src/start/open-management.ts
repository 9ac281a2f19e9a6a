import { randomBytes } from 'node:crypto';
import type { IngestStatus } from '@app/contract';
import type { Clock } from '@app/gateway';
import type { Store, StoredNotice } from '@app/store';
import type { FastifyInstance } from 'fastify';
import type { Credentials } from '../credentials/create-credentials.ts';
import { createSetup, type Setup } from '../identity/create-setup.ts';
import { openSignIn } from '../identity/open-sign-in.ts';
import type { Site } from '../identity/site.ts';
import type { IdSource } from '../ids.ts';
import { openKeys } from '../keys/open-keys.ts';
import { createLimitManagement } from '../limits/management/create-limit-management.ts';
import { createAccess } from '../routes/api/create-access.ts';
import { listOperations } from '../routes/api/list-operations.ts';
import { registerOperations } from '../routes/api/register-operations.ts';
import { registerAuth } from '../routes/identity/register-auth.ts';
import type { KeyUsage } from '../snapshot/open-key-usage.ts';
import type { OpenSnapshot } from '../snapshot/open-snapshot.ts';
import { openTenancy } from '../tenancy/open-tenancy.ts';
import type { WireOptions } from '../wire.ts';
import type { ClosingStack } from './closing-stack.ts';
import type { OpenLimits } from './open-limits.ts';
import { type OpenRepricingsDeps, openRepricings } from './open-repricings.ts';

export type ManagementDeps = Pick<OpenRepricingsDeps, 'schedule' | 'serverId'> & {
  options: WireOptions;
  store: Store;
  snapshot: OpenSnapshot;
  credentials: Credentials;
  digest: (text: string) => string;
  keyUsage: KeyUsage;
  clock: Clock;
  ids: IdSource;
  /** Signs session cookies. */
  sessionSecret: string;
  ingestStatus: () => IngestStatus;
  limits: Pick<OpenLimits, 'read' | 'flush'>;
  /** Brings to people what budgets have to tell. */
  deliver: (notice: StoredNotice) => void;
};

export type Management = {
  setup: Setup;
  plugins: ((app: FastifyInstance) => void)[];
  /** Loads what only people need; calls are served meanwhile. */
  loadSignIn(): Promise<void>;
};

/** Sign-in, set-up and the management API. */
export async function openManagement(deps: ManagementDeps, stack: ClosingStack): Promise<Management> {
  const { store, clock, ids, digest, options } = deps;
  const { config, publicUrl, log } = options;
  const { nowMs } = clock;
  const pool = store.openAuthPool();
  stack.add(() => pool.end());
  const signIn = openSignIn({
    withMigrationLock: store.withMigrationLock,
    pool,
    secret: deps.sessionSecret,
    url: publicUrl,
    nowMs,
    onWarning: (message) => log.warn(message),
  });
  const { keys, tenant } = await openKeys({ config, store, digest, ids });
  const setup = createSetup({
    setup: store.setup,
    tenants: store.tenants,
    accounts: signIn.accounts,
    organizationId: tenant.organizationId,
    url: publicUrl,
    randomBytes,
    nowMs,
    onDone: options.onSetupDone,
  });
  const { TOKENROUTER_PUBLIC_URL: named } = config.environment;
  const site: Site = {
    publicOrigin: named === undefined ? undefined : new URL(named).origin,
    mode: config.mode,
  };
  const access = createAccess({
    findPrincipal: deps.snapshot.findPrincipal,
    digest,
    findSession: signIn.findSession,
    tenants: store.tenants,
    site,
    nowMs,
    noteUse: deps.keyUsage.note,
  });
  const { limits, budgets } = createLimitManagement({
    store,
    readCount: deps.limits.read,
    flush: deps.limits.flush,
    findLimit: deps.snapshot.findLimit,
    hasModel: (name) => deps.snapshot.findTargets(name, 'live').length > 0,
    deliver: deps.deliver,
    ids,
  });
  const prices = openRepricings({ ...deps, config, log }, stack);
  const operations = listOperations({
    ...prices,
    keys,
    credentials: deps.credentials,
    limits,
    budgets,
    setup,
    tenants: store.tenants,
    tenancy: openTenancy({ config, store, ids }),
    traces: store.traces,
    ingestStatus: deps.ingestStatus,
    nowMs,
  });
  return {
    setup,
    plugins: [registerAuth({ auth: signIn, site }), registerOperations({ operations, access })],
    loadSignIn: signIn.load,
  };
}

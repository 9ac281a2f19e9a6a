import { randomBytes } from 'node:crypto';
import type { IngestStatus } from '@app/contract';
import { createMemoryLimits, type MemoryLimits, type Schedule } from '@app/gateway';
import type { PostgresOptions, StoredNotice } from '@app/store';
import { createProjectRedactors } from '@app/tracing';
import type { FastifyInstance } from 'fastify';
import type { Audit } from '../src/audit/audit.ts';
import { createApp } from '../src/http/create-app.ts';
import type { Auth } from '../src/identity/create-auth.ts';
import type { FindSession } from '../src/identity/create-find-session.ts';
import { createSetup, type Setup } from '../src/identity/create-setup.ts';
import { ensureDefaultTenant } from '../src/identity/ensure-default-tenant.ts';
import type { Site } from '../src/identity/site.ts';
import { newId } from '../src/ids.ts';
import { createKeys, type Keys } from '../src/keys/create-keys.ts';
import { digestKey } from '../src/keys/digest-key.ts';
import type { Budgets } from '../src/limits/management/create-budgets.ts';
import { createLimitManagement } from '../src/limits/management/create-limit-management.ts';
import type { Limits } from '../src/limits/management/create-limits.ts';
import { createFindPrice } from '../src/prices/create-find-price.ts';
import { type Access, createAccess } from '../src/routes/api/create-access.ts';
import { listOperations, type OperationDeps } from '../src/routes/api/list-operations.ts';
import type { Operation } from '../src/routes/api/operation.ts';
import { registerOperations } from '../src/routes/api/register-operations.ts';
import { mcpRoute } from '../src/routes/mcp/mcp-route.ts';
import { loadInstallationSecrets } from '../src/secrets/installation-secret.ts';
import { openKeySync } from '../src/snapshot/open-key-sync.ts';
import { type LimitSync, openLimitSync } from '../src/snapshot/open-limit-sync.ts';
import type { MemberManagement } from '../src/start/open-members.ts';
import { openTenancy } from '../src/tenancy/open-tenancy.ts';
import { createTestAlerts } from './create-test-alerts.ts';
import { createTestAuditLog } from './create-test-audit-log.ts';
import { createTestCredentials, type TestCredentialsOptions } from './create-test-credentials.ts';
import { createTestData, type DataTraces } from './create-test-data.ts';
import { createTestIdentity, type TestIdentityOptions } from './create-test-identity.ts';
import { createTestMembers, type TestMembersOptions } from './create-test-members.ts';
import { createTestMessages, type TestMessages, type TestMessagesOptions } from './create-test-messages.ts';
import { createTestRemappings } from './create-test-remappings.ts';
import { createTestRepricings } from './create-test-repricings.ts';
import { noTraces } from './no-traces.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { silentAudit } from './silent-audit.ts';

export type TestManagement = {
  app: FastifyInstance;
  keys: Keys;
  setup: Setup;
  operations: readonly Operation[];
  access: Access;
  /** What the management API shows of limits, and what counts against them. */
  limits: Limits;
  budgets: Budgets;
  messages: TestMessages;
  limitSync: LimitSync;
  counts: MemoryLimits;
  /** What was delivered to people. */
  noticed: StoredNotice[];
  auth: Auth;
  test: TestStore;
  project: { id: string; organizationId: string };
  /** Errors that nobody foresaw. */
  internalErrors: unknown[];
  noted: { keyId: string; ip: string }[];
  /** What the management API does with members, without its doors. */
  people: MemberManagement;
  /** Who was at work in which organization. */
  active: { organizationId: string; userId: string }[];
  /** Moves the clock that set-up links, expiry and tries are measured by. */
  advance(byMs: number): void;
  close(): Promise<void>;
};

export type TestManagementOptions = {
  /** Opens where traces are read from; without it there are none. */
  openTraces?: (
    postgres: PostgresOptions,
  ) => Promise<{ traces: OperationDeps['traces']; data?: DataTraces; close(): Promise<void> }>;
  site?: Site;
  url?: string;
  credentials?: TestCredentialsOptions;
  messages?: TestMessagesOptions;
  /** What the checks say; nothing when absent. */
  readReport?: OperationDeps['readReport'];
  follow?: OperationDeps['follow'];
  identity?: TestIdentityOptions;
  /** Closed with it; one of the shared PostgreSQL when absent. */
  store?: TestStore;
  members?: TestMembersOptions;
  /** What is written down; nothing when absent. */
  audit?: Audit;
  /** Who is signed in, for tests that are not about signing in. */
  findSession?: FindSession;
};

/** The management API on a database of its own, wired as the server wires it, without a trace store. */
export async function openTestManagement(options: TestManagementOptions = {}): Promise<TestManagement> {
  const test = options.store ?? (await openTestStore());
  const { store } = test;
  const traceStore = await options.openTraces?.(test.place);
  let movedMs = 0;
  const nowMs = () => Date.now() + movedMs;
  const ids = { nowMs, randomBytes };
  const url = options.url ?? 'http://127.0.0.1:4000';
  const site: Site = options.site ?? { publicOrigin: undefined, mode: 'development' };
  const internalErrors: unknown[] = [];
  const noted: TestManagement['noted'] = [];
  const active: TestManagement['active'] = [];

  const loaded = await loadInstallationSecrets({
    table: store.secrets,
    masterKey: randomBytes(32),
    nowMs: 0,
  });
  if (!loaded.ok) throw new Error(loaded.problem);
  const digest = digestKey(loaded.secrets['key-pepper']);
  const project = await ensureDefaultTenant({
    tenants: store.tenants,
    newId: (prefix) => newId(prefix, ids),
    nowMs,
    capture: 'full',
  });
  const secret = loaded.secrets['session-secret'].toString('base64url');
  const identity = await createTestIdentity({ store, secret, url, site, digest, ids }, options.identity);
  const { auth, signIn } = identity;
  const serverId = newId('srv_', ids);
  const sync = await openKeySync({
    keys: store.keys,
    serverId,
    schedule,
    onWarning: () => undefined,
  });
  const keys = createKeys({
    keys: store.keys,
    digest,
    randomBytes,
    nowMs,
    newKeyId: () => newId('key_', ids),
    defaults: { requestsPerMinuteMax: 600, concurrencyMax: 64 },
  });
  const setup = createSetup({
    setup: store.setup,
    tenants: store.tenants,
    accounts: signIn.accounts,
    organizationId: project.organizationId,
    url,
    randomBytes,
    nowMs,
  });
  const limitSync = await openLimitSync({
    limits: store.limits,
    serverId,
    schedule,
    onWarning: () => undefined,
  });
  const counts = createMemoryLimits({ clock: { nowMs, monotonicMs: nowMs } });
  const noticed: StoredNotice[] = [];
  const { limits, budgets } = createLimitManagement({
    store,
    readCount: counts.read,
    flush: async () => undefined,
    findLimit: limitSync.findLimit,
    hasModel: (name) => name === 'openai/small',
    deliver: (notice) => noticed.push(notice),
    ids,
  });
  const credentialKey = loaded.secrets['credential-key'];
  const credentials = createTestCredentials({ store, key: credentialKey, ids }, options.credentials);
  const key = loaded.secrets['destination-key'];
  const messages = createTestMessages({ store, ids, key }, options.messages);
  const access = createAccess({
    findPrincipal: sync.findPrincipal,
    digest,
    findSession: options.findSession ?? signIn.findSession,
    tenants: store.tenants,
    site,
    nowMs,
    noteUse: (keyId, ip) => noted.push({ keyId, ip }),
    noteActivity: (organizationId, userId) => active.push({ organizationId, userId }),
  });
  const defaults = { capture: 'full', organizations_created_by: 'owners' } as const;
  const tenancy = openTenancy({ config: { file: { defaults } }, store, ids });
  const joining = { store, accounts: signIn.accounts, ids, url };
  const people = createTestMembers(joining, options.members);
  const operations = listOperations({
    ...people,
    identity: identity.operations,
    enterSession: access.enterSession,
    data: createTestData(
      { store, keys, limits, budgets, ids, responseKey: loaded.secrets['response-key'] },
      traceStore?.data,
    ),
    keys,
    credentials,
    limits,
    budgets,
    destinations: messages.destinations,
    readReport: options.readReport ?? (async () => emptyReport),
    auditLog: createTestAuditLog(store),
    ...createTestAlerts({ store, installation: project.organizationId, ids }),
    setup,
    tenants: store.tenants,
    tenancy,
    traces: traceStore?.traces ?? noTraces,
    findPrice: createFindPrice({ providers: [] }),
    monotonicMs: nowMs,
    follow: options.follow ?? (() => (async function* () {})()),
    ids,
    redactorsOf: createProjectRedactors(Buffer.alloc(32, 1)),
    ingestStatus: () => idleIngest,
    nowMs,
    ...createTestRepricings({ store, ids }),
    ...createTestRemappings({ store, ids }),
  });
  const app = await createApp({
    ids,
    onInternalError: (error) => internalErrors.push(error),
    plugins: [
      registerOperations({ operations, access, audit: options.audit ?? silentAudit, checksOutput: true }),
      mcpRoute({ operations, access, audit: options.audit ?? silentAudit, version: '0' }),
      identity.routes,
    ],
  });
  return {
    app,
    keys,
    setup,
    operations,
    access,
    limits,
    budgets,
    messages,
    limitSync,
    counts,
    noticed,
    auth,
    test,
    project,
    internalErrors,
    noted,
    people,
    active,
    advance: (byMs) => {
      movedMs += byMs;
    },
    close: async () => {
      await app.close();
      messages.close();
      await identity.close();
      await limitSync.close();
      await sync.close();
      await traceStore?.close();
      await test.close();
    },
  };
}

const emptyReport = {
  at: '2026-01-01T00:00:00.000Z',
  mode: 'development' as const,
  version: '0',
  findings: [],
  passed: [],
};

const schedule: Schedule = (delayMs, run) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

const idleIngest: IngestStatus = {
  waiting_bytes: 0,
  waiting_segments: 0,
  lag_seconds: 0,
  dropped_records: 0,
  dropped_contents: 0,
  failed_loads: 0,
  set_aside_segments: 0,
};

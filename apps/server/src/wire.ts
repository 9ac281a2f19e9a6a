import { randomFillSync } from 'node:crypto';
import type { Clock } from '@app/gateway';
import { openStore, type Store } from '@app/store';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { createRandomPool } from './create-random-pool.ts';
import type { MachineWorld } from './doctor/read-machine.ts';
import { createApp } from './http/create-app.ts';
import type { EdgeTls } from './http/create-edge-server.ts';
import { withCors } from './http/with-cors.ts';
import type { Setup } from './identity/create-setup.ts';
import { type IdSource, newId } from './ids.ts';
import { digestKey } from './keys/digest-key.ts';
import { isRealtimeUpgrade } from './realtime/read-upgrade.ts';
import type { Responses } from './responses/open-responses.ts';
import { createErasedFilter, type ErasedFilter } from './retention/create-erased-filter.ts';
import { dashboardRoutes } from './routes/dashboard/dashboard-routes.ts';
import { auditKeyRoute } from './routes/operations/audit-key-route.ts';
import { type OperationsDeps, operationsRoutes } from './routes/operations/operations-routes.ts';
import { publicKeyRoute } from './routes/operations/public-key-route.ts';
import type { ClosingStack } from './start/closing-stack.ts';
import { createMergeParts } from './start/create-merge-parts.ts';
import { readEdgeSettings } from './start/edge-settings.ts';
import { listInferencePlugins } from './start/list-inference-plugins.ts';
import { loadFileLimits } from './start/load-file-limits.ts';
import { loadSharedSecrets } from './start/load-shared-secrets.ts';
import { nameKeyOf } from './start/name-key-of.ts';
import { openBudgets } from './start/open-budgets.ts';
import { openGateway } from './start/open-gateway.ts';
import { openIngest } from './start/open-ingest.ts';
import { type OpenLimits, openLimits } from './start/open-limits.ts';
import { openManagement } from './start/open-management.ts';
import { openMessages } from './start/open-messages.ts';
import type { DataParts } from './start/open-retention.ts';
import type { OpenSecrets } from './start/open-secrets.ts';
import { openSecurity } from './start/open-security.ts';
import { openServerAudit } from './start/open-server-audit.ts';
import { openStoredResponses } from './start/open-stored-responses.ts';
import type { StorePlaces } from './start/open-stores.ts';
import { openTracing, type Settle } from './start/open-tracing.ts';
import { readVersion } from './start/read-version.ts';
import { schedule } from './start/schedule.ts';

export type WireOptions = {
  config: Config;
  secrets: OpenSecrets;
  places: StorePlaces;
  /** Folder of the built dashboard. */
  dashboardDir: string;
  /** How browsers reach this server. */
  publicUrl: string;
  /** The certificate under which this server answers by HTTPS itself; plain HTTP when absent. */
  tls?: EdgeTls | undefined;
  /** The environment and the process, for the checks of this deployment. */
  world?: MachineWorld;
  /** Called when the first owner exists. */
  onSetupDone: () => void;
  log: Logger;
  /** Learns how to close what is opened here. */
  stack: ClosingStack;
};

export type Wired = {
  app: FastifyInstance;
  setup: Setup;
  /** To be called once the server listens: starts what the first calls need not wait for. */
  whenListening(): void;
  /** Gives calls that run without their callers so long to end, and takes no more of them. */
  drainBackground(drainMs: number): Promise<void>;
};

/** Loading the sign-in library holds everything up for a moment: not the calls that waited for this start. */
const SIGN_IN_DELAY_MS = 2_000;

/** The composition root: from settings and places to an app that can listen. */
export async function wire(options: WireOptions): Promise<Wired> {
  const { config, secrets, places, log, stack } = options;
  const clock: Clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
  const random = createRandomPool(randomFillSync);
  const ids: IdSource = { nowMs: clock.nowMs, randomBytes: random.bytes };
  const mergeParts = createMergeParts(config);
  const store = await openStore({ ...places, log, nowMs: clock.nowMs, mergeParts });
  stack.add(() => store.close());
  const shared = await loadSharedSecrets(store.secrets, secrets.masterKey, clock.nowMs());
  const digest = digestKey(shared.pepper);
  const erased = createErasedFilter({
    list: store.deletions.listErasures,
    askContentSweeps: store.retention.askContentSweeps,
  });
  const common = { config, store, clock, schedule, log, digest, ids, randomHex: random.hex, erased };

  const serverId = newId('srv_', ids);
  await loadFileLimits(common);
  const limits = await openLimits({ ...common, secrets, serverId }, stack);
  const messages = openMessages({ ...common, ...shared, publicUrl: options.publicUrl }, stack);
  const budgets = openBudgets({ ...common, ...messages, limits }, stack);
  const tracing = openTracing({ ...common, secrets, beforeRecord: limits.flushTurn }, stack);
  const calls = { record: tracing.recordCall, recordSoon: tracing.recordSoon, serverId, limits, ...budgets };
  const gateway = await openGateway({ ...common, ...shared, ...calls }, stack);
  const responses = openStoredResponses({ ...common, ...gateway, responseKey: shared.responseKey }, stack);
  const audits = await openServerAudit({ ...common, auditKey: shared.auditKey, serverId }, stack);
  const security = openSecurity({ ...common, ...audits, serverId, world: options.world }, stack);
  const edge = readEdgeSettings(config, options);
  const onInternalError = (error: unknown, requestId: string) =>
    log.error({ err: error, requestId }, 'A request ended in a way that nobody foresaw.');
  const ingest = openIngest({ ...common, secrets, tracing, gateway, edge, onInternalError }, stack);
  const own = {
    options,
    sessionSecret: shared.session,
    ingestStatus: ingest.status,
    limits,
    readReport: security.readReport,
    ...spanKeysOf(secrets),
  };
  const dataParts = dataPartsOf({ erased, secrets, shared, tracing, responses });
  const parts = { ...common, ...gateway, ...budgets, ...messages, ...audits, ...own, dataParts };
  const management = await openManagement(parts, stack);

  const app = await createApp({
    ids,
    ...edge,
    onInternalError,
    isUpgrade: isRealtimeUpgrade,
    plugins: [
      operationsRoutes(operationsDeps({ config, store, clock, limits })),
      withCors(edge.cors, publicKeyRoute(gateway.inlineKeys)),
      auditKeyRoute(audits.auditKeys.jwk),
      ...listInferencePlugins({ ...common, ...edge, tracing, gateway, responses, onInternalError }),
      ingest.plugin,
      ...management.plugins,
      dashboardRoutes({ dir: options.dashboardDir, isHttps: edge.isHttps }),
    ],
  });
  const warn = (error: unknown) => log.warn({ err: error }, 'Signing in is not possible yet.');
  const loadSignIn = () => void management.loadSignIn().catch(warn);
  const whenListening = () => {
    stack.add(schedule(SIGN_IN_DELAY_MS, loadSignIn));
    security.tell();
  };
  return { app, setup: management.setup, whenListening, drainBackground: responses.background.drain };
}

/** What names contents, and private values in them. */
const spanKeysOf = (secrets: OpenSecrets) => ({
  contentKey: secrets.dataKeys.contents,
  nameKey: nameKeyOf(secrets),
});

type HoldingParts = {
  erased: ErasedFilter;
  secrets: OpenSecrets;
  shared: { responseKey: Buffer; receiptKey: Buffer };
  tracing: { settle: Settle };
  responses: Pick<Responses, 'turns'>;
};

/** What of this server holds data on its way to a store. */
const dataPartsOf = ({ erased, secrets, shared, tracing, responses }: HoldingParts): DataParts => ({
  erased,
  settleTraces: tracing.settle,
  flushResponses: responses.turns.flush,
  spoolKey: secrets.dataKeys.spool,
  responseKey: shared.responseKey,
  receiptSecret: shared.receiptKey,
});

type OperationsParts = Pick<WireOptions, 'config'> & { store: Store; clock: Clock; limits: OpenLimits };

const operationsDeps = ({ config, store, clock, limits }: OperationsParts): OperationsDeps => ({
  version: readVersion(),
  nowMs: clock.nowMs,
  checks: storeChecks(store),
  checkTimeoutMs: 2_000,
  details: () => detailsOf(limits),
  securityContact: config.file.security_contact,
});

/** `counters`: where limits are counted. `usage`: whether PostgreSQL has what was used of them. */
function detailsOf({ state }: Pick<OpenLimits, 'state'>): { [name: string]: string } {
  const { counters, usage } = state();
  return { counters, usage: usage.isBehind ? 'waiting' : 'written' };
}

function storeChecks(store: Store): { [name: string]: () => Promise<void> } {
  const check = (name: 'postgres' | 'clickhouse') => async () => {
    if (!(await store.ready())[name]) throw new Error(`${name} does not answer`);
  };
  return { postgres: check('postgres'), clickhouse: check('clickhouse') };
}

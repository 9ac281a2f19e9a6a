import { randomFillSync } from 'node:crypto';
import type { Clock, Schedule } from '@app/gateway';
import { openStore, type Store } from '@app/store';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { createLogAudit } from './audit/create-log-audit.ts';
import { readTextFile } from './config/read-text-file.ts';
import type { Config } from './config.ts';
import { createRandomPool } from './create-random-pool.ts';
import { createApp } from './http/create-app.ts';
import { type EdgeLimits, edgeDefaults } from './http/edge-limits.ts';
import type { Setup } from './identity/create-setup.ts';
import { type IdSource, newId } from './ids.ts';
import { digestKey } from './keys/digest-key.ts';
import { isRealtimeUpgrade } from './realtime/read-upgrade.ts';
import { dashboardRoutes } from './routes/dashboard/dashboard-routes.ts';
import { type OperationsDeps, operationsRoutes } from './routes/operations/operations-routes.ts';
import { publicKeyRoute } from './routes/operations/public-key-route.ts';
import type { ClosingStack } from './start/closing-stack.ts';
import { findConnectionsMax } from './start/find-connections-max.ts';
import { listInferencePlugins } from './start/list-inference-plugins.ts';
import { loadFileLimits } from './start/load-file-limits.ts';
import { loadSharedSecrets } from './start/load-shared-secrets.ts';
import { openBudgets } from './start/open-budgets.ts';
import { openGateway } from './start/open-gateway.ts';
import { type OpenLimits, openLimits } from './start/open-limits.ts';
import { openManagement } from './start/open-management.ts';
import type { OpenSecrets } from './start/open-secrets.ts';
import { openStoredResponses } from './start/open-stored-responses.ts';
import type { StorePlaces } from './start/open-stores.ts';
import { openTracing } from './start/open-tracing.ts';
import { readVersion } from './start/read-version.ts';

export type WireOptions = {
  config: Config;
  secrets: OpenSecrets;
  places: StorePlaces;
  /** Folder of the built dashboard. */
  dashboardDir: string;
  /** How browsers reach this server. */
  publicUrl: string;
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
  const store = await openStore({ ...places, log, nowMs: clock.nowMs });
  stack.add(() => store.close());
  const shared = await loadSharedSecrets(store.secrets, secrets.masterKey, clock.nowMs());
  const digest = digestKey(shared.pepper);
  const common = { config, store, clock, schedule, log, digest, ids, randomHex: random.hex };

  const serverId = newId('srv_', ids);
  await loadFileLimits(common);
  const limits = await openLimits({ ...common, secrets, serverId }, stack);
  const budgets = openBudgets({ ...common, limits }, stack);
  const tracing = openTracing({ ...common, secrets, beforeRecord: limits.flushTurn }, stack);
  const { recordCall: record, recordSoon, status: ingestStatus } = tracing;
  const calls = { record, recordSoon, serverId, limits, ...budgets };
  const gateway = await openGateway({ ...common, ...shared, ...calls }, stack);
  const responses = openStoredResponses({ ...common, ...gateway, responseKey: shared.responseKey }, stack);
  const audit = createLogAudit(log);
  stack.add(audit.close);
  const management = await openManagement(
    {
      ...common,
      ...gateway,
      ...budgets,
      options,
      sessionSecret: shared.session,
      ingestStatus,
      limits,
      audit,
    },
    stack,
  );

  const edge = edgeLimits(config);
  const onInternalError = (error: unknown, requestId: string) =>
    log.error({ err: error, requestId }, 'A request ended in a way that nobody foresaw.');
  const app = await createApp({
    ids,
    limits: edge,
    trustedProxies: config.environment.TOKENROUTER_TRUSTED_PROXIES,
    onInternalError,
    isUpgrade: isRealtimeUpgrade,
    plugins: [
      operationsRoutes(operationsDeps({ config, store, clock, limits })),
      publicKeyRoute(gateway.inlineKeys),
      ...listInferencePlugins({ ...common, tracing, gateway, responses, limits: edge, onInternalError }),
      ...management.plugins,
      dashboardRoutes({ dir: options.dashboardDir, isHttps: options.publicUrl.startsWith('https:') }),
    ],
  });
  const loadSignIn = () =>
    void management
      .loadSignIn()
      .catch((error: unknown) => log.warn({ err: error }, 'Signing in is not possible yet.'));
  const whenListening = () => stack.add(schedule(SIGN_IN_DELAY_MS, loadSignIn));
  return { app, setup: management.setup, whenListening, drainBackground: responses.background.drain };
}

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

function edgeLimits({ file }: Config): EdgeLimits {
  const connectionsMax = findConnectionsMax(readTextFile('/proc/self/limits'));
  const { body_bytes, upload_bytes } = file.defaults;
  const limits = { ...edgeDefaults, bodyBytesMax: body_bytes, uploadBytesMax: upload_bytes };
  return connectionsMax === undefined ? limits : { ...limits, connectionsMax };
}

const schedule: Schedule = (delayMs, run) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

function storeChecks(store: Store): { [name: string]: () => Promise<void> } {
  const check = (name: 'postgres' | 'clickhouse') => async () => {
    if (!(await store.ready())[name]) throw new Error(`${name} does not answer`);
  };
  return { postgres: check('postgres'), clickhouse: check('clickhouse') };
}

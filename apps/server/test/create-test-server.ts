import { randomFillSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import {
  type CallRecord,
  createAuthenticate,
  createJourney,
  createMemoryLimits,
  createOwnObjects,
  createUnaryJourney,
  createUnaryOperations,
  type JourneyDeps,
  type JourneySettings,
  type LimitStore,
  type ObjectRegistry,
  type OwnKeys,
  type Snapshot,
  type TellNews,
  type UnaryJourneyDeps,
} from '@app/gateway';
import type { DialectId } from '@app/protocol';
import { createSandbox, everySandbox, providerRow, Secret, sandboxModels } from '@app/providers';
import type { FastifyInstance } from 'fastify';
import type { Cors } from '../src/config/cors-fields.ts';
import { createRandomPool } from '../src/create-random-pool.ts';
import { type AppDeps, createApp } from '../src/http/create-app.ts';
import { type EdgeLimits, edgeDefaults } from '../src/http/edge-limits.ts';
import { jsonDefaults } from '../src/http/parse-json-body.ts';
import { withCors } from '../src/http/with-cors.ts';
import { newId } from '../src/ids.ts';
import { createTakeKeys, type TakeKeys } from '../src/inline-keys/create-take-keys.ts';
import { withOwnFiles } from '../src/objects/with-own-files.ts';
import { createOutbound } from '../src/outbound/create-outbound.ts';
import { isRealtimeUpgrade } from '../src/realtime/read-upgrade.ts';
import { realtimeRoutes } from '../src/realtime/realtime-route.ts';
import { openResponses, type Responses, type ResponsesDeps } from '../src/responses/open-responses.ts';
import { inferenceRoutes } from '../src/routes/inference/inference-routes.ts';
import { createPricedModels } from '../src/routes/inference/list-priced-models.ts';
import type { OlderRouteDeps } from '../src/routes/inference/older-routes.ts';
import { operationsRoutes } from '../src/routes/operations/operations-routes.ts';
import { createLiveModels, createTestModels } from '../src/snapshot/create-models.ts';
import { createOperationTargets } from '../src/snapshot/find-operation-targets.ts';
import type { ModelConfig } from '../src/snapshot/model-config.ts';
import { awayRegistry } from './away-registry.ts';
import { awayTables } from './away-tables.ts';
import { digest, findTestPrincipal } from './test-keys.ts';

type TestProvider = { id: string; dialect: DialectId; baseUrl: string; models: readonly string[] };

export type TestServerOptions = {
  providers?: readonly TestProvider[];
  /** More providers, as the configuration makes them. */
  rows?: ModelConfig['providers'];
  aliases?: ModelConfig['aliases'];
  modelOrder?: readonly string[];
  /** By `provider_id/model`. */
  prices?: NonNullable<ModelConfig['prices']>;
  limits?: Partial<EdgeLimits>;
  settings?: Partial<JourneySettings>;
  checks?: { [name: string]: () => Promise<void> };
  /** Where replies and conversations are kept; in memory alone when absent. */
  responses?: Partial<ResponsesDeps>;
  /** Whose files and batches are whose; nobody can tell when absent. */
  registry?: ObjectRegistry;
  /** Opens the provider keys that calls bring; such keys are switched off when absent. */
  takeKeys?: TakeKeys;
  /** Where such keys may be sent. */
  ownKeys?: OwnKeys;
  /** Which limits there are; none but those of the keys when absent. */
  findLimits?: NonNullable<Snapshot['findLimits']>;
  limitStore?: LimitStore;
  tellNews?: TellNews;
  /** How callers reach the edge; by plain HTTP, with no proxy between, when absent. */
  edge?: Pick<AppDeps, 'tls' | 'isHttps' | 'trustedProxies'>;
  /** Whose pages may call; nobody's when absent. */
  cors?: Cors;
  /** More routes, as the running server has them. */
  plugins?: readonly ((app: FastifyInstance) => void | Promise<void>)[];
};

export type TestServer = Pick<OlderRouteDeps, 'authenticate' | 'listPricedModels' | 'findTargets'> & {
  /** Of the form `http://127.0.0.1:port`. */
  url: string;
  app: FastifyInstance;
  responses: Responses;
  /** What was recorded so far. */
  records: CallRecord[];
  /** Resolves with the record of this number (from 0) as soon as it is there. */
  recorded(number: number): Promise<CallRecord>;
  /** What nobody foresaw; a test that does not expect any should find none. */
  defects: unknown[];
  close(): Promise<void>;
};

const countTokens = async (texts: string[]) => texts.map((text) => Math.ceil(text.length / 4));

/** The credential that every test provider gets, so that a test can look for where it goes. */
export const providerSecret = 'canary-provider-secret';

/** The gateway in this process on a real socket: real edge, journey, outbound and sandbox; keys and records in memory. */
export async function createTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { bytes: randomBytes } = createRandomPool(randomFillSync);
  const hexOf = (size: number) => Buffer.from(randomBytes(size)).toString('hex');
  const records: CallRecord[] = [];
  const defects: unknown[] = [];
  const waiting = new Map<number, (record: CallRecord) => void>();
  const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
  const schedule = (delayMs: number, run: () => void) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  };
  const sandboxSend = createSandbox({
    schedule,
    now: clock.nowMs,
    countTokens,
    pace: { firstByteMs: 0, pieceMs: 0 },
  });
  const outbound = createOutbound({
    allowPrivateHosts: ['127.0.0.1'],
    resolve: (hostname, done) => done(new Error(`${hostname} is not resolved in tests`), []),
    sandboxSend,
    nowMs: clock.nowMs,
  });
  const { ownKeys } = options;
  const snapshot = { ...createTestSnapshot(options), ...(ownKeys && { ownKeys }) };
  const limits = { ...edgeDefaults, ...options.limits };
  const onInternalError = (error: unknown) => defects.push(error);
  const limitStore = options.limitStore ?? createMemoryLimits({ clock });
  const journeyDeps: JourneyDeps & UnaryJourneyDeps = {
    snapshot,
    digest,
    send: outbound.send,
    record: (record) => {
      waiting.get(records.length)?.(record);
      records.push(record);
    },
    clock,
    schedule,
    newTraceId: () => hexOf(16),
    newSpanId: () => hexOf(8),
    onDefect: onInternalError,
    settings: options.settings ?? {},
    limitStore,
    ...(options.tellNews === undefined ? {} : { tellNews: options.tellNews }),
  };
  const registry = options.registry ?? awayRegistry;
  const journey = withOwnFiles(createJourney(journeyDeps), createOwnObjects({ registry }));
  const operations = createUnaryOperations({
    registry,
    countTokens,
    findPrice: (id, model) => snapshot.findTargets(`${id}/${model}`, 'live')[0]?.price,
  });
  const ids = { nowMs: clock.nowMs, randomBytes };
  const responses = openResponses({
    tables: awayTables,
    key: Buffer.alloc(32, 7),
    journey,
    serverId: 'srv_test',
    clock,
    schedule,
    ids,
    storeByDefault: true,
    retentionMs: 3_600_000,
    inputBytesMax: limits.bodyBytesMax,
    wasRecorded: async (owner, requestId) =>
      records.some(
        ({ requestId: id, projectId, mode }) =>
          id === requestId && projectId === owner.projectId && mode === owner.mode,
      ),
    onWarning: () => undefined,
    ...options.responses,
  });
  const authenticate = createAuthenticate({ snapshot, digest, clock });
  const { edge = {}, cors = { origins: [], max_age_seconds: 0 } } = options;
  const isHttps = edge.isHttps ?? edge.tls !== undefined;
  const inference = (app: FastifyInstance): void =>
    inferenceRoutes({
      journey,
      responses,
      authenticate,
      takeKeys: options.takeKeys ?? createTakeKeys(undefined),
      unary: { journey: createUnaryJourney(journeyDeps), operations },
      listModels: snapshot.listModels,
      findTargets: snapshot.findTargets,
      clock,
      schedule,
      limits,
      jsonLimits: jsonDefaults,
      onInternalError,
      isHttps,
    })(app);
  const app = await createApp({
    ...edge,
    isHttps,
    ids,
    limits,
    onInternalError,
    isUpgrade: isRealtimeUpgrade,
    plugins: [
      withCors(cors, inference),
      operationsRoutes({
        version: '0.0.0-test',
        nowMs: clock.nowMs,
        checks: options.checks ?? {},
        checkTimeoutMs: 500,
        securityContact: 'mailto:security@example.org',
      }),
      realtimeRoutes({
        ...journeyDeps,
        authenticate,
        openSocket: outbound.openSocket,
        newRequestId: () => newId('req_', ids),
      }),
      ...(options.plugins ?? []),
    ],
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;

  return {
    url: `http${edge.tls === undefined ? '' : 's'}://127.0.0.1:${port}`,
    app,
    responses,
    authenticate,
    listPricedModels: createPricedModels(snapshot),
    findTargets: snapshot.findTargets,
    records,
    defects,
    recorded: (number) => {
      const there = records[number];
      if (there) return Promise.resolve(there);
      return new Promise((resolve) => waiting.set(number, resolve));
    },
    close: async () => {
      await app.close();
      await responses.close();
      await outbound.destroy();
    },
  };
}

function createTestSnapshot(options: TestServerOptions) {
  const { providers = [], rows = [], aliases = {}, modelOrder = [], prices = {}, findLimits } = options;
  const own = providers.map(({ id, dialect, baseUrl, models }) => ({
    provider: providerRow({ id, dialect, baseUrl, secret: new Secret(providerSecret) }),
    models,
  }));
  const config: ModelConfig = {
    providers: [...own, ...rows],
    aliases,
    modelOrder,
    prices,
  };
  const models = {
    live: createLiveModels(config, Date.now()),
    test: createTestModels(config, { provider: everySandbox(), models: sandboxModels }),
  };
  const findTargets = (name: string, mode: 'live' | 'test') => models[mode].findTargets(name);
  return {
    findPrincipal: findTestPrincipal,
    ...(findLimits === undefined ? {} : { findLimits }),
    findTargets,
    findOperationTargets: createOperationTargets({
      providers: config.providers.map(({ provider }) => provider),
      sandbox: everySandbox(),
      findTargets,
    }),
    modelOrder: (mode: 'live' | 'test') => models[mode].order,
    listModels: (mode: 'live' | 'test') => models[mode].list,
  };
}

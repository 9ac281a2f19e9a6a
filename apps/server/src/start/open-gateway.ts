import { lookup } from 'node:dns';
import {
  type Clock,
  createJourney,
  createOwnObjects,
  createUnaryJourney,
  createUnaryOperations,
  type Journey,
  type JourneyDeps,
  type JourneySettings,
  type LimitStore,
  type RecordCall,
  type RecordSoon,
  type Schedule,
  type TellNews,
  type UnaryJourney,
  type UnaryJourneyDeps,
  type UnaryOperation,
} from '@app/gateway';
import { createSandbox, createTokenCounter, everySandbox, sandboxModels } from '@app/providers';
import type { Store } from '@app/store';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Credentials } from '../credentials/create-credentials.ts';
import type { IdSource } from '../ids.ts';
import { createObjectRegistry } from '../objects/create-object-registry.ts';
import { withOwnFiles } from '../objects/with-own-files.ts';
import { createOutbound } from '../outbound/create-outbound.ts';
import type { OpenProviderSocket } from '../outbound/open-provider-socket.ts';
import { type KeyUsage, openKeyUsage } from '../snapshot/open-key-usage.ts';
import { type OpenSnapshot, openSnapshot } from '../snapshot/open-snapshot.ts';
import type { ClosingStack } from './closing-stack.ts';
import { type CallWatches, openCallWatches } from './open-call-watches.ts';
import { type OpenCallerKeys, openCallerKeys } from './open-caller-keys.ts';
import type { OpenLimits } from './open-limits.ts';
import { openProviderKeys } from './open-provider-keys.ts';
import { readModels } from './read-models.ts';

export type GatewayDeps = {
  config: Config;
  /** This process, among those that share the stores. */
  serverId: string;
  limits: OpenLimits;
  /** Hears what budgets do to calls. */
  tellNews: TellNews;
  store: Pick<Store, 'alerts' | 'credentials' | 'inlineKeys' | 'keys' | 'limits' | 'objects'>;
  /** Seals what is known of callers' files and batches; 32 bytes. */
  objectKey: Buffer;
  /** Seals providers' keys; 32 bytes. */
  credentialKey: Buffer;
  /** Seals the private halves of the keys to which callers encrypt; 32 bytes. */
  inlineKeysKey: Buffer;
  digest: (text: string) => string;
  record: RecordCall;
  recordSoon: RecordSoon;
  clock: Clock;
  schedule: Schedule;
  ids: IdSource;
  /** That many random bytes as hex digits. */
  randomHex: (bytes: number) => string;
  log: Logger;
};

export type Gateway = Pick<OpenCallerKeys, 'inlineKeys' | 'takeKeys'> & {
  journey: Journey;
  /** The same with longer waits, for calls whose callers need not wait. */
  backgroundJourney: Journey;
  /** What is one request and one answer and no conversation. */
  unary: { journey: UnaryJourney; operations: UnaryOperation[] };
  snapshot: OpenSnapshot;
  /** Providers' keys of organizations and projects. */
  credentials: Credentials;
  keyUsage: KeyUsage;
  /** Hears of each call that has no good key: it belongs to no project, so no trace tells of it. */
  noteRefused: CallWatches['noteRefused'];
  /** What limits have counted, and the way to a provider's WebSocket, for sessions. */
  limitStore: LimitStore;
  openSocket: OpenProviderSocket;
  /** Whether every project may name what the accounts keep beside files. */
  isShared: boolean;
  /** This process, among those that share the stores. */
  serverId: string;
};

/** What answers calls: the snapshot in memory, the way out to providers, and the journey between them. */
export async function openGateway(deps: GatewayDeps, stack: ClosingStack): Promise<Gateway> {
  const { config, store, serverId, clock, schedule, log } = deps;
  const { nowMs } = clock;
  const onWarning = (message: string, error: unknown) => log.warn({ err: error }, message);
  const { noteAddresses, noteRefused } = openCallWatches(deps, stack);
  const { touchKeysUsed } = store.keys;
  const keyUsage = openKeyUsage({ touchKeysUsed, noteAddresses, nowMs, schedule, onWarning });
  stack.add(keyUsage.close);
  const models = readModels(config);
  const plain = await openSnapshot({
    keys: store.keys,
    limits: store.limits,
    serverId,
    schedule,
    onWarning,
    models,
    sandbox: { provider: everySandbox(), models: sandboxModels },
    nowMs,
  });
  stack.add(() => plain.close());
  const tokens = createTokenCounter();
  stack.add(() => tokens.close());
  const outbound = createOutbound({
    allowPrivateHosts: config.file.allow_private_hosts,
    resolve: (host, done) => lookup(host, { all: true }, done),
    nowMs,
    sandboxSend: createSandbox({ schedule, now: nowMs, countTokens: tokens.count }),
  });
  stack.add(() => outbound.destroy());
  const providerKeys = await openProviderKeys({ ...deps, models, outbound }, stack);
  const snapshot = providerKeys.into(plain);
  const { ownKeys, inlineKeys, takeKeys } = openCallerKeys({ ...deps, models }, stack);
  const ways = {
    snapshot: { ...snapshot, ownKeys },
    send: outbound.send,
    limitStore: deps.limits.store,
    tellNews: deps.tellNews,
  };
  const totalMs = config.file.defaults.background_timeout_seconds * 1_000;
  const journeyDeps = journeyDepsOf(deps, ways, {});
  const patientDeps = journeyDepsOf(deps, ways, { totalMs, wholeFirstByteMs: totalMs });
  const registry = createObjectRegistry({ objects: store.objects, key: deps.objectKey, nowMs });
  const isShared = config.file.defaults.shared_provider_objects;
  const own = createOwnObjects({ registry, isShared });
  const operations = createUnaryOperations({
    registry,
    isShared,
    countTokens: tokens.count,
    findPrice: (id, model) => snapshot.findTargets(`${id}/${model}`, 'live')[0]?.price,
  });
  return {
    journey: withOwnFiles(createJourney(journeyDeps), own),
    backgroundJourney: withOwnFiles(createJourney(patientDeps), own),
    unary: { journey: createUnaryJourney(journeyDeps), operations },
    limitStore: ways.limitStore,
    openSocket: outbound.openSocket,
    isShared,
    inlineKeys,
    takeKeys,
    snapshot,
    credentials: providerKeys.credentials,
    keyUsage,
    noteRefused,
    serverId,
  };
}

type Ways = Pick<UnaryJourneyDeps, 'snapshot' | 'send' | 'limitStore' | 'tellNews'>;

function journeyDepsOf(
  deps: GatewayDeps,
  ways: Ways,
  waits: Partial<JourneySettings>,
): JourneyDeps & UnaryJourneyDeps {
  const { digest, record, recordSoon, clock, schedule, log } = deps;
  const { defaults } = deps.config.file;
  return {
    ...ways,
    digest,
    record,
    recordSoon,
    clock,
    schedule,
    newTraceId: () => deps.randomHex(16),
    newSpanId: () => deps.randomHex(8),
    onDefect: (error) => log.error({ err: error }, 'A call ended in a way that nobody foresaw.'),
    settings: {
      attemptsMax: defaults.attempts,
      firstByteMs: defaults.first_byte_timeout_seconds * 1_000,
      wholeFirstByteMs: defaults.whole_reply_timeout_seconds * 1_000,
      idleMs: defaults.idle_timeout_seconds * 1_000,
      totalMs: defaults.total_timeout_seconds * 1_000,
      heldWaitMs: defaults.held_wait_seconds * 1_000,
      batchesBeyondLimits: defaults.batches_beyond_limits,
      ...waits,
    },
  };
}

import { lookup } from 'node:dns';
import { type Clock, createJourney, type Journey, type RecordCall, type Schedule } from '@app/gateway';
import { createSandbox, createTokenCounter, sandboxModels, sandboxProvider } from '@app/providers';
import type { Store } from '@app/store';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { type IdSource, newId } from '../ids.ts';
import { createOutbound } from '../outbound/create-outbound.ts';
import { type KeyUsage, openKeyUsage } from '../snapshot/open-key-usage.ts';
import { type OpenSnapshot, openSnapshot } from '../snapshot/open-snapshot.ts';
import type { ClosingStack } from './closing-stack.ts';
import { readModels } from './read-models.ts';

export type GatewayDeps = {
  config: Config;
  store: Pick<Store, 'keys'>;
  digest: (text: string) => string;
  record: RecordCall;
  clock: Clock;
  schedule: Schedule;
  ids: IdSource;
  /** That many random bytes as hex digits. */
  randomHex: (bytes: number) => string;
  log: Logger;
};

export type Gateway = { journey: Journey; snapshot: OpenSnapshot; keyUsage: KeyUsage };

/** What answers calls: the snapshot in memory, the way out to providers, and the journey between them. */
export async function openGateway(deps: GatewayDeps, stack: ClosingStack): Promise<Gateway> {
  const { config, store, clock, schedule, ids, log } = deps;
  const { nowMs } = clock;
  const onWarning = (message: string, error: unknown) => log.warn({ err: error }, message);
  const keyUsage = openKeyUsage({ touchKeysUsed: store.keys.touchKeysUsed, nowMs, schedule, onWarning });
  stack.add(() => keyUsage.close());
  const snapshot = await openSnapshot({
    keys: store.keys,
    serverId: newId('srv_', ids),
    schedule,
    onWarning,
    models: readModels(config),
    sandbox: { provider: sandboxProvider('openai-chat'), models: sandboxModels },
    nowMs,
  });
  stack.add(() => snapshot.close());
  const tokens = createTokenCounter();
  stack.add(() => tokens.close());
  const outbound = createOutbound({
    allowPrivateHosts: config.file.allow_private_hosts,
    resolve: (host, done) => lookup(host, { all: true }, done),
    nowMs,
    sandboxSend: createSandbox({ schedule, now: nowMs, countTokens: tokens.count }),
  });
  stack.add(() => outbound.destroy());
  return { journey: journeyOf(deps, { snapshot, send: outbound.send }), snapshot, keyUsage };
}

type Ways = Pick<Parameters<typeof createJourney>[0], 'snapshot' | 'send'>;

function journeyOf(deps: GatewayDeps, ways: Ways): Journey {
  const { digest, record, clock, schedule, log } = deps;
  const { defaults } = deps.config.file;
  return createJourney({
    ...ways,
    digest,
    record,
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
    },
  });
}

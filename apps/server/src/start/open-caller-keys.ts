import type { Clock, Schedule } from '@app/gateway';
import { knownProviders } from '@app/providers';
import type { Store } from '@app/store';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { type IdSource, newId } from '../ids.ts';
import { createOwnKeys, type OwnKeysRules } from '../inline-keys/create-own-keys.ts';
import { createTakeKeys, type TakeKeys } from '../inline-keys/create-take-keys.ts';
import { type InlineKeys, openInlineKeys } from '../inline-keys/open-inline-keys.ts';
import type { ModelConfig } from '../snapshot/model-config.ts';
import type { ClosingStack } from './closing-stack.ts';

export type CallerKeysDeps = {
  config: Config;
  store: Pick<Store, 'inlineKeys'>;
  models: Pick<ModelConfig, 'providers'>;
  /** Seals the private halves of our key pairs; 32 bytes. */
  inlineKeysKey: Buffer;
  clock: Clock;
  schedule: Schedule;
  ids: IdSource;
  log: Logger;
};

/** What opens the keys that calls bring along, and where such keys may be sent. */
export type OpenCallerKeys = {
  /** Undefined where the operator has switched it off. */
  inlineKeys: InlineKeys | undefined;
  takeKeys: TakeKeys;
  ownKeys: OwnKeysRules;
};

const DAY_MS = 86_400_000;

/** Provider keys that callers bring: ready before the first pair of ours is, for which only such calls wait. */
export function openCallerKeys(deps: CallerKeysDeps, stack: ClosingStack): OpenCallerKeys {
  const { config, clock, log } = deps;
  const { enabled, providers, rotate_days, overlap_days } = config.file.inline_keys;
  const { nowMs } = clock;
  const configured = deps.models.providers.map(({ provider }) => provider);
  const ownKeys = createOwnKeys({ configured, known: knownProviders, only: providers, nowMs });
  if (!enabled) return { inlineKeys: undefined, takeKeys: createTakeKeys(undefined), ownKeys };
  const inlineKeys = openInlineKeys({
    table: deps.store.inlineKeys,
    sealingKey: deps.inlineKeysKey,
    handedOutMs: rotate_days * DAY_MS,
    overlapMs: overlap_days * DAY_MS,
    newKid: () => newId('ik_', deps.ids),
    nowMs,
    schedule: deps.schedule,
    onWarning: (message, error) => log.warn({ err: error }, message),
    rules: { findProvider: ownKeys.findProvider, examples: providers ?? EXAMPLES },
  });
  stack.add(() => inlineKeys.close());
  return { inlineKeys, takeKeys: createTakeKeys(inlineKeys), ownKeys };
}

/** Those that TokenRouter's own clients send keys for. */
const EXAMPLES = ['openai', 'anthropic', 'google', 'mistral', 'deepseek', 'meta'];

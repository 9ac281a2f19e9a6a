import {
  gatewayDefaults,
  ingestDefaults,
  type Key,
  type KeyChange,
  type KeyKind,
  type NewKey,
  type Permission,
} from '@app/contract';
import { GatewayError } from '@app/protocol';
import { parseIpRange, writeIpRange } from './ip-range.ts';
import { type KeyPowers, powersOfKey } from './key-powers.ts';
import { checkExpiry } from './parse-expiry.ts';

/** What a key is made of, but for its secret. */
export type KeySettings = KeyPowers & {
  name: string;
  environment: string;
  owner: string | null;
};

export type KeyDefaults = { requestsPerMinuteMax: number; concurrencyMax: number };

/**
 * The settings of a key that is asked for. What is left out is the default, or what confines the giver where that is
 * less. Throws a 400 that names the field.
 */
export function settingsOfNew(
  input: NewKey,
  giver: KeyPowers | undefined,
  { defaults, nowMs }: { defaults: KeyDefaults; nowMs: number },
): KeySettings {
  const { kind = 'gateway', mode = 'live' } = input;
  const asked = confinesOf(input);
  return {
    name: input.name,
    kind,
    mode,
    environment: input.environment ?? (mode === 'live' ? 'production' : 'development'),
    owner: input.owner ?? null,
    permissions: permissionsOf(kind, input.permissions),
    requestsPerMinuteMax: input.requests_per_minute_max ?? lesser(defaults, giver, 'requestsPerMinuteMax'),
    concurrencyMax: input.concurrency_max ?? lesser(defaults, giver, 'concurrencyMax'),
    ...forKind(kind, {
      models: asked.models ?? (kind === 'ingest' ? null : giver?.models) ?? null,
      providers: asked.providers ?? (kind === 'ingest' ? null : giver?.providers) ?? null,
    }),
    ipRanges: asked.ipRanges ?? giver?.ipRanges ?? null,
    tags: unique([...(asked.tags ?? []), ...(giver?.tags ?? [])]),
    expiresAtMs: expiryOf(input.expires_at, nowMs) ?? giver?.expiresAtMs ?? NEVER,
  };
}

/** The settings of a key after a change. Labels that confine the giver cannot be taken off by it. */
export function settingsOfChanged(
  key: Key,
  change: KeyChange,
  { giver, nowMs }: { giver: KeyPowers | undefined; nowMs: number },
): KeySettings {
  const before = settingsOfKey(key);
  const asked = confinesOf(change);
  const kept = before.tags.filter((tag) => giver?.tags.includes(tag));
  return {
    ...before,
    name: change.name ?? before.name,
    owner: change.owner === undefined ? before.owner : change.owner,
    permissions: change.permissions ? permissionsOf(key.kind, change.permissions) : before.permissions,
    requestsPerMinuteMax: change.requests_per_minute_max ?? before.requestsPerMinuteMax,
    concurrencyMax: change.concurrency_max ?? before.concurrencyMax,
    ...forKind(key.kind, {
      models: asked.models === undefined ? before.models : asked.models,
      providers: asked.providers === undefined ? before.providers : asked.providers,
    }),
    ipRanges: asked.ipRanges === undefined ? before.ipRanges : asked.ipRanges,
    tags: asked.tags === undefined ? before.tags : unique([...asked.tags, ...kept]),
    expiresAtMs: endOf(change.expires_at, nowMs) ?? before.expiresAtMs,
  };
}

function settingsOfKey(key: Key): KeySettings {
  const { name, environment, owner } = key;
  return { ...powersOfKey(key), name, environment, owner };
}

/** Epoch milliseconds, `Infinity` for `null`; `undefined` when nothing was said. */
export function endOf(text: string | null | undefined, nowMs: number): number | undefined {
  return text === null ? NEVER : expiryOf(text, nowMs);
}

const NEVER = Number.POSITIVE_INFINITY;

function lesser(
  defaults: KeyDefaults,
  giver: KeyPowers | undefined,
  name: 'requestsPerMinuteMax' | 'concurrencyMax',
): number {
  return Math.min(defaults[name], giver?.[name] ?? NEVER);
}

function permissionsOf(kind: KeyKind, wanted: readonly Permission[] | undefined): Permission[] {
  if (kind === 'gateway') return unique(wanted ?? gatewayDefaults);
  if (wanted?.some((permission) => !ingestDefaults.includes(permission))) {
    const message = 'An ingest key has exactly the permission traces:write; leave permissions out.';
    throw invalid('permissions', message);
  }
  return [...ingestDefaults];
}

type Lists = Pick<NewKey, 'tags'> & {
  [name in 'models' | 'providers' | 'ip_ranges']?: string[] | null | undefined;
};

/** The lists in the form in which they are kept. Throws a 400 that names the entry at fault. */
function confinesOf({ models, providers, ip_ranges, tags }: Lists) {
  models?.forEach((name, at) => {
    if (!MODEL.test(name)) {
      const message = 'a model, provider/model, or the beginning of one with a * at its end';
      throw invalid(`models.${at}`, `models.${at}: ${message}.`);
    }
  });
  tags?.forEach((tag, at) => {
    if (!TAG.test(tag)) throw invalid(`tags.${at}`, `tags.${at}: no commas and no control characters.`);
  });
  return {
    models: models && unique(models),
    providers: providers && unique(providers),
    ipRanges: ip_ranges && unique(ip_ranges.map(normalRange)),
    tags: tags && unique(tags),
  };
}

const MODEL = /^(?:[^\s*]+\*?|\*)$/u;
const TAG = /^[^,\p{C}]+$/u;

function normalRange(text: string, at: number): string {
  const parsed = parseIpRange(text);
  if (parsed.ok) return writeIpRange(parsed.range);
  throw invalid(`ip_ranges.${at}`, `ip_ranges.${at}: ${parsed.problem}.`);
}

function forKind<Kept extends { models: readonly string[] | null; providers: readonly string[] | null }>(
  kind: KeyKind,
  lists: Kept,
): Kept {
  if (kind === 'gateway' || (lists.models === null && lists.providers === null)) return lists;
  const param = lists.models === null ? 'providers' : 'models';
  throw invalid(param, `An ingest key calls no model; leave ${param} out.`);
}

function expiryOf(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const expiry = checkExpiry(Date.parse(text), nowMs);
  if (expiry.ok) return expiry.expiresAtMs;
  throw invalid('expires_at', `expires_at: ${expiry.problem}.`);
}

const unique = <Value>(values: readonly Value[]): Value[] => [...new Set(values)];

function invalid(param: string, message: string): GatewayError {
  return new GatewayError('invalid_parameter', message, { param, retryable: false });
}

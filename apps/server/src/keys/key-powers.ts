import {
  gatewayDefaults,
  ingestDefaults,
  type Key,
  type KeyKind,
  type KeyMode,
  type Permission,
} from '@app/contract';

/** What a key can do and is confined to: all that whoever holds one key could gain by another. */
export type KeyPowers = {
  kind: KeyKind;
  mode: KeyMode;
  permissions: readonly Permission[];
  requestsPerMinuteMax: number;
  concurrencyMax: number;
  /** `null` confines nothing. */
  models: readonly string[] | null;
  providers: readonly string[] | null;
  ipRanges: readonly string[] | null;
  /** `Infinity` for a key that does not end. */
  expiresAtMs: number;
  /** Limits may count by label, so labels confine too. */
  tags: readonly string[];
};

export function powersOfKey(key: Key): KeyPowers {
  return {
    kind: key.kind,
    mode: key.mode,
    permissions: key.permissions,
    requestsPerMinuteMax: key.requests_per_minute_max,
    concurrencyMax: key.concurrency_max,
    models: key.models,
    providers: key.providers,
    ipRanges: key.ip_ranges,
    expiresAtMs: key.expires_at === null ? Number.POSITIVE_INFINITY : Date.parse(key.expires_at),
    tags: key.tags,
  };
}

/**
 * What a person may give: the permissions of its role, and those that every key has by default, which no role has
 * because only applications call and send traces.
 */
export function powersOfPerson(permissions: ReadonlySet<Permission>): KeyPowers {
  return {
    kind: 'gateway',
    mode: 'live',
    permissions: [...new Set([...permissions, ...gatewayDefaults, ...ingestDefaults])],
    requestsPerMinuteMax: Number.POSITIVE_INFINITY,
    concurrencyMax: Number.POSITIVE_INFINITY,
    models: null,
    providers: null,
    ipRanges: null,
    expiresAtMs: Number.POSITIVE_INFINITY,
    tags: [],
  };
}

import {
  type CreatedKey,
  gatewayDefaults,
  ingestDefaults,
  type Key,
  type KeyList,
  type KeySearch,
  type NewKey,
  type Permission,
} from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { RelationalStore } from '@app/store';
import { newKeySecret, shownOf } from './key-secret.ts';
import { checkExpiry } from './parse-expiry.ts';

export type KeysDeps = {
  keys: Pick<
    RelationalStore['keys'],
    'insertKey' | 'listKeys' | 'findKey' | 'revokeKey' | 'waitForAcknowledgement'
  >;
  /** Digest under the installation's pepper. */
  digest: (text: string) => string;
  randomBytes: (size: number) => Uint8Array;
  nowMs: () => number;
  newKeyId: () => string;
  /** Limits of a key that names none. */
  defaults: { requestsPerMinuteMax: number; concurrencyMax: number };
};

/** Who makes a key. It cannot give what it does not have. */
type Grantor = {
  /** Shown as the key's maker: a user's id or a key's id. */
  id: string;
  permissions: ReadonlySet<Permission>;
  /** A test key can make test keys only. */
  mode: 'live' | 'test';
};

/** Whose keys: both ids, so that a row can never name another organization's project. */
type KeyOwner = { id: string; organizationId: string };

export type Keys = {
  /** Makes a key; the answer is the only one that ever holds its secret. Throws a 4xx `GatewayError` for what cannot be. */
  create(owner: KeyOwner, input: NewKey, grantor?: Grantor): Promise<CreatedKey>;
  list(projectId: string, search: KeySearch): Promise<KeyList>;
  /** Revokes a key for good; a test key only test keys. Throws `not_found` when the project has no such key. */
  revoke(projectId: string, id: string, actor?: Pick<Grantor, 'mode'>): Promise<Key>;
};

/** A write answers once the live servers know of it, but waits for a server that hangs no longer than this. */
const ACKNOWLEDGE_MS = 2_000;

/** Keys of projects. Without a grantor it is the operator who acts, on the machine itself. */
export function createKeys(deps: KeysDeps): Keys {
  return {
    create: async (owner, input, grantor) => {
      const secret = newKeySecret(input.kind ?? 'gateway', input.mode ?? 'live', deps.randomBytes);
      const row = { ...rowOf(deps, owner, input), ...secretColumns(deps, secret) };
      refuseExcess(row, grantor);
      const made = await deps.keys.insertKey(owner.id, { ...row, createdBy: grantor?.id });
      await deps.keys.waitForAcknowledgement(made.sequence, ACKNOWLEDGE_MS);
      return { key: made.key, secret };
    },
    list: (projectId, search) => deps.keys.listKeys(projectId, search),
    revoke: async (projectId, id, actor) => {
      await refuseLive(deps, actor, { projectId, id });
      const revoked = await deps.keys.revokeKey(projectId, { id, revokedAtMs: deps.nowMs() });
      if (revoked === undefined) throw new GatewayError('not_found', 'There is no such key in this project.');
      await deps.keys.waitForAcknowledgement(revoked.sequence, ACKNOWLEDGE_MS);
      return revoked.key;
    },
  };
}

/** What a test key does stays in test mode: one that leaked cannot stop production. */
async function refuseLive(
  { keys }: KeysDeps,
  actor: Pick<Grantor, 'mode'> | undefined,
  { projectId, id }: { projectId: string; id: string },
): Promise<void> {
  if (actor?.mode !== 'test') return;
  const found = await keys.findKey(projectId, { id });
  if (found?.mode !== 'live') return;
  throw new GatewayError('insufficient_permissions', 'A test key cannot revoke a live key.', {
    retryable: false,
  });
}

function secretColumns(deps: KeysDeps, secret: string) {
  return { id: deps.newKeyId(), digest: deps.digest(secret), ...shownOf(secret) };
}

function rowOf(deps: KeysDeps, owner: KeyOwner, input: NewKey) {
  const { kind = 'gateway', mode = 'live' } = input;
  return {
    organizationId: owner.organizationId,
    name: input.name,
    kind,
    mode,
    environment: input.environment ?? (mode === 'live' ? 'production' : 'development'),
    permissions: permissionsOf(kind, input.permissions),
    requestsPerMinuteMax: input.requests_per_minute_max ?? deps.defaults.requestsPerMinuteMax,
    concurrencyMax: input.concurrency_max ?? deps.defaults.concurrencyMax,
    createdAtMs: deps.nowMs(),
    expiresAtMs: expiryOf(input.expires_at, deps.nowMs()),
  };
}

function permissionsOf(kind: 'gateway' | 'ingest', wanted: readonly Permission[] | undefined): Permission[] {
  if (kind === 'gateway') return [...new Set(wanted ?? gatewayDefaults)];
  if (wanted?.some((permission) => !ingestDefaults.includes(permission))) {
    const message = 'An ingest key has exactly the permission traces:write; leave permissions out.';
    throw new GatewayError('invalid_parameter', message, { param: 'permissions' });
  }
  return [...ingestDefaults];
}

function expiryOf(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const expiry = checkExpiry(Date.parse(text), nowMs);
  if (expiry.ok) return expiry.expiresAtMs;
  throw new GatewayError('invalid_parameter', `expires_at: ${expiry.problem}.`, { param: 'expires_at' });
}

/** Every role that may make keys may hand out the defaults; anything beyond, only if it has it itself. */
function refuseExcess(
  row: { kind: 'gateway' | 'ingest'; mode: 'live' | 'test'; permissions: readonly Permission[] },
  grantor: Grantor | undefined,
): void {
  if (grantor === undefined) return;
  if (grantor.mode === 'test' && row.mode === 'live') {
    throw new GatewayError('insufficient_permissions', 'A test key cannot make a live key.', {
      param: 'mode',
    });
  }
  const defaults = row.kind === 'gateway' ? gatewayDefaults : ingestDefaults;
  const excess = row.permissions.filter(
    (permission) => !defaults.includes(permission) && !grantor.permissions.has(permission),
  );
  if (excess.length === 0) return;
  const message = `You cannot give a key what you do not have yourself: ${excess.join(', ')}.`;
  throw new GatewayError('insufficient_permissions', message, { param: 'permissions' });
}

import type { Allowed, Principal } from '@app/gateway';
import type { KeyChange } from '@app/store';
import { createAddressMatcher } from '../keys/create-address-matcher.ts';

export type KeyIndex = {
  find(digest: string): Principal | undefined;
  /** Puts a key in, changes it, or takes it out when it was revoked. */
  apply(change: KeyChange): void;
  size(): number;
};

/** Everything of a principal that many keys have in common, kept once for all of them. */
type Profile = Omit<Principal, 'keyId' | 'keyName' | 'expiresAtMs'>;

/** A profile, its name, and how many keys use it; without users it is forgotten. */
type Shared = { name: string; profile: Profile; uses: number };

/**
 * All keys in memory by digest, at most 200 bytes each: a row in three columns per key, and one shared profile for
 * all keys of a project that may do the same, with their labels and lists. A principal is put together when it is
 * looked up.
 */
export function createKeyIndex(): KeyIndex {
  const rows = new Map<string, number>();
  const free: number[] = [];
  const labels: string[] = [];
  const profiles: (Shared | undefined)[] = [];
  let expiresAtMs = new Float64Array(64);
  const { share, drop } = createProfiles();

  const insert = (name: string): number => {
    const row = free.pop() ?? labels.length;
    if (row >= expiresAtMs.length) expiresAtMs = grow(expiresAtMs);
    rows.set(name, row);
    return row;
  };
  const remove = (name: string): void => {
    const row = rows.get(name);
    if (row === undefined) return;
    rows.delete(name);
    drop(profiles[row]);
    profiles[row] = undefined;
    labels[row] = '';
    free.push(row);
  };
  return {
    find: (digest) => {
      const row = rows.get(packed(digest));
      const label = row === undefined ? undefined : labels[row];
      const shared = row === undefined ? undefined : profiles[row];
      if (row === undefined || label === undefined || shared === undefined) return undefined;
      const end = expiresAtMs[row] ?? NEVER;
      return principalOf(label, shared.profile, end === NEVER ? undefined : end);
    },
    apply: (change) => {
      const name = packed(change.digest);
      if (change.revokedAtMs !== undefined) {
        remove(name);
        return;
      }
      const row = rows.get(name) ?? insert(name);
      labels[row] = labelOf(change);
      const before = profiles[row];
      profiles[row] = share(change);
      drop(before);
      expiresAtMs[row] = change.expiresAtMs ?? NEVER;
    },
    size: () => rows.size,
  };
}

const NEVER = Number.POSITIVE_INFINITY;

/** A digest of 43 base64url characters as the 32 bytes it stands for, which as a string take less memory. */
function packed(digest: string): string {
  return Buffer.from(digest, 'base64url').toString('latin1');
}

function grow(column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(Math.ceil(column.length * 1.5));
  longer.set(column);
  return longer;
}

/** A key's id and its name, in one string: two would not fit into what a key may take. */
function labelOf({ id, name }: KeyChange): string {
  // By way of a buffer, so that it is one piece and not two with a third that joins them.
  return name === undefined ? id : Buffer.from(`${id}${BETWEEN}${name}`).toString();
}

const BETWEEN = '\n';

function principalOf(label: string, profile: Profile, expiresAtMs: number | undefined): Principal {
  const end = label.indexOf(BETWEEN);
  const principal: Principal = {
    keyId: end === -1 ? label : label.slice(0, end),
    organizationId: profile.organizationId,
    projectId: profile.projectId,
    kind: profile.kind,
    mode: profile.mode,
    environment: profile.environment,
    permissions: profile.permissions,
    expiresAtMs,
    requestsPerMinuteMax: profile.requestsPerMinuteMax,
    concurrencyMax: profile.concurrencyMax,
    capture: profile.capture,
  };
  if (end !== -1) principal.keyName = label.slice(end + BETWEEN.length);
  if (profile.allowed !== undefined) principal.allowed = profile.allowed;
  if (profile.tags !== undefined) principal.tags = profile.tags;
  return principal;
}

function createProfiles() {
  const known = new Map<string, Shared>();
  return {
    share: (change: KeyChange): Shared => {
      const name = nameOf(change);
      const shared = known.get(name) ?? { name, profile: profileOf(change), uses: 0 };
      shared.uses += 1;
      known.set(name, shared);
      return shared;
    },
    drop: (shared: Shared | undefined): void => {
      if (shared === undefined) return;
      shared.uses -= 1;
      if (shared.uses === 0) known.delete(shared.name);
    },
  };
}

function profileOf(change: KeyChange): Profile {
  return {
    organizationId: change.organizationId,
    projectId: change.projectId,
    kind: change.kind,
    mode: change.mode,
    environment: change.environment,
    permissions: new Set(change.permissions),
    requestsPerMinuteMax: change.requestsPerMinuteMax,
    concurrencyMax: change.concurrencyMax,
    capture: change.capture,
    ...allowedOf(change),
    ...(change.tags !== undefined && { tags: change.tags }),
  };
}

function allowedOf({ models, providers, ipRanges }: KeyChange): { allowed?: Allowed } {
  if (models === undefined && providers === undefined && ipRanges === undefined) return {};
  return {
    allowed: {
      ...(models !== undefined && { models }),
      ...(providers !== undefined && { providers }),
      ...(ipRanges !== undefined && { hasAddress: createAddressMatcher(ipRanges) }),
    },
  };
}

function nameOf(change: KeyChange): string {
  return JSON.stringify([
    change.organizationId,
    change.projectId,
    change.kind,
    change.mode,
    change.environment,
    change.permissions,
    change.requestsPerMinuteMax,
    change.concurrencyMax,
    change.capture,
    change.tags,
    change.models,
    change.providers,
    change.ipRanges,
  ]);
}

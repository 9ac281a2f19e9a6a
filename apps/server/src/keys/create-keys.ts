import type {
  CreatedKey,
  Key,
  KeyChange,
  KeyList,
  KeyRotation,
  KeySearch,
  NewKey,
  Permission,
  RotatedKey,
} from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { RelationalStore } from '@app/store';
import type { ImportedSecret } from './imported-secret.ts';
import { type KeyPowers, powersOfKey, powersOfPerson } from './key-powers.ts';
import { newKeySecret, shownOf } from './key-secret.ts';
import {
  endOf,
  type KeyDefaults,
  type KeySettings,
  settingsOfChanged,
  settingsOfNew,
} from './key-settings.ts';
import { refuseExcess } from './refuse-excess.ts';

export type KeysDeps = {
  keys: Pick<
    RelationalStore['keys'],
    | 'insertKey'
    | 'listKeys'
    | 'findKey'
    | 'findKeyByDigest'
    | 'findKeyToChange'
    | 'rotateKey'
    | 'updateKey'
    | 'revokeKey'
    | 'waitForAcknowledgement'
  >;
  /** Digest under the installation's pepper. */
  digest: (text: string) => string;
  randomBytes: (size: number) => Uint8Array;
  nowMs: () => number;
  newKeyId: () => string;
  /** Limits of a key that names none. */
  defaults: KeyDefaults;
};

/** Who makes or changes a key, in whose project the key is. It cannot give what it does not have. */
type Actor = {
  kind: 'user' | 'key';
  /** Shown as the key's maker: a user's id or a key's id. */
  id: string;
  permissions: ReadonlySet<Permission>;
  /** A test key acts on test keys only. */
  mode: 'live' | 'test';
};

/** Whose keys: both ids, so that a row can never name another organization's project. */
type KeyOwner = { id: string; organizationId: string };

export type Keys = {
  /** Makes a key; the answer is the only one that ever holds its secret. Throws a 4xx `GatewayError` for what cannot be. */
  create(owner: KeyOwner, input: NewKey, actor?: Actor): Promise<CreatedKey>;
  /** Takes a key that was issued elsewhere: its digest is kept, and the secret goes on working. For the operator alone. */
  importKey(owner: KeyOwner, input: NewKey, imported: ImportedSecret): Promise<Key>;
  list(projectId: string, search: KeySearch): Promise<KeyList>;
  /** Throws `not_found` when the project has no such key; so do all that follow. */
  get(projectId: string, id: string): Promise<Key>;
  /** Throws `conflict` for a key that is revoked, or that somebody else changed at the same moment. */
  change(projectId: string, wanted: { id: string; change: KeyChange }, actor?: Actor): Promise<Key>;
  /**
   * Puts a new key in a key's place. The old one goes on until the overlap ends, and never longer than it would have.
   * Throws `conflict` for a key that is revoked, expired or replaced.
   */
  rotate(
    projectId: string,
    wanted: { id: string; rotation: KeyRotation },
    actor?: Actor,
  ): Promise<RotatedKey>;
  /** Revokes a key for good; a test key only test keys. */
  revoke(projectId: string, id: string, actor?: Pick<Actor, 'mode'>): Promise<Key>;
  /** Whose a secret is, in any project; `undefined` for one that is none of ours. For the operator alone. */
  findBySecret(secret: string): Promise<{ key: Key; project: string } | undefined>;
};

/** A write answers once the live servers know of it, but waits for a server that hangs no longer than this. */
const ACKNOWLEDGE_MS = 2_000;
const OVERLAP_S = 86_400;

/** Keys of projects. Without an actor it is the operator who acts, on the machine itself. */
export function createKeys(deps: KeysDeps): Keys {
  const { keys } = deps;
  const get = async (projectId: string, id: string) => {
    const found = await keys.findKeyToChange(projectId, { id });
    if (found === undefined) throw noSuchKey();
    return found;
  };
  return {
    create: async (owner, input, actor) => {
      const secret = newKeySecret(input.kind ?? 'gateway', input.mode ?? 'live', deps.randomBytes);
      const giver = await giverOf(deps, owner.id, actor);
      const settings = settingsOfNew(input, giver, settingsDeps(deps));
      if (giver !== undefined) refuseExcess(settings, giver);
      const columns = { digest: deps.digest(secret), ...shownOf(secret) };
      return { key: await insert(deps, owner, { settings, columns, createdBy: actor?.id }), secret };
    },
    importKey: async (owner, input, imported) => {
      const settings = settingsOfNew(input, undefined, settingsDeps(deps));
      const digest = deps.digest(imported.reveal());
      const known = await keys.findKeyByDigest({ digest });
      if (known !== undefined) {
        throw conflict(`The key is there already: ${known.key.id} of project ${known.project}.`);
      }
      const { prefix, lastFour } = imported;
      return insert(deps, owner, { settings, columns: { digest, prefix, lastFour }, createdBy: undefined });
    },
    list: (projectId, search) => keys.listKeys(projectId, { ...search, nowMs: deps.nowMs() }),
    get: async (projectId, id) => (await get(projectId, id)).key,
    change: async (projectId, { id, change }, actor) => {
      const { key, sequence } = await get(projectId, id);
      if (key.revoked_at !== null) throw conflict('The key is revoked; make a new one.');
      const giver = await giverOf(deps, projectId, actor);
      const settings = settingsOfChanged(key, change, { giver, nowMs: deps.nowMs() });
      if (giver !== undefined) refuseExcess(settings, giver, powersOfKey(key));
      const changed = await keys.updateKey(projectId, { ...rowOf(settings), id, sequence });
      if (changed === undefined)
        throw conflict('The key was changed at the same moment. Look at it and try again.');
      await keys.waitForAcknowledgement(changed.sequence, ACKNOWLEDGE_MS);
      return changed.key;
    },
    rotate: async (projectId, { id, rotation }, actor) =>
      rotate(deps, { projectId, id, rotation, actor, ...(await get(projectId, id)) }),
    revoke: async (projectId, id, actor) => {
      if (actor?.mode === 'test') refuseLive((await get(projectId, id)).key);
      const revoked = await keys.revokeKey(projectId, { id, revokedAtMs: deps.nowMs() });
      if (revoked === undefined) throw noSuchKey();
      await keys.waitForAcknowledgement(revoked.sequence, ACKNOWLEDGE_MS);
      return revoked.key;
    },
    findBySecret: (secret) => keys.findKeyByDigest({ digest: deps.digest(secret) }),
  };
}

const settingsDeps = ({ defaults, nowMs }: KeysDeps) => ({ defaults, nowMs: nowMs() });

/** What the actor can give. A key's powers are read anew: it may have less than a moment ago. */
async function giverOf(
  { keys, nowMs }: KeysDeps,
  projectId: string,
  actor: Actor | undefined,
): Promise<KeyPowers | undefined> {
  if (actor === undefined) return undefined;
  if (actor.kind === 'user') return powersOfPerson(actor.permissions);
  const key = await keys.findKey(projectId, { id: actor.id });
  const powers = key === undefined || key.revoked_at !== null ? undefined : powersOfKey(key);
  if (powers !== undefined && powers.expiresAtMs > nowMs()) return powers;
  throw new GatewayError('invalid_api_key', 'Invalid API key provided', { retryable: false });
}

type Rotation = {
  projectId: string;
  id: string;
  key: Key;
  sequence: number;
  rotation: KeyRotation;
  actor: Actor | undefined;
};

async function rotate(
  deps: KeysDeps,
  { projectId, id, key, sequence, rotation, actor }: Rotation,
): Promise<RotatedKey> {
  const createdAtMs = deps.nowMs();
  const giver = await giverOf(deps, projectId, actor);
  const old = powersOfKey(key);
  if (actor?.mode === 'test') refuseLive(key);
  const reason = reasonAgainstRotation(key, createdAtMs);
  if (reason !== undefined) throw conflict(reason);
  const expiresAtMs = endOf(rotation.expires_at, createdAtMs) ?? old.expiresAtMs;
  if (giver !== undefined) refuseExcess({ ...old, expiresAtMs }, giver);
  const secret = newKeySecret(key.kind, key.mode, deps.randomBytes);
  const rotated = await deps.keys.rotateKey(projectId, {
    id,
    sequence,
    newId: deps.newKeyId(),
    digest: deps.digest(secret),
    ...shownOf(secret),
    createdAtMs,
    createdBy: actor?.id,
    expiresAtMs: Number.isFinite(expiresAtMs) ? expiresAtMs : undefined,
    oldEndsAtMs: createdAtMs + (rotation.overlap_seconds ?? OVERLAP_S) * 1_000,
  });
  if (rotated === undefined)
    throw conflict('The key was changed at the same moment. Look at it and try again.');
  await deps.keys.waitForAcknowledgement(rotated.sequence, ACKNOWLEDGE_MS);
  return { key: rotated.key, secret, replaced: rotated.replaced };
}

function reasonAgainstRotation(key: Key, nowMs: number): string | undefined {
  if (key.revoked_at !== null) return 'The key is revoked; make a new one.';
  if (key.replaced_by !== null) return `The key was replaced by ${key.replaced_by} already; rotate that one.`;
  if (powersOfKey(key).expiresAtMs <= nowMs) return 'The key is expired; make a new one.';
  return undefined;
}

/** What a test key does stays in test mode: one that leaked cannot stop production. */
function refuseLive(key: Key): void {
  if (key.mode !== 'live') return;
  throw new GatewayError('insufficient_permissions', 'A test key cannot revoke or rotate a live key.', {
    retryable: false,
  });
}

type NewRow = {
  settings: KeySettings;
  columns: { digest: string; prefix: string; lastFour: string };
  createdBy: string | undefined;
};

async function insert(
  deps: KeysDeps,
  owner: KeyOwner,
  { settings, columns, createdBy }: NewRow,
): Promise<Key> {
  const { owner: responsible, models, providers, ipRanges, expiresAtMs, ...row } = rowOf(settings);
  const made = await deps.keys.insertKey(owner.id, {
    ...row,
    ...columns,
    id: deps.newKeyId(),
    organizationId: owner.organizationId,
    kind: settings.kind,
    mode: settings.mode,
    environment: settings.environment,
    owner: responsible ?? undefined,
    models: models ?? undefined,
    providers: providers ?? undefined,
    ipRanges: ipRanges ?? undefined,
    createdAtMs: deps.nowMs(),
    createdBy,
    expiresAtMs: expiresAtMs ?? undefined,
  });
  await deps.keys.waitForAcknowledgement(made.sequence, ACKNOWLEDGE_MS);
  return made.key;
}

function rowOf({ expiresAtMs, kind: _, mode: __, environment: ___, ...settings }: KeySettings) {
  return { ...settings, expiresAtMs: Number.isFinite(expiresAtMs) ? expiresAtMs : null };
}

function noSuchKey(): GatewayError {
  return new GatewayError('not_found', 'There is no such key in this project.', { retryable: false });
}

function conflict(message: string): GatewayError {
  return new GatewayError('conflict', message, { retryable: false });
}

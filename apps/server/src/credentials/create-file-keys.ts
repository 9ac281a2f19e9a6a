import type { ProviderCredential } from '@app/contract';
import {
  type Clock,
  createKeyPool,
  createKeyTier,
  createPooledKey,
  type PooledKey,
  type TargetKeys,
} from '@app/gateway';
import { Secret } from '@app/providers';
import type { ApiKey, ListedKey } from '../config/key-fields.ts';
import { listKeys } from '../config/key-fields.ts';
import { createApplyKey } from './create-apply-key.ts';
import type { FindPlace, ProviderPlace } from './create-find-place.ts';
import type { UsableCredential } from './open-credential.ts';
import type { SecretRefs } from './secret-refs.ts';
import { showState } from './show-credential.ts';

export type FileKeysDeps = {
  /** The operator's providers in their order. */
  providers: readonly { id: string; api_key?: ApiKey | undefined }[];
  findPlace: FindPlace;
  refs: Pick<SecretRefs, 'find'>;
  clock: Pick<Clock, 'nowMs'>;
  /** When the file was read. */
  startedAtMs: number;
};

/** Keys of the operator's file that are more than one plain text: several of one provider, or behind references. */
export type FileKeys = {
  /** Undefined for a provider that has one plain key, or none. */
  find(providerId: string): TargetKeys | undefined;
  /** As they are listed beside those that are stored. */
  list(): ProviderCredential[];
};

type Entry = {
  providerId: string;
  place: ProviderPlace;
  listed: ListedKey;
  key: PooledKey;
  usable: () => UsableCredential;
};

export function createFileKeys(deps: FileKeysDeps): FileKeys {
  const entries = deps.providers.flatMap(({ id, api_key }) => {
    const found = deps.findPlace(id);
    return found.ok
      ? listKeys(api_key).map((listed) => entryOf(deps, { providerId: id, listed, place: found.place }))
      : [];
  });
  const pools = new Map<string, TargetKeys>();
  for (const { providerId } of entries) {
    const keys = entries.filter((entry) => entry.providerId === providerId).map(({ key }) => key);
    if (!pools.has(providerId)) pools.set(providerId, createKeyPool([createKeyTier(keys)], deps.clock));
  }
  return {
    find: (providerId) => pools.get(providerId),
    list: () => entries.map((entry) => show(entry, deps)),
  };
}

function entryOf(
  { refs, clock }: FileKeysDeps,
  about: Pick<Entry, 'providerId' | 'listed' | 'place'>,
): Entry {
  const { providerId, listed, place } = about;
  const literal = listed.key === undefined ? undefined : new Secret(listed.key);
  const find = () => literal ?? refs.find(listed.ref ?? '')?.secret;
  const usable = (): UsableCredential => {
    const secret = find();
    const problem = literal === undefined ? refs.find(listed.ref ?? '')?.problem : undefined;
    return secret === undefined
      ? { ok: false, problem: problem ?? `The reference "${listed.ref}" has no value yet.` }
      : { ok: true, place, secret, warning: problem };
  };
  const key = createPooledKey(
    {
      id: `file:${providerId}/${listed.name}`,
      weight: listed.weight,
      isUsable: () => find() !== undefined,
      applyTo: createApplyKey(place.origins, find),
    },
    clock,
  );
  return { ...about, key, usable };
}

function show({ providerId, place, listed, key, usable }: Entry, deps: FileKeysDeps): ProviderCredential {
  return {
    id: key.id,
    provider: providerId,
    origins: [...place.origins],
    name: listed.name,
    project_id: null,
    source: 'file',
    reference: listed.ref ?? null,
    // Who is no operator need not know even the end of the operator's keys.
    last_four: null,
    weight: listed.weight,
    enabled: true,
    ...showState(true, { usable: usable(), health: key.health }, deps.clock.nowMs()),
    created_at: new Date(deps.startedAtMs).toISOString(),
    created_by: null,
    rotated_at: null,
  };
}

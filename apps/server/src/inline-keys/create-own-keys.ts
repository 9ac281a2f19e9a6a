import type { OwnKeys, OwnQuestion, Target } from '@app/gateway';
import {
  findKeyOwner,
  findKeyProvider,
  type KnownProviders,
  type Provider,
  providerRow,
  Secret,
} from '@app/providers';
import { createLiveModels, type Models } from '../snapshot/create-models.ts';
import { findOperationTargets } from '../snapshot/find-operation-targets.ts';

export type OwnKeysDeps = {
  /** The operator's rows. */
  configured: readonly Provider[];
  known: KnownProviders;
  /** Only for these known providers; for all of them when absent. */
  only: readonly string[] | undefined;
  nowMs: () => number;
};

export type OwnKeysRules = OwnKeys & {
  /** The one name of a provider to which callers may bring keys; undefined for every other. */
  findProvider(name: string): string | undefined;
};

/** Stands where the caller's key will: it shows how that travels. */
const PLACEHOLDER = new Secret('a-key-that-the-caller-brings');

/**
 * Where keys that came with a call may be sent: to a row of the operator's that lies at the known provider's own
 * origin, and to known providers of which the operator has no row. One that the operator has moved elsewhere is left alone.
 */
export function createOwnKeys({ configured, known, only, nowMs }: OwnKeysDeps): OwnKeysRules {
  const accepted = only?.map((name) => findKeyProvider(name, known));
  const findProvider = (name: string) => {
    const id = findKeyProvider(name, known);
    return id === undefined || accepted?.includes(id) === false ? undefined : id;
  };
  const ownerOf = (provider: Provider) => {
    const id = findKeyOwner(provider, known);
    return id === undefined ? undefined : findProvider(id);
  };
  const taken = new Set(
    configured.flatMap((row) => [findKeyProvider(row.kind ?? row.id, known), findKeyOwner(row, known)]),
  );
  // A caller cannot be sent to a row under an id that the operator uses for something else.
  const ids = new Set(configured.map(({ id }) => id));
  const made = new Map<string, { row: Provider; models: Models }>();
  const modelsOf = (id: string) => {
    if (taken.has(id) || ids.has(id) || findProvider(id) !== id) return undefined;
    const kept = made.get(id);
    if (kept !== undefined && nowMs() < (kept.models.validUntilMs() ?? Number.POSITIVE_INFINITY)) return kept;
    const row = kept?.row ?? rowOf(id, known);
    const providers = [{ provider: row, models: undefined }];
    const fresh = { row, models: createLiveModels({ providers, aliases: {}, modelOrder: [] }, nowMs()) };
    made.set(id, fresh);
    return fresh;
  };
  const each = (providers: Iterable<string>) => [...providers].flatMap((id) => modelsOf(id) ?? []);
  return {
    findProvider,
    ownerOf,
    findTargets: (model, providers) =>
      model === 'auto' || model.startsWith('auto:')
        ? []
        : each(providers).flatMap(({ models }) => models.findTargets(model)),
    findOperationTargets: (question, providers) => each(providers).flatMap((one) => askedOf(one, question)),
  };
}

function askedOf(
  { row, models }: { row: Provider; models: Models },
  question: OwnQuestion,
): readonly Target[] {
  const config = { providers: [row], findTargets: models.findTargets };
  return findOperationTargets(config, { ...question, mode: 'live' }).targets;
}

function rowOf(id: string, known: KnownProviders): Provider {
  const row = providerRow({ id, secret: PLACEHOLDER });
  const baseUrl = known[id]?.baseUrl;
  return baseUrl === undefined || baseUrl === row.baseUrl
    ? row
    : providerRow({ id, secret: PLACEHOLDER, baseUrl });
}

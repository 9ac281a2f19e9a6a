import type { Clock } from '@app/gateway';
import { knownProviders, listModels } from '@app/providers';
import type { Store } from '@app/store';
import type { Logger } from 'pino';
import type { Credentials } from '../credentials/create-credentials.ts';
import { createFileKeys } from '../credentials/create-file-keys.ts';
import { openCredentialSync } from '../credentials/open-credential-sync.ts';
import { withProviderKeys } from '../credentials/with-provider-keys.ts';
import { createOwnKeys } from '../inline-keys/create-own-keys.ts';
import type { Model } from '../snapshot/create-models.ts';
import type { OpenSnapshot } from '../snapshot/open-snapshot.ts';
import type { ClosingStack } from './closing-stack.ts';
import { type KeptKeysDeps, openKeptKeys } from './open-kept-keys.ts';

export type ProviderKeysDeps = Omit<KeptKeysDeps, 'onWarning'> & {
  store: Pick<Store, 'credentials'>;
  serverId: string;
  clock: Clock;
  log: Logger;
};

export type OpenProviderKeys = {
  /** The snapshot with providers' keys in it. */
  into(snapshot: OpenSnapshot): OpenSnapshot;
  credentials: Credentials;
};

/** Providers' keys, wherever they are kept: resolves once all that can be read are in memory. */
export async function openProviderKeys(
  deps: ProviderKeysDeps,
  stack: ClosingStack,
): Promise<OpenProviderKeys> {
  const { config, store, clock, schedule, log } = deps;
  const { nowMs } = clock;
  const onWarning = (message: string, error: unknown) => log.warn({ err: error }, message);
  const kept = await openKeptKeys({ ...deps, onWarning }, stack);
  const sync = await openCredentialSync({
    ...kept,
    clock,
    credentials: store.credentials,
    serverId: deps.serverId,
    schedule,
    onWarning,
  });
  stack.add(() => sync.close());
  const { providers } = config.file;
  const fileKeys = createFileKeys({ ...kept, providers, clock, startedAtMs: nowMs() });
  const configured = deps.models.providers.map(({ provider }) => provider);
  const ids = new Set(configured.map(({ id }) => id));
  const known = createOwnKeys({ configured, known: knownProviders, only: undefined, nowMs });
  const { findTargets, findOperationTargets } = known;
  return {
    into: (snapshot) =>
      withProviderKeys(snapshot, {
        findKeys: (tenant, providerId) => sync.index().findKeys(tenant, providerId),
        providersOf: (tenant) => sync.index().providersOf(tenant),
        findFileKeys: fileKeys.find,
        isReachable: (id) => !ids.has(id) && kept.findPlace(id).ok,
        known: { findTargets, findOperationTargets, listModels: listKnownModels },
      }),
    credentials: kept.credentials({
      findHealth: (id) => sync.index().findHealth(id),
      listFileKeys: fileKeys.list,
    }),
  };
}

function listKnownModels(providers: readonly string[]): Model[] {
  return providers.flatMap((ownedBy) =>
    listModels(ownedBy).flatMap(({ id, aliases }) => [id, ...aliases].map((name) => ({ id: name, ownedBy }))),
  );
}

import { readFile, stat } from 'node:fs/promises';
import type { Clock, OwnKeys, Schedule, Send } from '@app/gateway';
import { type GoogleAuth, knownProviders, listModels, type Secret } from '@app/providers';
import type { Store } from '@app/store';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { createCheckKey } from '../credentials/create-check-key.ts';
import { createCredentialCipher } from '../credentials/create-credential-cipher.ts';
import { type Credentials, createCredentials } from '../credentials/create-credentials.ts';
import { createFileKeys } from '../credentials/create-file-keys.ts';
import { createFindPlace } from '../credentials/create-find-place.ts';
import { openCredentialSync } from '../credentials/open-credential-sync.ts';
import { createReadReference } from '../credentials/references/create-read-reference.ts';
import { openSecretRefs } from '../credentials/references/open-secret-refs.ts';
import { withProviderKeys } from '../credentials/with-provider-keys.ts';
import { type IdSource, newId } from '../ids.ts';
import { createOwnKeys } from '../inline-keys/create-own-keys.ts';
import type { AskOnce } from '../outbound/ask-once.ts';
import type { ModelConfig } from '../snapshot/model-config.ts';
import type { OpenSnapshot } from '../snapshot/open-snapshot.ts';
import type { ClosingStack } from './closing-stack.ts';

export type ProviderKeysDeps = {
  config: Config;
  store: Pick<Store, 'credentials'>;
  models: Pick<ModelConfig, 'providers'>;
  /** Seals providers' keys; 32 bytes. */
  credentialKey: Buffer;
  outbound: { send: Send; askOnce: AskOnce; getGoogleToken(auth: GoogleAuth): Promise<Secret> };
  serverId: string;
  clock: Clock;
  schedule: Schedule;
  ids: IdSource;
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
  const { config, store, outbound, clock, schedule, log } = deps;
  const { nowMs } = clock;
  const { defaults, secret_refs, environmentSecrets, providers } = config.file;
  const onWarning = (message: string, error: unknown) => log.warn({ err: error }, message);
  const configured = deps.models.providers.map(({ provider }) => provider);
  const refs = await openSecretRefs({
    refs: secret_refs,
    read: createReadReference({
      ...outbound,
      environment: environmentSecrets,
      readFile: readSmallFile,
      nowMs,
    }),
    refreshMs: defaults.secret_refresh_seconds * 1_000,
    schedule,
    random: () => (deps.ids.randomBytes(1)[0] ?? 0) / 255,
    nowMs,
    onWarning,
  });
  stack.add(() => refs.close());
  const findPlace = createFindPlace({ configured, withKnown: defaults.known_provider_keys });
  const cipher = createCredentialCipher(deps.credentialKey);
  const common = { cipher, findPlace, refs };
  const sync = await openCredentialSync({
    ...common,
    clock,
    credentials: store.credentials,
    serverId: deps.serverId,
    schedule,
    onWarning,
  });
  stack.add(() => sync.close());
  const fileKeys = createFileKeys({ providers, findPlace, refs, clock, startedAtMs: nowMs() });
  const ids = new Set(configured.map(({ id }) => id));
  const known = createOwnKeys({ configured, known: knownProviders, only: undefined, nowMs });
  const into = (snapshot: OpenSnapshot) =>
    withProviderKeys(snapshot, {
      findKeys: (tenant, providerId) => sync.index().findKeys(tenant, providerId),
      providersOf: (tenant) =>
        sync
          .index()
          .providersOf(tenant)
          .filter((id) => findPlace(id).ok),
      findFileKeys: fileKeys.find,
      isConfigured: (id) => ids.has(id),
      known: { ...knownOf(known), listModels: listKnownModels },
    });
  const credentials = createCredentials({
    ...common,
    credentials: store.credentials,
    checkKey: createCheckKey({ send: outbound.send, schedule }),
    findHealth: (id) => sync.index().findHealth(id),
    listFileKeys: fileKeys.list,
    newCredentialId: () => newId('cred_', deps.ids),
    nowMs,
  });
  return { into, credentials };
}

function knownOf({
  findTargets,
  findOperationTargets,
}: OwnKeys): Pick<OwnKeys, 'findTargets' | 'findOperationTargets'> {
  return { findTargets, findOperationTargets };
}

function listKnownModels(providers: readonly string[]) {
  return providers.flatMap((ownedBy) =>
    listModels(ownedBy).flatMap(({ id, aliases }) => [id, ...aliases].map((name) => ({ id: name, ownedBy }))),
  );
}

/** A secret is short: a file that is not has another purpose. */
async function readSmallFile(path: string, bytesMax: number): Promise<string> {
  const { size } = await stat(path);
  if (size > bytesMax) throw new Error(`${size} bytes are too many`);
  return readFile(path, 'utf8');
}

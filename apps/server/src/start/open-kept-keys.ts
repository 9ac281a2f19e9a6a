import { readFile, stat } from 'node:fs/promises';
import type { Schedule, Send } from '@app/gateway';
import type { GoogleAuth, Secret } from '@app/providers';
import type { RelationalStore } from '@app/store';
import type { Config } from '../config.ts';
import { createCheckKey } from '../credentials/create-check-key.ts';
import { createCredentialCipher } from '../credentials/create-credential-cipher.ts';
import {
  type Credentials,
  type CredentialsDeps,
  createCredentials,
} from '../credentials/create-credentials.ts';
import { createFindPlace } from '../credentials/create-find-place.ts';
import type { OpenCredentialDeps } from '../credentials/open-credential.ts';
import { createReadReference } from '../credentials/references/create-read-reference.ts';
import { openSecretRefs } from '../credentials/references/open-secret-refs.ts';
import { type IdSource, newId } from '../ids.ts';
import type { AskOnce } from '../outbound/ask-once.ts';
import type { ModelConfig } from '../snapshot/model-config.ts';
import type { ClosingStack } from './closing-stack.ts';

export type KeptKeysDeps = {
  config: Config;
  store: Pick<RelationalStore, 'credentials'>;
  models: Pick<ModelConfig, 'providers'>;
  /** Seals providers' keys; 32 bytes. */
  credentialKey: Buffer;
  outbound: { send: Send; askOnce: AskOnce; getGoogleToken(auth: GoogleAuth): Promise<Secret> };
  schedule: Schedule;
  ids: IdSource;
  onWarning: (message: string, error: unknown) => void;
};

/** What opens providers' keys, and what a process that makes calls has to add to deal with them. */
export type KeptKeys = OpenCredentialDeps & {
  credentials(live?: Pick<CredentialsDeps, 'findHealth' | 'listFileKeys'>): Credentials;
};

/** Providers' keys as they are kept, for servers and commands. Reads what references give, as far as that is quick. */
export async function openKeptKeys(deps: KeptKeysDeps, stack: ClosingStack): Promise<KeptKeys> {
  const { config, store, outbound, schedule, ids } = deps;
  const { nowMs } = ids;
  const { defaults, secret_refs, environmentSecrets } = config.file;
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
    random: () => (ids.randomBytes(1)[0] ?? 0) / 255,
    nowMs,
    onWarning: deps.onWarning,
  });
  stack.add(() => refs.close());
  const configured = deps.models.providers.map(({ provider }) => provider);
  const cipher = createCredentialCipher(deps.credentialKey);
  const opening = {
    cipher,
    refs,
    findPlace: createFindPlace({ configured, withKnown: defaults.known_provider_keys }),
  };
  return {
    ...opening,
    credentials: (live = {}) =>
      createCredentials({
        ...opening,
        ...live,
        credentials: store.credentials,
        checkKey: createCheckKey({ send: outbound.send, schedule }),
        newCredentialId: () => newId('cred_', ids),
        nowMs,
      }),
  };
}

/** A secret is short: a file that is not has another purpose. */
async function readSmallFile(path: string, bytesMax: number): Promise<string> {
  const { size } = await stat(path);
  if (size > bytesMax) throw new Error(`${size} bytes are too many`);
  return readFile(path, 'utf8');
}

import { lookup } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { GatewayError } from '@app/protocol';
import { Secret } from '@app/providers';
import type { Variables } from '../config/resolve-references.ts';
import type { SecretRef } from '../config/secret-ref-fields.ts';
import type { Config } from '../config.ts';
import { createAskVault } from '../credentials/references/create-ask-vault.ts';
import { createReadReference } from '../credentials/references/create-read-reference.ts';
import { ReferenceFailure } from '../credentials/references/reference-failure.ts';
import type { Resolve } from '../outbound/create-connector.ts';
import { createOutbound, type Outbound } from '../outbound/create-outbound.ts';
import { createAwsKms } from './create-aws-kms.ts';
import { createGoogleKms } from './create-google-kms.ts';
import { createVaultTransit } from './create-vault-transit.ts';
import type { KeyService } from './key-wrapping.ts';
import { type KeyServicePlace, type Parsed, parseKeyReference, parseKeyService } from './parse-key-source.ts';

export type KeySource = {
  /** The text behind TOKENROUTER_MASTER_KEY_REF. */
  readReference(text: string): Promise<Parsed<Secret>>;
  /** The service that TOKENROUTER_MASTER_KEY_KMS names. */
  findService(): Parsed<KeyService>;
  close(): Promise<void>;
};

export type KeySourceDeps = { config: Config; variables: Variables; nowMs: () => number; resolve?: Resolve };

const FILE_BYTES_MAX = 65_536;

/**
 * The way to a master key that is kept elsewhere. It goes out by the same guard as everything: https, or a host that
 * `allow_private_hosts` lists; checked addresses; no redirects.
 */
export function openKeySource({ config, variables, nowMs, resolve = lookUp }: KeySourceDeps): KeySource {
  const { environment, file } = config;
  const endpoint = environment.TOKENROUTER_MASTER_KEY_ENDPOINT;
  const outbound = createOutbound({
    allowPrivateHosts: file.allow_private_hosts,
    resolve,
    sandboxSend: () => {
      throw new GatewayError('sandbox_unsupported', 'No call is made here.');
    },
    nowMs,
  });
  const read = createReadReference({
    ...outbound,
    environment: file.environmentSecrets,
    readFile: readSmallFile,
    nowMs,
  });
  return {
    readReference: async (text) => {
      const ref = findReference(text, { config, variables });
      if (!ref.ok) return ref;
      return attempt(() => read(ref.value));
    },
    findService: () => {
      const kms = environment.TOKENROUTER_MASTER_KEY_KMS;
      if (kms === undefined) return { ok: false, problem: 'TOKENROUTER_MASTER_KEY_KMS is not set.' };
      const place = parseKeyService(kms, variables);
      if (!place.ok) return place;
      return { ok: true, value: openService(place.value, { outbound, endpoint, nowMs }) };
    },
    close: () => outbound.destroy(),
  };
}

/** The master key's own entry of `secret_refs` is nobody else's: no key that is stored over the API may name it. */
function findReference(
  text: string,
  { config: { environment, file }, variables }: Pick<KeySourceDeps, 'config' | 'variables'>,
): Parsed<SecretRef> {
  const endpoint = environment.TOKENROUTER_MASTER_KEY_ENDPOINT;
  if (!text.startsWith('secret_refs:')) return parseKeyReference(text, { variables, endpoint });
  const name = text.slice('secret_refs:'.length);
  const ref = Object.hasOwn(file.secret_refs, name) ? file.secret_refs[name] : undefined;
  if (ref === undefined) {
    return {
      ok: false,
      problem: `TOKENROUTER_MASTER_KEY_REF names "${name}", which secret_refs does not list.`,
    };
  }
  if (ref.providers.length === 0) return { ok: true, value: ref };
  return {
    ok: false,
    problem: `secret_refs.${name} is the master key: remove its "providers", or keys stored over the API could name it.`,
  };
}

type ServiceDeps = { outbound: Outbound; endpoint: string | undefined; nowMs: () => number };

function openService(place: KeyServicePlace, { outbound, endpoint, nowMs }: ServiceDeps): KeyService {
  const { askOnce, getGoogleToken } = outbound;
  switch (place.kind) {
    case 'aws-kms':
      return createAwsKms({ ...place, endpoint }, { askOnce, nowMs });
    case 'vault-transit':
      return createVaultTransit(place, createAskVault({ askOnce, readFile: readSmall, nowMs }));
    case 'gcp-kms': {
      const open = async (): Promise<KeyService> => {
        const credentials = new Secret(await readSmall(place.credentialsFile));
        return createGoogleKms({ name: place.name, credentials, endpoint }, { askOnce, getGoogleToken });
      };
      return {
        wrap: async (key) => (await open()).wrap(key),
        unwrap: async (wrapped) => (await open()).unwrap(wrapped),
      };
    }
  }
}

/** Runs what may fail with a sentence for the operator. */
export async function attempt<Value>(run: () => Promise<Value>): Promise<Parsed<Value>> {
  try {
    return { ok: true, value: await run() };
  } catch (error) {
    if (error instanceof ReferenceFailure) return { ok: false, problem: `No master key: ${error.message}` };
    throw error;
  }
}

const readSmall = (path: string) => readSmallFile(path, FILE_BYTES_MAX).catch(unreadable);

async function readSmallFile(path: string, bytesMax: number): Promise<string> {
  const text = await readFile(path, 'utf8');
  if (text.length > bytesMax) throw new Error('The file is too large.');
  return text;
}

function unreadable(cause: unknown): never {
  throw new ReferenceFailure('The file of the credentials cannot be read.', cause);
}

const lookUp: Resolve = (host, done) => lookup(host, { all: true }, done);

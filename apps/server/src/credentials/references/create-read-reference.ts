import type { GoogleAuth, Secret } from '@app/providers';
import type { SecretRef } from '../../config/secret-ref-fields.ts';
import type { AskOnce } from '../../outbound/ask-once.ts';
import { createAskVault } from './create-ask-vault.ts';
import { createReadAwsSecret } from './read-aws-secret.ts';
import { readField } from './read-field.ts';
import { createReadGoogleSecret } from './read-google-secret.ts';
import { createReadVault } from './read-vault.ts';
import { ReferenceFailure } from './reference-failure.ts';

/** What a reference gives now. Rejects with a `ReferenceFailure`. */
export type ReadReference = (ref: SecretRef) => Promise<Secret>;

export type ReadReferenceDeps = {
  /** What the environment held at the start, by the variable's name. */
  environment: ReadonlyMap<string, Secret>;
  /** Reads a file of at most `bytesMax` bytes. */
  readFile: (path: string, bytesMax: number) => Promise<string>;
  askOnce: AskOnce;
  getGoogleToken: (auth: GoogleAuth) => Promise<Secret>;
  nowMs: () => number;
};

const FILE_BYTES_MAX = 65_536;

/** Reads a secret wherever the operator's file says that it is. */
export function createReadReference(deps: ReadReferenceDeps): ReadReference {
  const readFile = (path: string) =>
    deps.readFile(path, FILE_BYTES_MAX).catch((cause: unknown) => {
      throw new ReferenceFailure('The file of the secret cannot be read.', cause);
    });
  const readVault = createReadVault(createAskVault({ ...deps, readFile }));
  const readAws = createReadAwsSecret(deps);
  const readGoogle = createReadGoogleSecret({ ...deps, readFile });
  return async ({ env, file, vault, aws, gcp }) => {
    if (vault !== undefined) return readVault(vault);
    if (aws !== undefined) return readAws(aws);
    if (gcp !== undefined) return readGoogle(gcp);
    if (file !== undefined) return readField(await readFile(file), undefined);
    const found = env === undefined ? undefined : deps.environment.get(env);
    if (found === undefined) throw new ReferenceFailure('The environment variable of the secret is not set.');
    return found;
  };
}

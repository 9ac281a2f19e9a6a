import { isObject, type Json, parseJson } from '@app/protocol';
import { type GoogleAuth, Secret } from '@app/providers';
import type { SecretRef } from '../../config/secret-ref-fields.ts';
import type { AskOnce } from '../../outbound/ask-once.ts';
import { readField } from './read-field.ts';
import { ReferenceFailure, unanswered } from './reference-failure.ts';

type Gcp = NonNullable<SecretRef['gcp']>;

export type GoogleSecretDeps = {
  askOnce: AskOnce;
  getGoogleToken: (auth: GoogleAuth) => Promise<Secret>;
  readFile: (path: string) => Promise<string>;
};

const NAME = 'Google Secret Manager';
const SCOPES = ['https://www.googleapis.com/auth/cloud-platform'];

/**
 * Reads one version of a secret in the name of a service account. Source: Google Cloud, Secret Manager REST reference,
 * `projects.secrets.versions.access`.
 */
export function createReadGoogleSecret(deps: GoogleSecretDeps): (gcp: Gcp) => Promise<Secret> {
  // Tokens are kept with the credential they were given for.
  const auths = new Map<string, GoogleAuth>();
  return async (gcp) => {
    const keyFile = gcp.credentials ?? (await deps.readFile(gcp.credentials_file ?? ''));
    const auth = auths.get(keyFile) ?? authOf(keyFile);
    auths.set(keyFile, auth);
    const token = await deps.getGoogleToken(auth).catch((cause: unknown) => {
      throw new ReferenceFailure(`Google did not take the credentials for ${NAME}.`, cause);
    });
    const answer = await deps
      .askOnce({
        method: 'GET',
        url: addressOf(gcp),
        headers: { accept: 'application/json' },
        credential: { authorization: `Bearer ${token.reveal()}` },
      })
      .catch(unanswered(NAME));
    if (answer.status === 404) throw new ReferenceFailure(`${NAME} has no such secret or version (404).`);
    if (answer.status !== 200) {
      throw new ReferenceFailure(`${NAME} did not let us read the secret (${answer.status}).`);
    }
    return readField(textOf(parseJson(answer.body)), gcp.field);
  };
}

function authOf(keyFile: string): GoogleAuth {
  return { kind: 'google-oauth', credentials: new Secret(keyFile), scopes: SCOPES };
}

/** Secrets of one location are asked for there. */
function addressOf({ name, endpoint }: Gcp): URL {
  const location = /\/locations\/([\w-]+)\//.exec(name)?.[1];
  const host = location === undefined ? 'secretmanager' : `secretmanager.${location}.rep`;
  const version = name.includes('/versions/') ? name : `${name}/versions/latest`;
  return new URL(
    `${(endpoint ?? `https://${host}.googleapis.com`).replace(/\/+$/, '')}/v1/${version}:access`,
  );
}

function textOf(value: Json | undefined): string {
  const payload = isObject(value) && isObject(value.payload) ? value.payload : {};
  if (typeof payload.data !== 'string') throw new ReferenceFailure(`${NAME} answered without a secret.`);
  return Buffer.from(payload.data, 'base64').toString('utf8');
}

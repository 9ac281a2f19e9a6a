import { isObject, type JsonObject, parseJson } from '@app/protocol';
import type { GoogleAuth, Secret } from '@app/providers';
import { ReferenceFailure, unanswered } from '../credentials/references/reference-failure.ts';
import type { AskOnce } from '../outbound/ask-once.ts';
import { type KeyService, WRAPPING_CONTEXT } from './key-wrapping.ts';

export type GoogleKmsPlace = {
  /** `projects/P/locations/L/keyRings/R/cryptoKeys/K`. */
  name: string;
  /** A service account's JSON key. */
  credentials: Secret;
  /** Another address of the service. */
  endpoint?: string | undefined;
};

export type GoogleKmsDeps = { askOnce: AskOnce; getGoogleToken: (auth: GoogleAuth) => Promise<Secret> };

const NAME = 'Google Cloud KMS';
const SCOPES = ['https://www.googleapis.com/auth/cloudkms'];

/**
 * A key of Google Cloud KMS, asked in the name of a service account. Source: Google Cloud, KMS REST reference,
 * `projects.locations.keyRings.cryptoKeys.encrypt` and `decrypt`.
 */
export function createGoogleKms(
  place: GoogleKmsPlace,
  { askOnce, getGoogleToken }: GoogleKmsDeps,
): KeyService {
  const auth: GoogleAuth = { kind: 'google-oauth', credentials: place.credentials, scopes: SCOPES };
  const ask = async (verb: 'encrypt' | 'decrypt', fields: JsonObject): Promise<JsonObject> => {
    const token = await getGoogleToken(auth).catch((cause: unknown) => {
      throw new ReferenceFailure(`Google did not take the credentials for ${NAME}.`, cause);
    });
    const additionalAuthenticatedData = Buffer.from(WRAPPING_CONTEXT).toString('base64');
    const endpoint = (place.endpoint ?? 'https://cloudkms.googleapis.com').replace(/\/+$/, '');
    const answer = await askOnce({
      method: 'POST',
      url: new URL(`${endpoint}/v1/${place.name}:${verb}`),
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      credential: { authorization: `Bearer ${token.reveal()}` },
      body: JSON.stringify({ ...fields, additionalAuthenticatedData }),
    }).catch(unanswered(NAME));
    const value = parseJson(answer.body);
    if (answer.status === 200 && isObject(value)) return value;
    throw new ReferenceFailure(`${NAME} did not give the master key (${answer.status}).`);
  };
  return {
    wrap: async (key) => textOf((await ask('encrypt', { plaintext: key.toString('base64') })).ciphertext),
    unwrap: async (wrapped) =>
      Buffer.from(textOf((await ask('decrypt', { ciphertext: wrapped })).plaintext), 'base64'),
  };
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new ReferenceFailure(`${NAME} answered without a key.`);
  return value;
}

import { isObject, type Json, type JsonObject, parseJson } from '@app/protocol';
import { authHeaders, type Secret } from '@app/providers';
import { ReferenceFailure, unanswered } from '../credentials/references/reference-failure.ts';
import type { AskOnce } from '../outbound/ask-once.ts';
import { type KeyService, WRAPPING_CONTEXT } from './key-wrapping.ts';

export type AwsKmsPlace = {
  region: string;
  /** Id, ARN or `alias/...` of a symmetric key. */
  keyId: string;
  accessKeyId: string;
  secretAccessKey: Secret;
  sessionToken?: Secret | undefined;
  /** Another address of the service. */
  endpoint?: string | undefined;
};

const NAME = 'AWS KMS';
const CONTENT_TYPE = 'application/x-amz-json-1.1';

/** A key of AWS KMS, asked with SigV4. Source: AWS, KMS API reference, `Encrypt` and `Decrypt`. */
export function createAwsKms(
  place: AwsKmsPlace,
  { askOnce, nowMs }: { askOnce: AskOnce; nowMs: () => number },
): KeyService {
  const ask = async (operation: 'Encrypt' | 'Decrypt', fields: JsonObject): Promise<Json | undefined> => {
    const url = new URL(place.endpoint ?? `https://kms.${place.region}.${domainOf(place.region)}`);
    const context = { EncryptionContext: { purpose: WRAPPING_CONTEXT } };
    const body = JSON.stringify({ KeyId: place.keyId, ...context, ...fields });
    const target = { 'x-amz-target': `TrentService.${operation}` };
    const auth = {
      kind: 'aws-sigv4' as const,
      region: place.region,
      service: 'kms',
      accessKeyId: place.accessKeyId,
      secret: place.secretAccessKey,
      ...(place.sessionToken !== undefined && { sessionToken: place.sessionToken }),
    };
    const signed = { method: 'POST', host: url.host, path: url.pathname, contentType: CONTENT_TYPE, body };
    const answer = await askOnce({
      method: 'POST',
      url,
      headers: { 'content-type': CONTENT_TYPE, ...target },
      credential: authHeaders(auth, { ...signed, headers: target, atMs: nowMs() }),
      body,
    }).catch(unanswered(NAME));
    const value = parseJson(answer.body);
    if (answer.status !== 200) throw refusal(answer.status, value);
    return value;
  };
  return {
    wrap: async (key) =>
      textOf(await ask('Encrypt', { Plaintext: key.toString('base64') }), 'CiphertextBlob'),
    unwrap: async (wrapped) =>
      Buffer.from(textOf(await ask('Decrypt', { CiphertextBlob: wrapped }), 'Plaintext'), 'base64'),
  };
}

function domainOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

function textOf(value: Json | undefined, field: string): string {
  const text = isObject(value) ? value[field] : undefined;
  if (typeof text !== 'string') throw new ReferenceFailure(`${NAME} answered without a key.`);
  return text;
}

/** Of an error only its kind is told: its sentence names accounts and roles. */
function refusal(status: number, value: Json | undefined): ReferenceFailure {
  const type = isObject(value) && typeof value.__type === 'string' ? value.__type : '';
  const word = /([A-Za-z]{1,60})$/.exec(type)?.[1];
  const why = word === undefined ? String(status) : `${status}, ${word}`;
  return new ReferenceFailure(`${NAME} did not give the master key (${why}).`);
}

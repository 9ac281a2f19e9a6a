import { isObject, type Json, parseJson } from '@app/protocol';
import { authHeaders, Secret } from '@app/providers';
import type { SecretRef } from '../../config/secret-ref-fields.ts';
import type { AskOnce } from '../../outbound/ask-once.ts';
import { readField } from './read-field.ts';
import { ReferenceFailure, unanswered } from './reference-failure.ts';

type Aws = NonNullable<SecretRef['aws']>;

export type AwsSecretDeps = { askOnce: AskOnce; nowMs: () => number };

const NAME = 'AWS Secrets Manager';
const CONTENT_TYPE = 'application/x-amz-json-1.1';
const TARGET = { 'x-amz-target': 'secretsmanager.GetSecretValue' };

/** Reads the current version of a secret, signed with SigV4. Source: AWS, API reference, `GetSecretValue`. */
export function createReadAwsSecret({ askOnce, nowMs }: AwsSecretDeps): (aws: Aws) => Promise<Secret> {
  return async (aws) => {
    const url = new URL(aws.endpoint ?? `https://secretsmanager.${aws.region}.${domainOf(aws.region)}`);
    url.pathname ||= '/';
    const body = JSON.stringify({ SecretId: aws.id });
    const { session_token: session } = aws;
    const auth = {
      kind: 'aws-sigv4' as const,
      region: aws.region,
      service: 'secretsmanager',
      accessKeyId: aws.access_key_id,
      secret: new Secret(aws.secret_access_key),
      ...(session === undefined ? {} : { sessionToken: new Secret(session) }),
    };
    const signed = { method: 'POST', host: url.host, path: url.pathname, contentType: CONTENT_TYPE, body };
    const answer = await askOnce({
      method: 'POST',
      url,
      headers: { 'content-type': CONTENT_TYPE, ...TARGET },
      credential: authHeaders(auth, { ...signed, headers: TARGET, atMs: nowMs() }),
      body,
    }).catch(unanswered(NAME));
    const value = parseJson(answer.body);
    if (answer.status !== 200) throw refusal(answer.status, value);
    return readField(textOf(value), aws.field);
  };
}

function domainOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

function textOf(value: Json | undefined): string {
  if (isObject(value)) {
    const { SecretString: text, SecretBinary: binary } = value;
    if (typeof text === 'string') return text;
    if (typeof binary === 'string') return Buffer.from(binary, 'base64').toString('utf8');
  }
  throw new ReferenceFailure(`${NAME} answered without a secret.`);
}

/** Of an error only its kind is told: its sentence names accounts and roles. */
function refusal(status: number, value: Json | undefined): ReferenceFailure {
  const type = isObject(value) && typeof value.__type === 'string' ? value.__type : '';
  const word = /([A-Za-z]{1,60})$/.exec(type)?.[1];
  if (word === 'ResourceNotFoundException') return new ReferenceFailure(`${NAME} has no such secret.`);
  return new ReferenceFailure(
    `${NAME} did not let us read the secret (${status}${word === undefined ? '' : `, ${word}`}).`,
  );
}

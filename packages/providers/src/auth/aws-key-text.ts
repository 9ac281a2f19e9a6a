import { Secret } from '../secret.ts';

export type AwsKey = { accessKeyId: string; secret: Secret; sessionToken?: Secret };

const ACCESS_KEY = /^([A-Za-z0-9]{4,128}):([^:\s]+)(?::([^:\s]+))?$/;

/**
 * AWS's two or three texts as the one that a key is kept in: `access key id:secret access key`, and `:session token`
 * where there is one. Undefined for anything else, such as a Bedrock API key; none of the texts has a colon in it.
 */
export function readAwsKey(text: Secret): AwsKey | undefined {
  const [, accessKeyId, secret, sessionToken] = ACCESS_KEY.exec(text.reveal()) ?? [];
  if (accessKeyId === undefined || secret === undefined) return undefined;
  const key = { accessKeyId, secret: new Secret(secret) };
  return sessionToken === undefined ? key : { ...key, sessionToken: new Secret(sessionToken) };
}

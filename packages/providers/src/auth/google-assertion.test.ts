import { createVerify, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { Secret } from '../secret.ts';
import { authHeaders } from './auth-headers.ts';
import { readServiceAccount, writeTokenRequest } from './google-assertion.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const file = {
  type: 'service_account',
  project_id: 'acme',
  private_key_id: 'key-1',
  private_key: pem,
  client_email: 'gateway@acme.iam.gserviceaccount.com',
  token_uri: 'https://oauth2.googleapis.com/token',
};
const authOf = (change: object) => ({
  kind: 'google-oauth' as const,
  credentials: new Secret(JSON.stringify({ ...file, ...change })),
  scopes: ['https://www.googleapis.com/auth/cloud-platform'],
});

test('the assertion says who asks for what, for one hour, and the public key proves it', () => {
  const { tokenUri, form } = writeTokenRequest(authOf({}), 1_800_000_000_999);
  expect(tokenUri).toBe('https://oauth2.googleapis.com/token');
  const fields = new URLSearchParams(form);
  expect(fields.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
  const [header = '', claims = '', signature = ''] = (fields.get('assertion') ?? '').split('.');
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  expect(read(header)).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'key-1' });
  expect(read(claims)).toEqual({
    iss: file.client_email,
    scope: 'https://www.googleapis.com/auth/cloud-platform',
    aud: 'https://oauth2.googleapis.com/token',
    iat: 1_800_000_000,
    exp: 1_800_003_600,
  });
  const check = createVerify('RSA-SHA256').update(`${header}.${claims}`);
  expect(check.verify(publicKey, signature, 'base64url')).toBe(true);
});

test('the same claims, key and time give the same assertion', () => {
  expect(writeTokenRequest(authOf({}), 5_000)).toEqual(writeTokenRequest(authOf({}), 5_000));
});

test('a key file that will not do is refused without a word of what is in it', () => {
  const bad: [Secret, string][] = [
    [new Secret('canary {'), 'not JSON'],
    [new Secret('"canary"'), 'not JSON'],
    [authOf({ type: 'external_account' }).credentials, 'not the JSON key of a service account'],
    [authOf({ client_email: 7 }).credentials, 'client_email or private_key'],
    [authOf({ private_key: 'canary' }).credentials, 'not an RSA key'],
  ];
  for (const [credentials, sentence] of bad) {
    expect(() => readServiceAccount(credentials)).toThrow(sentence);
    expect(() => readServiceAccount(credentials)).not.toThrow('canary');
  }
  expect(readServiceAccount(authOf({ token_uri: undefined }).credentials).tokenUri).toBe(file.token_uri);
});

test('the key itself is never a header', () => {
  expect(() => authHeaders(authOf({}))).toThrow('exchanged for a token');
  expect(JSON.stringify(authOf({}))).not.toContain('PRIVATE KEY');
});

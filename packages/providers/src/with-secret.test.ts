import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { authHeaders } from './auth/auth-headers.ts';
import { findSecretProblem } from './auth/find-secret-problem.ts';
import { cloudRow, findCloud } from './clouds/cloud-providers.ts';
import { knownProviders } from './known-providers.ts';
import type { Auth, Provider } from './provider.ts';
import { providerRow } from './provider-row.ts';
import { Secret } from './secret.ts';
import { withSecret } from './with-secret.ts';

const old = new Secret('sk-the-old-one');
const fresh = new Secret('sk-the-new-one');
const request = {
  method: 'POST',
  host: 'bedrock-runtime.eu-west-1.amazonaws.com',
  path: '/model/x/converse',
  contentType: 'application/json',
  body: '{}',
  atMs: 1_800_000_000_000,
};
const headersOf = ({ auth, also = [] }: Provider): { [name: string]: string }[] => [
  authHeaders(auth, request),
  ...also.flatMap((way) => headersOf(way.provider)),
];
const cloud = (kind: string, options: object): Provider => {
  const found = findCloud(kind);
  if (found === undefined) throw new Error(kind);
  return cloudRow(found, { id: kind, ...options });
};

test('every known provider sends the new secret, and never the old one, on all its ways', () => {
  for (const [id, { baseUrl }] of Object.entries(knownProviders)) {
    const at = baseUrl.includes('{') ? { baseUrl: 'https://acme.example/v1' } : {};
    const before = providerRow({ id, ...at, secret: old });
    const after = withSecret(before, fresh);
    const expected = JSON.stringify(headersOf(before)).replaceAll('old', 'new');
    expect(JSON.stringify(headersOf(after)), id).toBe(expected);
  }
});

test('a row without a credential gets the one that its provider takes', () => {
  for (const id of Object.keys(knownProviders)) {
    const options = { id, baseUrl: 'https://acme.example/v1' };
    const given = withSecret(providerRow(options), fresh);
    expect(headersOf(given), id).toEqual(headersOf(providerRow({ ...options, secret: fresh })));
  }
});

test('a signed row takes both of AWS texts, and forgets the session of the old ones', () => {
  const signed = cloud('bedrock', {
    region: 'eu-west-1',
    access_key_id: 'AKIAOLD',
    secret_access_key: old,
    session_token: new Secret('an-old-session'),
  });
  const [headers = {}, ...others] = headersOf(withSecret(signed, new Secret('AKIANEW:wJalr/xUtn+FEMI')));
  expect(headers.authorization).toContain('Credential=AKIANEW/20270115/eu-west-1/bedrock/aws4_request');
  expect(headers).not.toHaveProperty('x-amz-security-token');
  expect(others).toEqual([headers]);
  const [temporary = {}] = headersOf(withSecret(signed, new Secret('ASIANEW:secret:session')));
  expect(temporary['x-amz-security-token']).toBe('session');
});

test('a signed row takes a Bedrock API key too, which travels as a bearer', () => {
  const signed = cloud('bedrock', { region: 'eu-west-1', access_key_id: 'AKIAOLD', secret_access_key: old });
  expect(headersOf(withSecret(signed, new Secret('ABSKnew')))).toEqual([
    { authorization: 'Bearer ABSKnew' },
    { authorization: 'Bearer ABSKnew' },
  ]);
});

test('a header keeps its name on each way', () => {
  const foundry = cloud('azure-foundry', { resource: 'acme', api_key: old, models: ['claude-x'] });
  const names = headersOf(withSecret(foundry, fresh)).map((headers) => Object.entries(headers).join());
  expect(new Set(names)).toEqual(new Set(['api-key,sk-the-new-one', 'x-api-key,sk-the-new-one']));
});

test("ways that share Google's credential share the new one, so that one token serves them all", () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const file = (email: string) =>
    new Secret(
      JSON.stringify({
        type: 'service_account',
        client_email: email,
        private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      }),
    );
  const vertex = cloud('vertex', { project: 'acme', location: 'eu', credentials: file('old@acme') });
  const given = withSecret(vertex, file('new@acme'));
  const auths = new Set<Auth>([given.auth, ...(given.also ?? []).map((way) => way.provider.auth)]);
  expect(auths.size).toBe(1);
  expect(given.auth.kind === 'google-oauth' && given.auth.credentials.reveal()).toContain('new@acme');
  expect(findSecretProblem(given.auth, file('x@acme'))).toBeUndefined();
  expect(findSecretProblem(given.auth, fresh)).toBe('cannot be used: the Google credentials are not JSON');
});

test('a text that no header can carry is told before it is kept, and not quoted', () => {
  const { auth } = providerRow({ id: 'openai', secret: old });
  expect(findSecretProblem(auth, fresh)).toBeUndefined();
  for (const bad of ['sk-a b', 'sk-a\nx: y', 'sk-ä', '']) {
    const problem = findSecretProblem(auth, new Secret(bad));
    expect(problem).toBe('must be one line of visible ASCII characters without spaces');
  }
});

import { generateKeyPairSync } from 'node:crypto';
import { type GoogleAuth, Secret } from '@app/providers';
import { answersJson, type FakeUpstream, openFakeUpstream } from '@app/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseAllowedHosts } from './allowed-hosts.ts';
import { createEndpoints, outboundDefaults } from './create-endpoints.ts';
import { createGoogleTokens } from './create-google-tokens.ts';
import { createPostForm } from './post-form.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const START = 1_800_000_000_000;

let upstream: FakeUpstream;
let nowMs = START;
let stop: () => Promise<void>;

beforeEach(async () => {
  nowMs = START;
  upstream = await openFakeUpstream(answersJson({ access_token: 'first', expires_in: 3_600 }));
});

afterEach(async () => {
  await stop();
  await upstream.close();
});

function openTokens(allowPrivateHosts: string[] = ['127.0.0.1']) {
  const allowedHosts = parseAllowedHosts(allowPrivateHosts);
  const endpoints = createEndpoints({
    allowedHosts,
    limits: outboundDefaults,
    resolve: (_, done) => done(null, [{ address: '10.0.0.7', family: 4 }]),
  });
  stop = () => endpoints.stop((pool) => pool.destroy());
  return createGoogleTokens({ postForm: createPostForm(endpoints), nowMs: () => nowMs, allowedHosts });
}

function authFor(tokenUri: string, key = pem): GoogleAuth {
  const file = { type: 'service_account', client_email: 'a@b', private_key: key, token_uri: tokenUri };
  return { kind: 'google-oauth', credentials: new Secret(JSON.stringify(file)), scopes: ['cloud'] };
}

test('a token is asked for once, however many wait for it, and kept', async () => {
  const tokens = openTokens();
  const auth = authFor(`${upstream.url}/token`);
  expect(tokens.find(auth)).toBeUndefined();
  const all = await Promise.all([tokens.get(auth), tokens.get(auth), tokens.get(auth)]);
  expect(new Set(all.map((token) => token.reveal()))).toEqual(new Set(['first']));
  expect(tokens.find(auth)?.reveal()).toBe('first');
  expect(upstream.requests).toHaveLength(1);
  expect(upstream.requests[0]).toMatchObject({ method: 'POST', path: '/token' });
  expect(upstream.requests[0]?.headers.authorization).toBeUndefined();
});

test('a token that grows old is replaced while it still serves, and one that is over serves nobody', async () => {
  const tokens = openTokens();
  const auth = authFor(`${upstream.url}/token`);
  await tokens.get(auth);
  upstream.play(answersJson({ access_token: 'second', expires_in: 3_600 }));
  nowMs = START + 3_600_000 * 0.8;
  expect(tokens.find(auth)?.reveal()).toBe('first');
  expect((await tokens.get(auth)).reveal()).toBe('second');
  expect(tokens.find(auth)?.reveal()).toBe('second');
  expect(upstream.requests).toHaveLength(2);
  nowMs += 3_600_000;
  expect(tokens.find(auth)).toBeUndefined();
});

test('a refresh that fails leaves the token that is still good', async () => {
  const tokens = openTokens();
  const auth = authFor(`${upstream.url}/token`);
  await tokens.get(auth);
  upstream.play(answersJson({ error: 'backend' }, 503));
  nowMs = START + 3_000_000;
  expect(tokens.find(auth)?.reveal()).toBe('first');
  await expect(tokens.get(auth)).rejects.toThrow('(503, backend)');
  expect(tokens.find(auth)?.reveal()).toBe('first');
  expect(upstream.requests).toHaveLength(2);
});

test('a token that the provider refused is not used again', async () => {
  const tokens = openTokens();
  const auth = authFor(`${upstream.url}/token`);
  const token = await tokens.get(auth);
  tokens.forget(auth, new Secret('another'));
  expect(tokens.find(auth)).toBe(token);
  tokens.forget(auth, token);
  expect(tokens.find(auth)).toBeUndefined();
});

test('credentials that are refused say so without a secret, and are not presented with every call', async () => {
  const tokens = openTokens();
  const auth = authFor(`${upstream.url}/token`);
  upstream.play(answersJson({ error: 'invalid_grant', error_description: 'canary' }, 400));
  const ask = () => tokens.get(auth).catch((error: unknown) => error);
  const failures = [await ask(), await ask()];
  for (const failure of failures) {
    expect(failure).toMatchObject({ code: 'provider_failed', detail: { retryable: false } });
    expect(String(failure)).toContain('(400, invalid_grant)');
    expect(String(failure)).not.toMatch(/canary|PRIVATE|127\.0\.0\.1/);
  }
  expect(upstream.requests).toHaveLength(1);
  nowMs += 2_000;
  await ask();
  expect(upstream.requests).toHaveLength(2);
});

test('only Google, or a host that the operator listed, ever gets an assertion', async () => {
  const tokens = openTokens([]);
  const uris = [
    `${upstream.url}/token`,
    'http://169.254.169.254/computeMetadata/v1/token',
    'https://10.0.0.7/token',
    'https://oauth2.googleapis.com.evil.example/token',
    'https://oauth2.googleapis.com@evil.example/token',
    'http://oauth2.googleapis.com/token',
    'https://oauth2.googleapis.com/other',
    'file:///etc/passwd',
    'nonsense',
  ];
  for (const uri of uris) await expect(tokens.get(authFor(uri))).rejects.toThrow('token_uri');
  expect(upstream.requests).toHaveLength(0);
});

test("Google's own name that leads to a private address is not spoken to", async () => {
  const tokens = openTokens([]);
  const failure = tokens.get(authFor('https://oauth2.googleapis.com/token'));
  await expect(failure).rejects.toMatchObject({ code: 'provider_failed', detail: { retryable: false } });
  await expect(failure).rejects.not.toThrow('10.0.0.7');
});

test.each([
  ['no token', { token_type: 'Bearer' }],
  ['a token that would end the header', { access_token: 'a\r\nx: y' }],
  ['something else than JSON', undefined],
])('an answer with %s is no token', async (_, answer) => {
  const tokens = openTokens();
  upstream.play(answer === undefined ? (response) => void response.end('<html>') : answersJson(answer));
  await expect(tokens.get(authFor(`${upstream.url}/token`))).rejects.toThrow('without a token');
});

test('a key that cannot sign is told without a word of it', async () => {
  const tokens = openTokens();
  const failure = tokens.get(authFor(`${upstream.url}/token`, 'canary'));
  await expect(failure).rejects.toThrow('not an RSA key');
  await expect(failure).rejects.not.toThrow('canary');
});

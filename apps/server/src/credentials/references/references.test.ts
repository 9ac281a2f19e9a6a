import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@app/providers';
import {
  answersText,
  type FakeUpstream,
  openFakeUpstream,
  playsAwsSecrets,
  playsGoogleSecrets,
  playsVault,
  type Script,
} from '@app/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SecretRef } from '../../config/secret-ref-fields.ts';
import { createOutbound, type Outbound } from '../../outbound/create-outbound.ts';
import { createReadReference, type ReadReference } from './create-read-reference.ts';

const CANARY = 'sk-canary-behind-a-reference';
let upstream: FakeUpstream;
let outbound: Outbound;
let read: ReadReference;
let folder: string;
let nowMs = 1_800_000_000_000;

beforeEach(async () => {
  upstream = await openFakeUpstream();
  folder = await mkdtemp(join(tmpdir(), 'references-'));
  open(['127.0.0.1']);
});
afterEach(async () => {
  await outbound.destroy();
  await upstream.close();
  await rm(folder, { recursive: true, force: true });
});

function open(allowPrivateHosts: string[]): void {
  outbound = createOutbound({
    allowPrivateHosts,
    resolve: (_, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
    sandboxSend: () => {
      throw new Error('no call is made here');
    },
    nowMs: () => nowMs,
  });
  read = createReadReference({
    ...outbound,
    environment: new Map([['OPENAI', new Secret(CANARY)]]),
    readFile: (path) => readFile(path, 'utf8'),
    nowMs: () => nowMs,
  });
}

const get = async (ref: object) => (await read(SecretRef.parse(ref))).reveal();
/** What went wrong, once it is sure that no part of it holds a secret or an address. */
async function failure(ref: object): Promise<string> {
  const error = await read(SecretRef.parse(ref)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('the reference was read');
  expect(`${error.message} ${error.stack}`).not.toMatch(/canary|127\.0\.0\.1:/);
  return error.message;
}
const play = (script: Script) => upstream.play(script);

describe('the environment and files', () => {
  test('give their text without the line end', async () => {
    expect(await get({ env: 'OPENAI' })).toBe(CANARY);
    const path = join(folder, 'key');
    await writeFile(path, `${CANARY}\n`);
    expect(await get({ file: path })).toBe(CANARY);
    await writeFile(path, 'sk-the-next-one');
    expect(await get({ file: path })).toBe('sk-the-next-one');
  });

  test('say why they give nothing', async () => {
    expect(await failure({ env: 'NOT_THERE' })).toBe('The environment variable of the secret is not set.');
    expect(await failure({ file: join(folder, 'none') })).toBe('The file of the secret cannot be read.');
    await writeFile(join(folder, 'empty'), ' \n');
    expect(await failure({ file: join(folder, 'empty') })).toBe('The secret is empty.');
  });
});

describe('HashiCorp Vault', () => {
  const vaultAt = (more: object) => ({ vault: { address: upstream.url, path: 'llm/openai', ...more } });

  test('gives one field of a secret to a token', async () => {
    const vault = playsVault();
    vault.tokens.add('hvs.canary');
    vault.secrets.set('secret/data/llm/openai', { value: CANARY, other: 'x' });
    play(vault.script);
    expect(await get(vaultAt({ token: 'hvs.canary' }))).toBe(CANARY);
    expect(upstream.requests[0]).toMatchObject({ method: 'GET', path: '/v1/secret/data/llm/openai' });
    expect(await get(vaultAt({ token: 'hvs.canary', field: 'other' }))).toBe('x');
    await writeFile(join(folder, 'token'), 'hvs.canary\n');
    expect(await get(vaultAt({ token_file: join(folder, 'token') }))).toBe(CANARY);
  });

  test('is logged in to by AppRole once for many reads, again before the login ends, and after a refusal', async () => {
    const vault = playsVault({ approle: { roleId: 'role-1', secretId: 'canary-secret-id' }, leaseS: 100 });
    vault.secrets.set('kv/data/llm/openai', { value: CANARY });
    play(vault.script);
    const ref = vaultAt({ mount: 'kv', approle: { role_id: 'role-1', secret_id: 'canary-secret-id' } });
    expect([await get(ref), await get(ref)]).toEqual([CANARY, CANARY]);
    expect(vault.logins()).toBe(1);
    nowMs += 80_000;
    expect(await get(ref)).toBe(CANARY);
    expect(vault.logins()).toBe(2);
    vault.tokens.clear();
    expect(await failure(ref)).toBe('HashiCorp Vault did not let us read the secret (403).');
    expect(await get(ref)).toBe(CANARY);
    expect(vault.logins()).toBe(3);
  });

  test("is logged in to with a pod's service account, in a namespace", async () => {
    const vault = playsVault({ kubernetes: { role: 'gateway', jwt: 'canary.jwt' }, namespace: 'team-a' });
    vault.secrets.set('secret/data/llm/openai', { value: CANARY });
    play(vault.script);
    await writeFile(join(folder, 'jwt'), 'canary.jwt\n');
    const kubernetes = { role: 'gateway', token_file: join(folder, 'jwt') };
    expect(await get(vaultAt({ kubernetes, namespace: 'team-a' }))).toBe(CANARY);
    expect(
      await failure(vaultAt({ kubernetes: { ...kubernetes, role: 'other' }, namespace: 'team-a' })),
    ).toBe('HashiCorp Vault refused our login (400).');
    expect(await failure(vaultAt({ kubernetes }))).toBe('HashiCorp Vault has no such secret (404).');
  });

  test('says why it gives nothing', async () => {
    const vault = playsVault();
    vault.tokens.add('hvs.canary');
    vault.secrets.set('secret/data/llm/openai', { value: 7, long: 'x'.repeat(40_000) });
    play(vault.script);
    const token = 'hvs.canary';
    expect(await failure(vaultAt({ token: 'hvs.canary-wrong' }))).toBe(
      'HashiCorp Vault did not let us read the secret (403).',
    );
    expect(await failure(vaultAt({ token, path: 'llm/none' }))).toBe(
      'HashiCorp Vault has no such secret (404).',
    );
    expect(await failure(vaultAt({ token, field: 'key' }))).toBe('The secret has no field "key".');
    expect(await failure(vaultAt({ token }))).toBe('The field "value" of the secret is not a text.');
    expect(await failure(vaultAt({ token, field: 'long' }))).toBe('The secret is too long to be one.');
    vault.seal(true);
    expect(await failure(vaultAt({ token }))).toBe('HashiCorp Vault is sealed or in maintenance (503).');
    play(answersText(`{"data":{"value":"${CANARY}"}}`, 200, 'application/json'));
    expect(await failure(vaultAt({ token }))).toContain('its engine must be KV version 2');
  });

  test('is reached only by a host that the operator listed', async () => {
    await outbound.destroy();
    open([]);
    expect(await failure(vaultAt({ token: 'hvs.canary' }))).toContain('listed under allow_private_hosts');
    expect(upstream.requests).toEqual([]);
  });

  test.each(['../sys', 'a/../../b', '/a', 'a//b', 'a?b', 'a%2fb', ''])('has no path %j', (path) => {
    expect(SecretRef.safeParse({ vault: { address: 'https://v', path, token: 't' } }).success).toBe(false);
  });
});

describe('AWS Secrets Manager', () => {
  const keys = { region: 'eu-west-1', accessKeyId: 'AKIATEST', secretAccessKey: 'canary/secret+key' };
  const awsAt = (more: object) => ({
    aws: {
      region: 'eu-west-1',
      id: 'llm/openai',
      access_key_id: 'AKIATEST',
      secret_access_key: 'canary/secret+key',
      endpoint: upstream.url,
      ...more,
    },
  });

  test('gives a text, a field of one, or bytes, for a signature that it can verify', async () => {
    const aws = playsAwsSecrets({ ...keys, sessionToken: 'canary-session' });
    aws.secrets.set('llm/openai', { SecretString: JSON.stringify({ key: CANARY }) });
    aws.secrets.set('plain', { SecretString: CANARY });
    aws.secrets.set('bytes', { SecretBinary: Buffer.from(CANARY).toString('base64') });
    play(aws.script);
    const session = { session_token: 'canary-session' };
    expect(await get(awsAt({ ...session, field: 'key' }))).toBe(CANARY);
    expect(await get(awsAt({ ...session, id: 'plain' }))).toBe(CANARY);
    expect(await get(awsAt({ ...session, id: 'bytes' }))).toBe(CANARY);
  });

  test('says why it gives nothing, and not to whom', async () => {
    const aws = playsAwsSecrets(keys);
    aws.secrets.set('llm/openai', { SecretString: CANARY });
    play(aws.script);
    expect(await failure(awsAt({ secret_access_key: 'canary-wrong' }))).toBe(
      'AWS Secrets Manager did not let us read the secret (400, InvalidSignatureException).',
    );
    expect(await failure(awsAt({ id: 'forbidden' }))).toBe(
      'AWS Secrets Manager did not let us read the secret (400, AccessDeniedException).',
    );
    expect(await failure(awsAt({ id: 'none' }))).toBe('AWS Secrets Manager has no such secret.');
    expect(await failure(awsAt({ field: 'key' }))).toBe(
      'The secret is not a JSON object, so it has no fields.',
    );
    play(answersText('<html>', 200, 'application/json'));
    expect(await failure(awsAt({}))).toBe('AWS Secrets Manager answered without a secret.');
  });
});

describe('Google Secret Manager', () => {
  const NAME = 'projects/acme/secrets/openai';

  test('gives the latest version or the one that is named, for one token', async () => {
    const google = playsGoogleSecrets();
    google.secrets.set(`${NAME}/versions/latest`, CANARY);
    google.secrets.set(`${NAME}/versions/3`, '{"key":"the third"}');
    play(google.script);
    const gcp = { name: NAME, credentials: google.keyFile(upstream.url), endpoint: upstream.url };
    expect(await get({ gcp })).toBe(CANARY);
    expect(await get({ gcp: { ...gcp, name: `${NAME}/versions/3`, field: 'key' } })).toBe('the third');
    expect(upstream.requests.filter(({ path }) => path === '/token')).toHaveLength(1);
    await writeFile(join(folder, 'key.json'), google.keyFile(upstream.url));
    const { credentials: _, ...rest } = gcp;
    expect(await get({ gcp: { ...rest, credentials_file: join(folder, 'key.json') } })).toBe(CANARY);
  });

  test('says why it gives nothing', async () => {
    const google = playsGoogleSecrets();
    play(google.script);
    const gcp = { name: NAME, credentials: google.keyFile(upstream.url), endpoint: upstream.url };
    expect(await failure({ gcp })).toBe('Google Secret Manager has no such secret or version (404).');
    expect(await failure({ gcp: { ...gcp, name: 'projects/acme/secrets/forbidden' } })).toBe(
      'Google Secret Manager did not let us read the secret (403).',
    );
    const stranger = playsGoogleSecrets().keyFile(upstream.url);
    expect(await failure({ gcp: { ...gcp, credentials: stranger } })).toBe(
      'Google did not take the credentials for Google Secret Manager.',
    );
  });
});

test('a place that hangs up costs a sentence', async () => {
  play((response) => void response.socket?.destroy());
  const vault = { address: upstream.url, path: 'a', token: 'hvs.canary' };
  expect(await failure({ vault })).toBe('HashiCorp Vault could not be reached.');
});

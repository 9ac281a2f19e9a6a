import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createSealingKey,
  type FakeUpstream,
  openFakeUpstream,
  playsAwsKms,
  playsAwsSecrets,
  playsGoogleSecrets,
  playsVault,
} from '@app/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runWrapMaster } from '../cli/wrap-master.ts';
import { ConfigError } from '../config/config-error.ts';
import { readConfig } from '../config/read-config.ts';
import type { Variables } from '../config/resolve-references.ts';
import { findMasterKey } from '../start/open-secrets.ts';
import { findNewWrappedKey } from './wrap-key.ts';

const KEY = randomBytes(32);
const TEXT = KEY.toString('base64');
const YAML = 'allow_private_hosts: [127.0.0.1]\n';
const GCP_KEY = 'projects/p/locations/global/keyRings/r/cryptoKeys/master';
const awsLogin = { AWS_ACCESS_KEY_ID: 'AKIDCANARY', AWS_SECRET_ACCESS_KEY: 'canary-aws-secret' };
const awsOptions = { region: 'eu-west-1', accessKeyId: 'AKIDCANARY', secretAccessKey: 'canary-aws-secret' };

let upstream: FakeUpstream;
let dir: string;
let credentials: string;
let yaml = YAML;
beforeAll(async () => {
  upstream = await openFakeUpstream();
  dir = mkdtempSync(join(tmpdir(), 'tr-kms-'));
  credentials = join(dir, 'account.json');
});
beforeEach(() => {
  yaml = YAML;
  upstream.requests.length = 0;
});
afterAll(async () => {
  await upstream.close();
  rmSync(dir, { recursive: true, force: true });
});

const settings = (variables: Variables): Variables => ({
  TOKENROUTER_DATA_DIR: join(dir, 'data'),
  TOKENROUTER_CONFIG: 'tokenrouter.yaml',
  HOME: dir,
  TOKENROUTER_MODE: 'production',
  ...variables,
});
const configOf = (variables: Variables) => readConfig(settings(variables), () => yaml);
const find = (variables: Variables) => findMasterKey(configOf(variables), settings(variables));

/** Why there is no key, once it is sure that no secret is in the sentence. */
async function problem(variables: Variables): Promise<string> {
  const error = await find(variables).then(
    () => new Error('there was a key'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConfigError)) throw error;
  expect(error.message).not.toMatch(/canary/i);
  expect(error.message).not.toContain(TEXT);
  return error.message;
}

/** What `keys wrap-master` prints. */
async function wrap(variables: Variables, args: string[] = []): Promise<string> {
  const path = join(dir, 'wrap.yaml');
  writeFileSync(path, yaml);
  let printed = '';
  const status = await runWrapMaster(args, {
    variables: { ...settings(variables), TOKENROUTER_CONFIG: path },
    print: (text) => {
      printed += text;
    },
    warn: () => undefined,
    isTerminal: false,
    stopRequested: Promise.resolve(),
  });
  expect(status).toBe(0);
  return printed.trim();
}

describe('a secret manager', () => {
  test('HashiCorp Vault gives it to each way of logging in', async () => {
    const vault = playsVault({ approle: { roleId: 'r', secretId: 'canary-secret-id' } });
    vault.tokens.add('hvs.canary');
    vault.secrets.set('kv/data/tokenrouter/master', { key: TEXT });
    upstream.play(vault.script);
    const ref = { TOKENROUTER_MASTER_KEY_REF: 'vault://kv/tokenrouter/master#key', VAULT_ADDR: upstream.url };
    const found = await find({ ...ref, VAULT_TOKEN: 'hvs.canary' });
    expect(found).toMatchObject({ from: 'reference', isNew: false });
    expect(found.key.equals(KEY)).toBe(true);
    const byRole = await find({ ...ref, VAULT_ROLE_ID: 'r', VAULT_SECRET_ID: 'canary-secret-id' });
    expect(byRole.key.equals(KEY)).toBe(true);
    expect(await problem({ ...ref, VAULT_TOKEN: 'hvs.canary-wrong' })).toContain('(403)');
    expect(await problem(ref)).toContain('set exactly one of VAULT_TOKEN');
    expect(await problem({ ...ref, VAULT_ADDR: '', VAULT_TOKEN: 'x' })).toContain('set VAULT_ADDR');
    vault.secrets.set('kv/data/tokenrouter/master', { key: 'canary-too-short' });
    expect(await problem({ ...ref, VAULT_TOKEN: 'hvs.canary' })).toContain('not exactly 32 bytes');
  });

  test('AWS Secrets Manager and Google Secret Manager give it, and to nobody with another credential', async () => {
    const aws = playsAwsSecrets(awsOptions);
    aws.secrets.set('prod/master', { SecretString: JSON.stringify({ key: TEXT }) });
    upstream.play(aws.script);
    const ref = {
      TOKENROUTER_MASTER_KEY_REF: 'aws-sm://eu-west-1/prod/master#key',
      TOKENROUTER_MASTER_KEY_ENDPOINT: upstream.url,
      ...awsLogin,
    };
    expect((await find(ref)).key.equals(KEY)).toBe(true);
    expect(await problem({ ...ref, AWS_SECRET_ACCESS_KEY: 'canary-other' })).toContain('InvalidSignature');
    expect(await problem({ ...ref, AWS_ACCESS_KEY_ID: undefined })).toContain('set AWS_ACCESS_KEY_ID');

    const google = playsGoogleSecrets();
    google.secrets.set('projects/p/secrets/master/versions/latest', TEXT);
    upstream.play(google.script);
    writeFileSync(credentials, google.keyFile(upstream.url));
    const gcp = {
      TOKENROUTER_MASTER_KEY_REF: 'gcp-sm://projects/p/secrets/master',
      TOKENROUTER_MASTER_KEY_ENDPOINT: upstream.url,
      GOOGLE_APPLICATION_CREDENTIALS: credentials,
    };
    expect((await find(gcp)).key.equals(KEY)).toBe(true);
    writeFileSync(credentials, playsGoogleSecrets().keyFile(upstream.url));
    expect(await problem(gcp)).toContain('did not take the credentials');
  });

  test('an entry of secret_refs gives it, unless keys stored over the API could name it as well', async () => {
    const path = join(dir, 'key');
    writeFileSync(path, `${TEXT}\n`);
    const ref = { TOKENROUTER_MASTER_KEY_REF: 'secret_refs:master' };
    yaml = `secret_refs: { master: { file: '${path}' } }\n`;
    expect((await find(ref)).key.equals(KEY)).toBe(true);
    yaml = `secret_refs: { master: { file: '${path}', providers: [openai] } }\n`;
    expect(await problem(ref)).toContain('remove its "providers"');
    expect(await problem({ TOKENROUTER_MASTER_KEY_REF: 'secret_refs:none' })).toContain('does not list');
  });
});

describe('a key management service', () => {
  const services: [string, () => Variables][] = [
    [
      'AWS KMS',
      () => {
        upstream.play(playsAwsKms({ ...awsOptions, keyId: 'alias/tokenrouter' }));
        const TOKENROUTER_MASTER_KEY_KMS = 'aws-kms:eu-west-1/alias/tokenrouter';
        return { TOKENROUTER_MASTER_KEY_KMS, TOKENROUTER_MASTER_KEY_ENDPOINT: upstream.url, ...awsLogin };
      },
    ],
    [
      'Google Cloud KMS',
      () => {
        const google = playsGoogleSecrets();
        google.keys.set(GCP_KEY, createSealingKey());
        upstream.play(google.script);
        writeFileSync(credentials, google.keyFile(upstream.url));
        return {
          TOKENROUTER_MASTER_KEY_KMS: `gcp-kms:${GCP_KEY}`,
          TOKENROUTER_MASTER_KEY_ENDPOINT: upstream.url,
          GOOGLE_APPLICATION_CREDENTIALS: credentials,
        };
      },
    ],
    [
      'Vault Transit',
      () => {
        const vault = playsVault();
        vault.tokens.add('hvs.canary');
        vault.keys.set('master', createSealingKey());
        upstream.play(vault.script);
        const TOKENROUTER_MASTER_KEY_KMS = 'vault-transit:master';
        return { TOKENROUTER_MASTER_KEY_KMS, VAULT_ADDR: upstream.url, VAULT_TOKEN: 'hvs.canary' };
      },
    ],
  ];

  test.each(services)(
    '%s wraps a key and opens it at every start; what was changed it does not open',
    async (_, open) => {
      const service = open();
      const wrapped = await wrap({ ...service, TOKENROUTER_NEW_MASTER_KEY: TEXT });
      expect(wrapped).not.toContain(TEXT);
      const found = await find({ ...service, TOKENROUTER_MASTER_KEY_WRAPPED: wrapped });
      expect(found).toMatchObject({ from: 'kms', isNew: false });
      expect(found.key.equals(KEY)).toBe(true);
      const at = wrapped.length - 8;
      const changed = wrapped.slice(0, at) + (wrapped[at] === 'A' ? 'B' : 'A') + wrapped.slice(at + 1);
      expect(await problem({ ...service, TOKENROUTER_MASTER_KEY_WRAPPED: changed })).toMatch(
        /^No master key: .*400/,
      );
      open();
      expect(await problem({ ...service, TOKENROUTER_MASTER_KEY_WRAPPED: wrapped })).toMatch(
        /^No master key/,
      );
    },
  );

  test.each(services)(
    '%s wraps the key in use, and one that is made for it, and opens the one to rotate to',
    async (_, open) => {
      const service = open();
      const current = await wrap({ ...service, TOKENROUTER_MASTER_KEY: TEXT }, ['--current']);
      expect((await find({ ...service, TOKENROUTER_MASTER_KEY_WRAPPED: current })).key.equals(KEY)).toBe(
        true,
      );
      const made = await wrap(service);
      const variables = settings({ ...service, TOKENROUTER_NEW_MASTER_KEY_WRAPPED: made });
      const next = await findNewWrappedKey(configOf(variables), variables);
      expect(next).toMatchObject({ ok: true, key: expect.any(Buffer) });
      expect(next?.ok && next.key.equals(KEY)).toBe(false);
    },
  );
});

describe('a master key that is kept elsewhere', () => {
  test.each<[string, Variables, RegExp]>([
    [
      'is not named twice',
      { TOKENROUTER_MASTER_KEY_REF: 'vault://a/b', TOKENROUTER_MASTER_KEY: TEXT },
      /together/,
    ],
    [
      'wants to be unwrapped by something',
      { TOKENROUTER_MASTER_KEY_WRAPPED: 'abc' },
      /needs TOKENROUTER_MASTER_KEY_KMS/,
    ],
    [
      'is in no place that nobody knows',
      { TOKENROUTER_MASTER_KEY_REF: 'http://evil.example/key' },
      /is not vault:/,
    ],
    [
      'has a path that leads nowhere else',
      { TOKENROUTER_MASTER_KEY_REF: 'vault://kv/../sys#x', VAULT_ADDR: 'https://v', VAULT_TOKEN: 't' },
      /must not hold/,
    ],
    [
      'is unwrapped by no service that nobody knows',
      { TOKENROUTER_MASTER_KEY_WRAPPED: 'abc', TOKENROUTER_MASTER_KEY_KMS: 'gcp-kms:../x' },
      /is not aws-kms:/,
    ],
  ])('%s', async (_, variables, sentence) => {
    expect(await problem(variables)).toMatch(sentence);
    expect(upstream.requests).toEqual([]);
  });

  test('is asked for at no private address that the operator did not list', async () => {
    yaml = '{}\n';
    const vault = { VAULT_ADDR: upstream.url, VAULT_TOKEN: 'hvs.canary' };
    for (const variables of [
      { TOKENROUTER_MASTER_KEY_REF: 'vault://kv/a', ...vault },
      {
        TOKENROUTER_MASTER_KEY_KMS: 'vault-transit:a',
        TOKENROUTER_MASTER_KEY_WRAPPED: 'vault:v1:x',
        ...vault,
      },
    ]) {
      expect(await problem(variables)).toContain('allow_private_hosts');
    }
    expect(upstream.requests).toEqual([]);
  });
});

import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { findPrice } from '../find-price.ts';
import { findWay } from '../find-way.ts';
import { Secret } from '../secret.ts';
import type { CloudOptions } from './cloud-options.ts';
import { cloudKinds, cloudProblems, cloudRow, findCloud } from './cloud-providers.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const keyFile = JSON.stringify({
  type: 'service_account',
  client_email: 'a@b',
  private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
});
const good: { [kind: string]: CloudOptions } = {
  bedrock: {
    id: 'bedrock',
    region: 'eu-west-1',
    access_key_id: 'AKIDEXAMPLE',
    secret_access_key: new Secret('canary-aws'),
  },
  vertex: { id: 'vertex', project: 'acme-1', location: 'europe-west4', credentials: new Secret(keyFile) },
  azure: { id: 'azure', resource: 'acme', api_key: new Secret('canary-azure'), models: ['gpt-4o'] },
  'azure-foundry': { id: 'f', resource: 'acme', api_key: new Secret('canary-azure'), models: ['claude-x'] },
};

function rowOf(kind: string, change: Partial<CloudOptions> = {}) {
  const cloud = findCloud(kind);
  const options = good[kind];
  if (cloud === undefined || options === undefined) throw new Error(`no ${kind}`);
  return cloudRow(cloud, { ...options, ...change });
}

function problemsOf(kind: string, change: Partial<CloudOptions>): string[] {
  const cloud = findCloud(kind);
  const options = good[kind];
  if (cloud === undefined || options === undefined) throw new Error(`no ${kind}`);
  return cloudProblems(cloud, { ...options, ...change }).map(({ field, message }) => `${field} ${message}`);
}

test('every kind makes a row that shows no secret', () => {
  for (const kind of cloudKinds) {
    const row = rowOf(kind);
    expect(row.baseUrl).toMatch(/^https:\/\//);
    expect(JSON.stringify(row)).not.toMatch(/canary|PRIVATE/);
  }
  expect(findCloud('openai')).toBeUndefined();
  expect(findCloud('constructor')).toBeUndefined();
});

describe('bedrock', () => {
  test('speaks Converse for every model, and Anthropic’s own words for Claude', () => {
    const row = rowOf('bedrock');
    expect(row).toMatchObject({
      dialect: 'bedrock-converse',
      baseUrl: 'https://bedrock-runtime.eu-west-1.amazonaws.com',
      framing: 'aws-event-stream',
      auth: { kind: 'aws-sigv4', region: 'eu-west-1', service: 'bedrock', accessKeyId: 'AKIDEXAMPLE' },
    });
    const nova = { dialect: 'openai-chat', model: 'eu.amazon.nova-pro-v1:0' } as const;
    expect(findWay(row, nova).dialect).toBe('bedrock-converse');
    expect(findWay(row, { ...nova, dialect: 'anthropic-messages' }).dialect).toBe('bedrock-converse');
    const claude = {
      dialect: 'anthropic-messages',
      model: 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0',
    } as const;
    expect(findWay(row, claude)).toMatchObject({
      dialect: 'anthropic-messages',
      framing: 'aws-event-stream',
      paths: { whole: '/model/{model}/invoke', stream: '/model/{model}/invoke-with-response-stream' },
      quirks: { omit: ['model', 'stream'], set: { anthropic_version: 'bedrock-2023-05-31' } },
    });
    expect(findWay(row, { ...claude, dialect: 'openai-chat' }).dialect).toBe('anthropic-messages');
  });

  test('takes an API key, or keys for signatures with or without a session', () => {
    const bare = { access_key_id: undefined, secret_access_key: undefined };
    const apiKey = new Secret('ABSK');
    expect(rowOf('bedrock', { ...bare, api_key: apiKey }).auth).toEqual({ kind: 'bearer', secret: apiKey });
    const token = new Secret('t');
    expect(rowOf('bedrock', { session_token: token }).auth).toMatchObject({ sessionToken: token });
    expect(problemsOf('bedrock', { api_key: apiKey })[0]).toContain('api_key cannot stand beside');
    expect(problemsOf('bedrock', bare)).toEqual([
      expect.stringContaining('access_key_id is missing'),
      expect.stringContaining('secret_access_key is missing'),
    ]);
  });
});

describe('vertex', () => {
  test('speaks Gemini, and the only dialect that each other maker has there', () => {
    const row = rowOf('vertex');
    const wayTo = (model: string) => findWay(row, { dialect: 'openai-chat', model });
    expect(row.baseUrl).toBe(
      'https://europe-west4-aiplatform.googleapis.com/v1/projects/acme-1/locations/europe-west4',
    );
    expect(wayTo('gemini-2.5-flash')).toMatchObject({
      dialect: 'gemini',
      paths: { stream: '/publishers/google/models/{model}:streamGenerateContent?alt=sse' },
    });
    expect(wayTo('claude-sonnet-4-5@20250929')).toMatchObject({
      dialect: 'anthropic-messages',
      paths: { whole: '/publishers/anthropic/models/{model}:rawPredict' },
      quirks: { omit: ['model'], set: { anthropic_version: 'vertex-2023-10-16' } },
    });
    expect(wayTo('meta/llama-4-maverick-17b-128e-instruct-maas')).toMatchObject({
      dialect: 'openai-chat',
      paths: { whole: '/endpoints/openapi/chat/completions' },
    });
    // One credential, one token.
    expect(wayTo('claude-x').auth).toBe(row.auth);
  });

  test('places have the hosts that Google gives them', () => {
    const hostAt = (location: string) => new URL(rowOf('vertex', { location }).baseUrl).host;
    expect(hostAt('global')).toBe('aiplatform.googleapis.com');
    expect(hostAt('eu')).toBe('aiplatform.eu.rep.googleapis.com');
    expect(hostAt('us-east5')).toBe('us-east5-aiplatform.googleapis.com');
  });

  test('credentials that cannot be used are told before the first call, without a word of them', () => {
    const [problem] = problemsOf('vertex', { credentials: new Secret('{"canary') });
    expect(problem).toContain('credentials cannot be used');
    expect(problem).not.toContain('canary');
    expect(problemsOf('vertex', { credentials: undefined })[0]).toContain('credentials is missing');
  });
});

describe('azure', () => {
  test('speaks OpenAI’s API with a key of its own, by deployments in the path where a version is named', () => {
    expect(rowOf('azure')).toMatchObject({
      baseUrl: 'https://acme.openai.azure.com/openai/v1',
      auth: { kind: 'header', name: 'api-key' },
    });
    const responses = { dialect: 'openai-responses', model: 'mine' } as const;
    expect(findWay(rowOf('azure'), responses)).toMatchObject({ dialect: 'openai-responses' });
    const older = rowOf('azure', { api_version: '2024-10-21' });
    expect(older).toMatchObject({
      baseUrl: 'https://acme.openai.azure.com/openai',
      paths: { whole: '/deployments/{model}/chat/completions?api-version=2024-10-21' },
    });
    expect(findWay(older, responses).paths?.whole).toBe('/responses?api-version=2024-10-21');
  });

  test('a Foundry resource speaks Anthropic’s words for Claude', () => {
    const row = rowOf('azure-foundry');
    expect(findWay(row, { dialect: 'openai-chat', model: 'claude-opus-4-6' })).toMatchObject({
      dialect: 'anthropic-messages',
      baseUrl: 'https://acme.services.ai.azure.com',
      auth: { kind: 'header', name: 'x-api-key' },
      headers: { 'anthropic-version': '2023-06-01' },
      paths: { whole: '/anthropic/v1/messages' },
    });
    expect(findWay(row, { dialect: 'openai-chat', model: 'grok-4' }).paths?.whole).toBe(
      '/openai/v1/chat/completions',
    );
  });

  test('a token of Entra ID travels as a bearer, and never beside a key', () => {
    const token = new Secret('eyJ');
    const bare = { api_key: undefined, entra_token: token };
    expect(rowOf('azure', bare).auth).toEqual({ kind: 'bearer', secret: token });
    expect(problemsOf('azure', { entra_token: token })[0]).toContain('entra_token cannot stand beside');
    expect(problemsOf('azure', { api_key: undefined })[0]).toContain('api_key is missing');
    expect(problemsOf('azure', { models: undefined })[0]).toContain('models is missing');
  });
});

test('no name can lead a credential to another host or path', () => {
  const tricks = [
    'evil.example/',
    'x.evil.example#',
    'a@evil.example',
    'a:8080',
    '../..',
    'a/b',
    'a%2fb',
    'A',
    '-a',
    'a\n',
    '',
    'a?b',
    'é',
    'x'.repeat(64),
  ];
  const fields = [
    ['bedrock', 'region'],
    ['vertex', 'project'],
    ['vertex', 'location'],
    ['azure', 'resource'],
    ['azure-foundry', 'resource'],
  ] as const;
  for (const [kind, field] of fields) {
    for (const trick of tricks) {
      expect(problemsOf(kind, { [field]: trick })).toEqual([
        `${field} may hold lower-case letters, digits and "-" only`,
      ]);
      expect(() => rowOf(kind, { [field]: trick })).toThrow(field);
    }
    expect(problemsOf(kind, { [field]: undefined })[0]).toContain(
      `${field} is missing; give it, for example`,
    );
  }
  for (const api_version of ['2024-10-21&x=1', '2024-10-21/..', 'latest'])
    expect(problemsOf('azure', { api_version })[0]).toContain('api_version is not a date');
});

test('a field that means nothing to a kind is told', () => {
  expect(problemsOf('azure', { region: 'eu-west-1' })[0]).toContain('region means nothing');
  expect(problemsOf('vertex', { api_key: new Secret('x') })[0]).toContain('api_key means nothing');
});

test('an address of one’s own replaces the host, and prices are still known', () => {
  const row = rowOf('bedrock', { base_url: 'https://vpce-1.example/' });
  expect(row.baseUrl).toBe('https://vpce-1.example');
  const model = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0';
  expect(
    findPrice({ providerId: 'bedrock', baseUrl: row.baseUrl, model, at: new Date(1_790_000_000_000) }),
  ).toBeDefined();
  expect(
    rowOf('vertex', {
      base_url: 'https://psc.example/v1/projects/p/locations/l',
      project: undefined,
      location: undefined,
    }).baseUrl,
  ).toBe('https://psc.example/v1/projects/p/locations/l');
});

import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { readModels } from '../start/read-models.ts';
import { ConfigError } from './config-error.ts';
import { readConfig } from './read-config.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const keyFile = JSON.stringify({
  type: 'service_account',
  client_email: 'a@b',
  private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
});
const files: { [path: string]: string | undefined } = { '/keys/google.json': keyFile };

function read(lines: string[], variables: { [name: string]: string } = {}) {
  const yaml = ['providers:', ...lines.map((line) => `  ${line}`), ''].join('\n');
  return readConfig(variables, (path) => (path === './tokenrouter.yaml' ? yaml : files[path]));
}

function problemsOf(lines: string[]): readonly string[] {
  try {
    read(lines);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const bedrock = [
  '- id: bedrock-eu',
  '  kind: bedrock',
  '  region: eu-west-1',
  '  access_key_id: ${AWS_ACCESS_KEY_ID}',
  '  secret_access_key: ${AWS_SECRET_ACCESS_KEY}',
];
const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'canary' };

test('clouds are providers like any other, under an id of one’s own where a kind is named', () => {
  const config = read(
    [
      ...bedrock,
      '- id: vertex',
      '  project: acme-1',
      '  location: global',
      '  credentials_file: /keys/google.json',
      '- id: azure',
      '  resource: acme',
      '  api_key: ${AZURE_KEY}',
      '  models: [gpt-4o]',
      '- id: second-groq',
      '  kind: groq',
      '  api_key: ${AZURE_KEY}',
    ],
    { ...keys, AZURE_KEY: 'canary' },
  );
  expect(config.file.literalSecrets).toEqual([]);
  const rows = readModels(config).providers.map(({ provider }) => provider);
  expect(rows.map(({ id, baseUrl }) => [id, new URL(baseUrl).host])).toEqual([
    ['bedrock-eu', 'bedrock-runtime.eu-west-1.amazonaws.com'],
    ['vertex', 'aiplatform.googleapis.com'],
    ['azure', 'acme.openai.azure.com'],
    ['second-groq', 'api.groq.com'],
  ]);
  expect(JSON.stringify(rows)).not.toMatch(/canary|PRIVATE/);
});

test('what is missing or wrong is told with its place, its field and a remedy', () => {
  expect(problemsOf(['- id: bedrock'])).toEqual([
    expect.stringMatching(/line 2: providers\[0\]\.region: is missing; give it, for example eu-west-1/),
    expect.stringMatching(/providers\[0\]\.access_key_id: is missing; .*\$\{AWS_ACCESS_KEY_ID\}/),
    expect.stringMatching(/providers\[0\]\.secret_access_key: is missing/),
  ]);
  expect(problemsOf(['- id: b', '  kind: bedrok'])[0]).toContain(
    'line 3: providers[0].kind: there is no known',
  );
  expect(problemsOf(['- id: openai', '  api_key: x', '  region: eu-west-1'])[0]).toContain(
    'line 4: providers[0].region: means nothing to this provider',
  );
  const vertex = ['- id: vertex', '  project: a', '  location: eu'];
  expect(problemsOf([...vertex, '  credentials_file: /nowhere.json'])[0]).toContain(
    'credentials_file: there is no file at /nowhere.json',
  );
  expect(
    problemsOf([...vertex, '  credentials: "{}"', '  credentials_file: /keys/google.json'])[0],
  ).toContain('credentials_file: cannot stand beside credentials');
  expect(problemsOf([...vertex, '  credentials: canary'])).toEqual([
    expect.stringMatching(/credentials: cannot be used: the Google credentials are not JSON$/),
  ]);
  expect(problemsOf(['- id: bedrock', '  region: evil.example/'])[0]).toContain('lower-case letters');
});

test('every secret that stands in the file itself is found', () => {
  const config = read([
    '- id: bedrock',
    '  region: eu-west-1',
    '  access_key_id: AKIDEXAMPLE',
    '  secret_access_key: canary',
    '  session_token: canary',
  ]);
  expect(config.file.literalSecrets).toEqual([
    expect.stringContaining('line 5: providers[0].secret_access_key'),
    expect.stringContaining('line 6: providers[0].session_token'),
  ]);
});

test('a server of one’s own may have the id of a cloud', () => {
  const config = read(['- id: azure', '  dialect: openai-chat', '  base_url: https://llm.example/v1']);
  expect(readModels(config).providers[0]?.provider.baseUrl).toBe('https://llm.example/v1');
});

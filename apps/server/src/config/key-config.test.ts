import { expect, test } from 'vitest';
import { readConfig } from './read-config.ts';

const variables = { OPENAI: 'sk-one', SECOND: 'sk-two', TOKENROUTER_MASTER_KEY: 'x' };
const read = (yaml: string) => readConfig(variables, () => yaml);
function problems(yaml: string): string[] {
  try {
    read(yaml);
    return [];
  } catch (error) {
    return error instanceof Error ? error.message.split('\n') : [];
  }
}
const provider = (key: string) => `providers:\n  - id: openai\n    api_key: ${key}\n`;

test('a provider has one key, a reference or several keys, and only what is written out is told as plain text', () => {
  expect(read(provider("'${OPENAI}'")).file.providers[0]?.api_key).toBe('sk-one');
  const config = read(`secret_refs:
  vault: { vault: { address: 'https://v', path: a, approle: { role_id: r, secret_id: in-clear } } }
${provider("[{ key: '${OPENAI}', weight: 3 }, { ref: vault }, { key: sk-in-clear }]")}`);
  expect(config.file.providers[0]?.api_key).toEqual([
    { key: 'sk-one', weight: 3 },
    { ref: 'vault', weight: 1 },
    { key: 'sk-in-clear', weight: 1 },
  ]);
  expect(config.file.literalSecrets).toEqual([
    expect.stringContaining('providers[0].api_key[2].key'),
    expect.stringContaining('secret_refs.vault.vault.approle.secret_id'),
  ]);
});

test('a variable that a reference names is read once, and kept out of sight', () => {
  const { environmentSecrets } = read('secret_refs: { openai: { env: OPENAI } }').file;
  expect(environmentSecrets.get('OPENAI')?.reveal()).toBe('sk-one');
  expect(JSON.stringify([...environmentSecrets])).not.toContain('sk-one');
});

test.each([
  [provider("''"), 'providers[0].api_key: is empty'],
  [provider('7'), 'must be a key, { ref: name } or a list of keys'],
  [provider('[]'), 'lists no key'],
  [provider('{ ref: none }'), 'there is no "none" under secret_refs'],
  [provider('[{ weight: 2 }]'), 'needs a key or a ref'],
  [provider("[{ name: a, key: '${OPENAI}' }, { name: a, key: '${SECOND}' }]"), '"a" is there twice'],
  [provider("[{ key: '${OPENAI}', weight: -1 }]"), 'api_key'],
  ['secret_refs: { a: {} }', 'needs exactly one of env, file, vault, aws, gcp'],
  ['secret_refs: { a: { env: OPENAI, file: /x } }', 'needs exactly one of env, file, vault, aws, gcp'],
  ['secret_refs: { a: { env: TOKENROUTER_MASTER_KEY } }', 'cannot be a variable of TokenRouter itself'],
  ['secret_refs: { a: { env: NOT_SET } }', 'the environment variable NOT_SET is not set'],
  ["secret_refs: { a: { vault: { address: 'https://v', path: x } } }", 'needs exactly one of token'],
  ["secret_refs: { a: { vault: { address: 'https://v', path: '../x', token: t } } }", 'must not hold "."'],
  ['secret_refs: { a: { aws: { region: x, id: y } } }', 'must be an AWS region'],
  ['secret_refs: { a: { gcp: { name: projects/p/secrets/s } } }', 'needs credentials or credentials_file'],
  [
    'secret_refs: { a: { gcp: { name: ../x, credentials_file: /k } } }',
    'must be projects/PROJECT/secrets/SECRET',
  ],
  ['secret_refs: { "A B": { env: OPENAI } }', 'secret_refs'],
])('%j is told: %s', (yaml, sentence) => {
  expect(problems(yaml).join('\n')).toContain(sentence);
  expect(problems(yaml).join('\n')).not.toContain('sk-');
});

import { expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { readConfig } from './read-config.ts';
import type { Variables } from './resolve-references.ts';

const read = (yaml: string | undefined, variables: Variables = {}) => readConfig(variables, () => yaml);

function problemsOf(yaml: string | undefined, variables: Variables = {}): readonly string[] {
  try {
    read(yaml, variables);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test('without any setting the program runs on loopback in development mode', () => {
  const config = read(undefined);
  expect(config.environment.HOST).toBe('127.0.0.1');
  expect(config.environment.PORT).toBe(4000);
  expect(config.mode).toBe('development');
  expect(config.logLevel).toBe('warn');
  expect(config.file.providers).toEqual([]);
});

test('an address that others can reach means production', () => {
  const config = read(undefined, { HOST: '0.0.0.0' });
  expect(config.mode).toBe('production');
  expect(config.logLevel).toBe('warn');
});

test('references are resolved from the environment', () => {
  const config = read('providers:\n  - id: openai\n    api_key: ${OPENAI_API_KEY}\n', {
    OPENAI_API_KEY: 'sk-1',
  });
  expect(config.file.providers[0]?.api_key).toBe('sk-1');
});

test('an alias may be one name or several', () => {
  const config = read('aliases:\n  fast: gpt-4o-mini\n  smart: [a, b]\n');
  expect(config.file.aliases).toEqual({ fast: ['gpt-4o-mini'], smart: ['a', 'b'] });
});

test.each([
  ['an unknown key', 'defaults:\n  concurency: 3\n', 'line 2: defaults.concurency: there is no such setting'],
  ['a wrong value', 'defaults:\n  attempts: many\n', 'line 2: defaults.attempts:'],
  [
    'an unset variable',
    'providers:\n  - id: openai\n    api_key: ${NOPE}\n',
    'line 3: providers[0].api_key: the environment variable NOPE is not set',
  ],
  [
    'a reference to our own secrets',
    'security_contact: ${TOKENROUTER_MASTER_KEY}\n',
    'line 1: security_contact: the variable TOKENROUTER_MASTER_KEY cannot be used',
  ],
  [
    'an empty secret',
    'providers:\n  - id: openai\n    api_key: ""\n',
    'line 3: providers[0].api_key: is empty',
  ],
  [
    'a provider without an address',
    'providers:\n  - id: mine\n    dialect: openai-chat\n',
    'line 2: providers[0]: "mine" is not a known provider, so it needs base_url',
  ],
  [
    'a known provider without a key',
    'providers:\n  - id: anthropic\n',
    'needs api_key, for example ${ANTHROPIC_API_KEY}',
  ],
  [
    'an id that is there twice',
    'providers:\n  - {id: a, dialect: openai-chat, base_url: "http://h"}\n  - {id: a, dialect: openai-chat, base_url: "http://h"}\n',
    'line 3: providers[1].id: "a" is there twice',
  ],
  [
    'the reserved id',
    'providers:\n  - {id: sandbox, dialect: openai-chat, base_url: "http://h"}\n',
    'belongs to the built-in sandbox',
  ],
  [
    'a model of nobody',
    'models:\n  - {id: x/y, price: {input: 1, output: 2}}\n',
    '"x" is not a configured provider',
  ],
  [
    'a price that is no price',
    'models:\n  - {id: x/y, price: {input: cheap, output: 2}}\n',
    'line 2: models[0].price.input: is not a price',
  ],
  ['broken YAML', 'providers: [\n', 'line 2:'],
  ['a key that is there twice', 'aliases: {}\naliases: {}\n', 'line 2:'],
])('%s stops the start with a sentence that names the line', (_name, yaml, sentence) => {
  const problems = problemsOf(yaml);
  expect(problems.join('\n')).toContain(sentence);
  expect(problems[0]).toMatch(/^\.\/tokenrouter\.yaml line \d+: /);
});

test.each([
  [{ PORT: 'http' }, 'PORT: '],
  [{ TOKENROUTER_MASTER_KEY: '' }, 'TOKENROUTER_MASTER_KEY: is empty'],
  [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL: is not a postgres:// URL'],
  [{ TOKENROUTER_MODE: 'prod' }, 'TOKENROUTER_MODE: is neither'],
  [{ TOKENROUTER_DATADIR: 'x' }, 'TOKENROUTER_DATADIR: there is no such setting'],
  [
    { TOKENROUTER_TRUSTED_PROXIES: '10.0.0.0/8, everyone' },
    'TOKENROUTER_TRUSTED_PROXIES: is not a list of IP addresses',
  ],
  [{ TOKENROUTER_CONFIG: '/nowhere.yaml' }, 'there is no file at /nowhere.yaml'],
])('the setting %j is refused by name', (variables, sentence) => {
  expect(problemsOf(undefined, variables).join('\n')).toContain(sentence);
});

test('the names of client settings may stand in the same environment', () => {
  expect(problemsOf(undefined, { TOKENROUTER_API_KEY: 'x', TOKENROUTER_BASE_URL: 'y' })).toEqual([]);
});

test('every problem is told at once', () => {
  expect(problemsOf('defaults:\n  attempts: 0\n  idle: 1\nother: 2\n')).toHaveLength(3);
});

import { expect, test } from 'vitest';
import { findKeyOwner, findKeyProvider } from './find-key-owner.ts';
import { knownProviders } from './known-providers.ts';
import { providerRow } from './provider-row.ts';
import { Secret } from './secret.ts';

const secret = new Secret('sk-of-the-operator');

test.each([
  ['openai', 'openai'],
  ['gemini', 'google'],
  ['google', 'google'],
  ['llama', 'meta'],
  ['deepseek', 'deepseek'],
])('callers bring keys for %s under the one name %s', (name, id) => {
  expect(findKeyProvider(name)).toBe(id);
});

test.each(['ollama', 'vllm', 'litellm', 'databricks', 'bedrock', 'nobody', '', 'toString', '__proto__'])(
  'nobody brings a key for %s',
  (name) => {
    expect(findKeyProvider(name)).toBeUndefined();
  },
);

test('a row at a known provider’s own origin is its own, under whatever id and path', () => {
  expect(findKeyOwner(providerRow({ id: 'openai', secret }))).toBe('openai');
  expect(findKeyOwner(providerRow({ id: 'work', kind: 'openai', secret }))).toBe('openai');
  const ours = { id: 'ours', dialect: 'openai-chat', secret } as const;
  expect(findKeyOwner(providerRow({ ...ours, baseUrl: 'https://api.openai.com/v2' }))).toBe('openai');
  expect(findKeyOwner(providerRow({ id: 'gemini', secret }))).toBe('google');
  expect(findKeyOwner(providerRow({ id: 'openai' }))).toBe('openai');
});

test.each([
  'https://proxy.example.com/v1',
  'http://api.openai.com/v1',
  'https://api.openai.com:8443/v1',
  'https://api.openai.com.example.com/v1',
  'https://eu.api.openai.com/v1',
  'https://api.anthropic.com/v1',
])('a row that is called openai and lies at %s is not OpenAI', (baseUrl) => {
  expect(findKeyOwner(providerRow({ id: 'openai', baseUrl, secret }))).not.toBe('openai');
});

test('every known provider that takes a key owns its own row, in all its ways', () => {
  const ids = Object.keys(knownProviders).filter((id) => findKeyProvider(id) === id);
  expect(ids.length).toBeGreaterThan(40);
  for (const id of ids) {
    const row = providerRow({ id, secret });
    expect(findKeyOwner(row)).toBe(id);
    for (const { provider } of row.also ?? []) {
      expect(new URL(provider.baseUrl).origin).toBe(new URL(row.baseUrl).origin);
    }
  }
});

test('a row that signs its requests takes no key of a caller', () => {
  const row = providerRow({ id: 'openai', secret });
  const auth = { kind: 'google-oauth', credentials: secret, scopes: [] } as const;
  expect(findKeyOwner({ ...row, auth })).toBeUndefined();
});

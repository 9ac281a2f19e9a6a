import { expect, test } from 'vitest';
import { authHeaders } from './auth/auth-headers.ts';
import { knownProviders } from './known-providers.ts';
import { providerRow } from './provider-row.ts';
import { Secret } from './secret.ts';

const secret = new Secret('sk-not-a-real-key');

test('a known provider needs an id and a key, nothing else', () => {
  expect(providerRow({ id: 'nvidia', secret })).toEqual({
    id: 'nvidia',
    dialect: 'openai-chat',
    baseUrl: 'https://integrate.api.nvidia.com/v1',
    auth: { kind: 'bearer', secret },
    headers: {},
  });
  const anthropic = providerRow({ id: 'anthropic', secret });
  expect(anthropic.baseUrl).toBe('https://api.anthropic.com/v1');
  expect(anthropic.headers).toEqual({ 'anthropic-version': '2023-06-01' });
  expect(authHeaders(anthropic.auth)).toEqual({ 'x-api-key': 'sk-not-a-real-key' });
});

test('every way to a provider carries its key, and the headers of its dialect', () => {
  const deepseek = providerRow({ id: 'deepseek', secret });
  expect(deepseek.also).toHaveLength(1);
  expect(deepseek.also?.[0]?.provider).toMatchObject({
    id: 'deepseek',
    dialect: 'anthropic-messages',
    baseUrl: 'https://api.deepseek.com/anthropic/v1',
    auth: { kind: 'bearer', secret },
    headers: { 'anthropic-version': '2023-06-01' },
  });
  const google = providerRow({ id: 'google', secret });
  expect(authHeaders(google.auth)).toEqual({ 'x-goog-api-key': 'sk-not-a-real-key' });
});

test('a provider that was moved keeps the ways under its address, and one that names its dialect speaks only that', () => {
  const moved = providerRow({ id: 'vllm', baseUrl: 'http://gpu1:9000/v1' });
  expect(moved.also?.map((way) => way.provider.baseUrl)).toEqual([
    'http://gpu1:9000/v1',
    'http://gpu1:9000/v1',
    'http://gpu1:9000/v1',
  ]);
  expect(providerRow({ id: 'deepseek', baseUrl: 'https://proxy.example/v1', secret }).also).toBeUndefined();
  const messages = providerRow({ id: 'deepseek', dialect: 'anthropic-messages', secret });
  expect(messages).toMatchObject({ baseUrl: 'https://api.deepseek.com/anthropic/v1' });
  expect(messages.also).toBeUndefined();
});

test('a known address under another id departs from its dialect in the same way', () => {
  const row = providerRow({
    id: 'team-a',
    dialect: 'openai-chat',
    baseUrl: 'https://api.mistral.ai/v1/',
    secret,
  });
  expect(row.quirks).toEqual(providerRow({ id: 'mistral' }).quirks);
});

test('any compatible server is a row: a dialect and an address, with or without a key', () => {
  const row = providerRow({ id: 'mine', dialect: 'openai-chat', baseUrl: 'http://127.0.0.1:8000/v1/' });
  expect(row).toMatchObject({ baseUrl: 'http://127.0.0.1:8000/v1', auth: { kind: 'none' } });
  expect(authHeaders(row.auth)).toEqual({});
  const claude = providerRow({
    id: 'proxy',
    dialect: 'anthropic-messages',
    baseUrl: 'https://llm.example/v1',
    secret,
    headers: { 'anthropic-version': '2024-01-01' },
  });
  expect(claude.headers).toEqual({ 'anthropic-version': '2024-01-01' });
  expect(authHeaders(providerRow({ id: 'groq', secret }).auth)).toEqual({
    authorization: 'Bearer sk-not-a-real-key',
  });
});

test('a row that would be incomplete or leak a key is refused with a sentence', () => {
  expect(() => providerRow({ id: 'mine', secret })).toThrow('name its dialect');
  expect(() => providerRow({ id: 'mine', dialect: 'openai-chat', secret })).toThrow('give its base URL');
  for (const baseUrl of [
    'ftp://x',
    'llm.example',
    'https://a:b@llm.example/v1',
    'https://llm.example/v1?key=1',
  ]) {
    expect(() => providerRow({ id: 'mine', dialect: 'openai-chat', baseUrl })).toThrow('base URL');
  }
});

test('every known provider makes a row, and printing a row never shows its key', () => {
  for (const [id, known] of Object.entries(knownProviders)) {
    const isOwn = known.baseUrl.includes('{');
    if (isOwn) expect(() => providerRow({ id, secret })).toThrow('give its base URL');
    const row = providerRow({ id, secret, ...(isOwn ? { baseUrl: 'https://mine.example/v1' } : {}) });
    expect(row.baseUrl).not.toMatch(/\/$/);
    expect(JSON.stringify(row)).not.toContain('not-a-real-key');
  }
});

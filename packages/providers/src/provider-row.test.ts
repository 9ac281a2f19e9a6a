import { expect, test } from 'vitest';
import { authHeaders } from './auth/auth-headers.ts';
import { knownProviders } from './known-providers.ts';
import { providerRow } from './provider-row.ts';
import { Secret } from './secret.ts';

const secret = new Secret('sk-not-a-real-key');

test('a known provider needs an id and a key, nothing else', () => {
  expect(providerRow({ id: 'openai', secret })).toEqual({
    id: 'openai',
    dialect: 'openai-chat',
    baseUrl: 'https://api.openai.com/v1',
    auth: { kind: 'bearer', secret },
    headers: {},
  });
  const anthropic = providerRow({ id: 'anthropic', secret });
  expect(anthropic.baseUrl).toBe('https://api.anthropic.com/v1');
  expect(anthropic.headers).toEqual({ 'anthropic-version': '2023-06-01' });
  expect(authHeaders(anthropic.auth)).toEqual({ 'x-api-key': 'sk-not-a-real-key' });
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
  for (const id of Object.keys(knownProviders)) {
    const row = providerRow({ id, secret });
    expect(row.baseUrl).not.toMatch(/\/$/);
    expect(JSON.stringify(row)).not.toContain('not-a-real-key');
  }
});

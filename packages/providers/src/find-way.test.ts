import { expect, test } from 'vitest';
import { findWay } from './find-way.ts';
import type { Provider } from './provider.ts';

const row = (dialect: Provider['dialect'], baseUrl: string): Provider => ({
  id: 'p',
  dialect,
  baseUrl,
  auth: { kind: 'none' },
  headers: {},
});
const provider: Provider = {
  ...row('openai-chat', 'https://main'),
  also: [
    { provider: row('openai-responses', 'https://only'), models: ['pro-'], isRequired: true },
    { provider: row('openai-responses', 'https://best'), models: ['think-'], isPreferred: true },
    { provider: row('openai-responses', 'https://responses') },
    { provider: row('anthropic-messages', 'https://messages') },
  ],
};
const where = (dialect: Provider['dialect'], model: string) => findWay(provider, { dialect, model }).baseUrl;

test('a caller keeps its own dialect where the provider speaks it', () => {
  expect(where('openai-chat', 'think-1')).toBe('https://main');
  expect(where('anthropic-messages', 'think-1')).toBe('https://messages');
  expect(where('openai-responses', 'm')).toBe('https://responses');
});

test('a model with one way is reached by it, whoever calls', () => {
  for (const dialect of ['openai-chat', 'anthropic-messages', 'gemini'] as const)
    expect(where(dialect, 'pro-1')).toBe('https://only');
});

test('a caller of a third dialect goes where least is lost, else the main way', () => {
  expect(where('gemini', 'think-1')).toBe('https://best');
  expect(where('gemini', 'm')).toBe('https://main');
});

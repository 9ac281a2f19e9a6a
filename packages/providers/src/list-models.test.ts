import { expect, test } from 'vitest';
import { findPrice } from './find-price.ts';
import { listModels } from './list-models.ts';

test('a known provider offers its chat models by name, with their sizes, without asking it', () => {
  const models = new Map(listModels('openai').map((model) => [model.id, model]));
  expect(models.get('gpt-4o-mini')).toMatchObject({ contextTokens: 128_000, outputTokensMax: 16_384 });
  expect(models.get('gpt-4o-mini')?.aliases).toContain('gpt-4o-mini-2024-07-18');
  for (const other of [
    'whisper-1',
    'gpt-image-1',
    'text-embedding-3-small',
    'gpt-realtime',
    'ada',
    'o1-mini',
  ]) {
    expect(models.has(other)).toBe(false);
  }
  const claude = listModels('my-claude', 'https://api.anthropic.com/v1');
  expect(claude).toContainEqual({
    id: 'claude-sonnet-4-5',
    aliases: ['claude-sonnet-4-5-20250929'],
    contextTokens: 200_000,
    outputTokensMax: 64_000,
  });
  expect(claude.some((model) => model.id.startsWith('claude-3'))).toBe(false);
});

test('every listed name and alias has a price, and no name is listed twice', () => {
  const at = new Date('2026-11-01T12:00:00Z');
  for (const providerId of ['openai', 'anthropic', 'google', 'groq', 'mistral', 'deepseek', 'xai']) {
    const models = listModels(providerId);
    expect(models.length).toBeGreaterThan(3);
    expect(new Set(models.map((model) => model.id)).size).toBe(models.length);
    for (const name of models.flatMap((model) => [model.id, ...model.aliases])) {
      expect(findPrice({ providerId, baseUrl: '', model: name, at })?.rates.inputFresh, name).toBeDefined();
    }
  }
});

test('names are those that the provider accepts, and models that only Responses serves are among them', () => {
  const fireworks = listModels('fireworks').map((model) => model.id);
  expect(fireworks.length).toBeGreaterThan(10);
  expect(fireworks.every((id) => id.startsWith('accounts/fireworks/'))).toBe(true);
  expect(listModels('openai').some((model) => model.id === 'gpt-5-pro')).toBe(true);
  expect(listModels('perplexity')).toEqual([]);
});

test('an unknown provider has an empty catalogue', () => {
  expect(listModels('my-server', 'http://127.0.0.1:8000/v1')).toEqual([]);
});

import { providerDialects } from '@app/protocol';
import { expect, test } from 'vitest';
import { findPricedProvider } from './find-priced-provider.ts';
import { knownProviders } from './known-providers.ts';

const rows = Object.entries(knownProviders);

test('at least forty-five providers are known by their ids alone', () => {
  expect(rows.length).toBeGreaterThanOrEqual(45);
});

test('every row has an address, a page that documents it, and dialects that we speak', () => {
  for (const [id, { baseUrl, docs, dialect, auth, also = [] }] of rows) {
    const filled = baseUrl.replaceAll(/\{\w+\}/g, 'mine');
    expect(URL.parse(filled)?.href.replace(/\/$/, ''), id).toBe(filled);
    expect(filled.startsWith(auth === 'none' ? 'http://127.0.0.1:' : 'https://'), id).toBe(true);
    expect(docs, id).toMatch(/^https:\/\//);
    for (const way of [{ dialect }, ...also])
      expect(Object.hasOwn(providerDialects, way.dialect), id).toBe(true);
  }
});

test('a way that must be taken, or is only for some models, names its models', () => {
  for (const [id, { also = [] }] of rows) {
    for (const way of also.filter(({ isRequired }) => isRequired))
      expect(way.models?.length, id).toBeGreaterThan(0);
  }
});

test('every row that has a name in the price table is found there under it, and so is each of these', () => {
  for (const [id, { priceId, baseUrl }] of rows) {
    if (priceId !== undefined) expect(findPricedProvider(id, baseUrl)?.id, id).toBe(priceId);
  }
  const priced = rows.filter(([id, { baseUrl }]) => findPricedProvider(id, baseUrl) !== undefined);
  expect(priced.map(([id]) => id)).toEqual(
    expect.arrayContaining([
      'openai',
      'anthropic',
      'google',
      'gemini',
      'mistral',
      'deepseek',
      'xai',
      'cohere',
      'perplexity',
      'moonshotai',
      'zai',
      'zhipuai',
      'minimax',
      'arcee',
      'voyage',
      'groq',
      'together',
      'fireworks',
      'openrouter',
      'cerebras',
      'novita',
      'baseten',
      'cloudflare-workers-ai',
      'ovhcloud',
    ]),
  );
});

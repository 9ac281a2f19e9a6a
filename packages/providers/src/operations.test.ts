import { describe, expect, test } from 'vitest';
import { endpointOf, findAbility, isModelFor, OPERATIONS } from './operations.ts';
import type { Provider } from './provider.ts';

const row = (changes: Partial<Provider>): Provider => ({
  id: 'acme',
  dialect: 'openai-chat',
  baseUrl: 'https://api.acme.test/v1',
  auth: { kind: 'none' },
  headers: {},
  ...changes,
});

const doneBy = (provider: Provider) =>
  OPERATIONS.filter((operation) => findAbility(provider, operation) !== undefined);

describe('what a provider can do', () => {
  test('a known provider can do what its documentation says, under any name of the operator’s', () => {
    const openai = doneBy(row({ id: 'openai', baseUrl: 'https://api.openai.com/v1' }));
    expect(openai).toEqual(OPERATIONS.filter((operation) => operation !== 'rerank'));
    expect(doneBy(row({ id: 'our-openai', baseUrl: 'https://api.openai.com/v1' }))).toEqual(openai);
    expect(doneBy(row({ id: 'anthropic', dialect: 'anthropic-messages' }))).toEqual(['count-tokens']);
  });

  test('a stranger can do what every server of its dialect can', () => {
    expect(doneBy(row({}))).toEqual(['embeddings']);
    expect(doneBy(row({ dialect: 'gemini' }))).toEqual(['embeddings', 'count-tokens']);
    expect(doneBy(row({ id: 'toString' }))).toEqual(['embeddings']);
  });

  test('what the operator says stands', () => {
    expect(doneBy(row({ operations: ['rerank', 'files'] }))).toEqual(['rerank', 'files']);
    expect(doneBy(row({ id: 'openai', operations: ['images'] }))).toEqual(['images']);
    expect(doneBy(row({ id: 'openai', operations: [] }))).toEqual([]);
  });

  test('a model’s name alone finds the provider whose models are named like that', () => {
    const ability = findAbility(row({ id: 'openai' }), 'embeddings') ?? {};
    expect(isModelFor(ability, 'text-embedding-3-small')).toBe(true);
    expect(isModelFor(ability, 'gpt-4o')).toBe(false);
  });

  test('an address beside the compatible one stays on the provider’s own host', () => {
    const cohere = row({ id: 'cohere', baseUrl: 'https://api.cohere.ai/compatibility/v1' });
    const ability = findAbility(cohere, 'rerank') ?? {};
    const { provider, path } = endpointOf(cohere, ability, '/rerank');
    expect(provider.baseUrl + path).toBe('https://api.cohere.ai/v2/rerank');
    const proxied = endpointOf({ ...cohere, baseUrl: 'https://proxy.test/x' }, ability, '/rerank');
    expect(proxied.provider.baseUrl + proxied.path).toBe('https://proxy.test/x/rerank');
  });
});

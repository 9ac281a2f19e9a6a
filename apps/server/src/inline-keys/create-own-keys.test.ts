import { knownProviders, type Provider, providerRow, Secret } from '@app/providers';
import { expect, test } from 'vitest';
import { createOwnKeys } from './create-own-keys.ts';

const secret = new Secret('sk-operator');
const nowMs = () => Date.UTC(2026, 4, 1);
const create = (configured: readonly Provider[], only?: readonly string[]) =>
  createOwnKeys({ configured, known: knownProviders, only, nowMs });
const namesOf = (targets: readonly { provider: Provider; model: string }[]) =>
  targets.map(({ provider, model }) => `${provider.id}/${model}`);

test('a known provider that the operator has no row of is reached by its models’ names, at its own address', () => {
  const own = create([]);
  const [target] = own.findTargets('gpt-4o', ['anthropic', 'openai']);
  expect(target).toMatchObject({
    model: 'gpt-4o',
    provider: { id: 'openai', baseUrl: 'https://api.openai.com/v1' },
  });
  expect(target?.price).toBeDefined();
  expect(namesOf(own.findTargets('openai/gpt-next', ['openai']))).toEqual(['openai/gpt-next']);
  expect(own.findTargets('gpt-4o', ['anthropic'])).toEqual([]);
  expect(own.findTargets('gpt-4o', [])).toEqual([]);
});

test('what names no model reaches nobody by itself', () => {
  const own = create([]);
  for (const model of ['auto', 'auto:cost', '', '/', 'openai/', 'nobody/gpt-4o']) {
    expect(own.findTargets(model, ['openai'])).toEqual([]);
  }
});

test('a provider that the operator has, wherever it lies, is not reached around its row', () => {
  const proxy = 'https://proxy.example.com/v1';
  const moved = create([providerRow({ id: 'openai', baseUrl: proxy, secret })]);
  expect(moved.findTargets('gpt-4o', ['openai'])).toEqual([]);
  const named = create([providerRow({ id: 'work', kind: 'openai', secret })]);
  expect(named.findTargets('gpt-4o', ['openai'])).toEqual([]);
  const taken = create([
    providerRow({ id: 'openai', dialect: 'anthropic-messages', baseUrl: proxy, secret }),
  ]);
  expect(taken.findTargets('openai/gpt-4o', ['openai'])).toEqual([]);
});

test('the operator’s list says for which providers callers may bring keys', () => {
  const own = create([], ['gemini']);
  expect(own.findProvider('google')).toBe('google');
  expect(own.findProvider('gemini')).toBe('google');
  expect(own.findProvider('openai')).toBeUndefined();
  expect(own.findTargets('gpt-4o', ['openai'])).toEqual([]);
  expect(own.ownerOf(providerRow({ id: 'openai', secret }))).toBeUndefined();
  expect(own.ownerOf(providerRow({ id: 'google', secret }))).toBe('google');
});

test('what is no conversation is found by what the provider can do', () => {
  const own = create([]);
  const question = {
    operation: 'embeddings',
    model: 'text-embedding-3-small',
    providerId: undefined,
  } as const;
  expect(namesOf(own.findOperationTargets(question, ['anthropic', 'openai']))).toEqual([
    'openai/text-embedding-3-small',
  ]);
  expect(own.findOperationTargets({ ...question, providerId: 'mistral' }, ['openai'])).toEqual([]);
  expect(own.findOperationTargets({ ...question, model: undefined }, ['openai'])).toHaveLength(1);
});

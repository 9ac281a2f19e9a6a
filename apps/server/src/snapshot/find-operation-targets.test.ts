import type { Target } from '@app/gateway';
import type { Provider } from '@app/providers';
import { aProvider } from '@app/testkit';
import { describe, expect, test } from 'vitest';
import { findOperationTargets } from './find-operation-targets.ts';

const openai = aProvider({ id: 'openai' });
const cohere = aProvider({ id: 'cohere' });
const acme = aProvider({ id: 'acme', operations: ['rerank'] });
const target = (provider: Provider, model: string): Target => ({ provider, model, price: undefined });

const config = {
  providers: [openai, cohere, acme],
  findTargets: (name: string) => {
    if (name === 'ranker') return [target(openai, 'ranker'), target(acme, 'ranker')];
    if (name === 'gpt-4o') return [target(openai, 'gpt-4o')];
    const [id, rest] = name.split('/');
    const provider = [openai, cohere, acme].find((one) => one.id === id);
    return provider === undefined || rest === undefined ? [] : [target(provider, rest)];
  },
};

const find = (question: Partial<Parameters<typeof findOperationTargets>[1]>) => {
  const asked = {
    operation: 'rerank',
    model: undefined,
    providerId: undefined,
    mode: 'live',
    ...question,
  } as const;
  const { targets, isKnown } = findOperationTargets(config, asked);
  return [...targets.map(({ provider, model }) => `${provider.id}/${model}`), isKnown];
};

describe('who can do something with a model', () => {
  test('is whoever serves it and can do it', () => {
    expect(find({ model: 'ranker' })).toEqual(['acme/ranker', true]);
  });

  test('is, for a name that is not listed, the provider whose models are named so', () => {
    expect(find({ model: 'rerank-v3.5' })).toEqual(['cohere/rerank-v3.5', false]);
    expect(find({ operation: 'embeddings', model: 'text-embedding-3-small' })).toEqual([
      'openai/text-embedding-3-small',
      false,
    ]);
  });

  test('is nobody when nobody can, and it is told whether the model is known at all', () => {
    expect(find({ model: 'gpt-4o' })).toEqual([true]);
    expect(find({ model: 'nothing' })).toEqual([false]);
  });

  test('is the one provider that was named, for any model', () => {
    expect(find({ model: 'whatever', providerId: 'acme' })).toEqual(['acme/whatever', false]);
    expect(find({ model: 'whatever', providerId: 'openai' })).toEqual([false]);
    expect(find({ providerId: 'acme' })).toEqual(['acme/', true]);
  });

  test('is, without a model, everybody who can, in the configured order', () => {
    expect(find({})).toEqual(['cohere/', 'acme/', true]);
  });
});

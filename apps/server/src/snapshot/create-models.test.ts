import {
  findPrice,
  isSandboxModel,
  listModels,
  type Provider,
  sandboxModels,
  sandboxProvider,
} from '@app/providers';
import { aPrice, aProvider } from '@app/testkit';
import { describe, expect, test } from 'vitest';
import { createLiveModels, createTestModels, type Models } from './create-models.ts';
import type { ModelConfig } from './model-config.ts';

const nowMs = Date.parse('2026-09-01T00:00:00Z');
const openai = aProvider({ id: 'openai', baseUrl: 'https://api.openai.com/v1' });
const azure = aProvider({ id: 'azure', baseUrl: 'https://azure.example.com/v1' });
const ownServer = aProvider({ id: 'own', baseUrl: 'http://127.0.0.1:8000/v1' });
const sandbox = { provider: sandboxProvider('openai-chat'), models: sandboxModels };

const config = (more: Partial<ModelConfig> = {}): ModelConfig => ({
  providers: [
    { provider: openai, models: ['gpt-5', 'gpt-4o'] },
    { provider: azure, models: ['gpt-4o', 'tuned:cost', 'llama3:8b'] },
    { provider: ownServer, models: ['meta/llama-3'] },
  ],
  aliases: {},
  modelOrder: [],
  ...more,
});
const places = (models: Models, name: string) =>
  models.findTargets(name).map(({ provider, model }) => `${provider.id}>${model}`);

describe('a name with a live key', () => {
  const live = createLiveModels(
    config({
      aliases: {
        fast: ['gpt-4o', 'own/tiny'],
        smart: ['gpt-5', 'fast'],
        'gpt-5': ['azure/gpt-5-eu', 'gpt-5'],
        loop: ['pool'],
        pool: ['loop'],
        nothing: ['unknown-model'],
      },
    }),
    nowMs,
  );

  test.each([
    ['a model of one provider', 'meta/llama-3', ['own>meta/llama-3']],
    ['a model of several providers, in config order', 'gpt-4o', ['openai>gpt-4o', 'azure>gpt-4o']],
    ['an alias, in its own order', 'fast', ['openai>gpt-4o', 'azure>gpt-4o', 'own>tiny']],
    [
      'an alias of an alias',
      'smart',
      ['azure>gpt-5-eu', 'openai>gpt-5', 'openai>gpt-4o', 'azure>gpt-4o', 'own>tiny'],
    ],
    [
      'an alias with the name of a model comes first and can mean the model',
      'gpt-5',
      ['azure>gpt-5-eu', 'openai>gpt-5'],
    ],
    ['aliases that lead to each other', 'loop', []],
    ['an alias of nothing', 'nothing', []],
    ['a provider and any model of it', 'openai/gpt-brand-new', ['openai>gpt-brand-new']],
    ['a provider and a model with a slash', 'own/meta/llama-3', ['own>meta/llama-3']],
    ['a provider that is not configured', 'anthropic/claude-x', []],
    ['a provider without a model', 'openai/', []],
    ['a suffix that is a mode', 'gpt-4o:cost', ['openai>gpt-4o', 'azure>gpt-4o']],
    ['a suffix that is a mode, after a provider', 'own/llama:latency', ['own>llama:latency']],
    ['a suffix that is part of a model’s name', 'llama3:8b', ['azure>llama3:8b']],
    ['a suffix that is both: the exact model wins', 'tuned:cost', ['azure>tuned:cost']],
    ['a suffix that is no mode', 'gpt-4o:turbo', []],
    ['two suffixes', 'llama3:8b:quality', ['azure>llama3:8b']],
    ['only a suffix', ':cost', []],
    ['a model with a blank behind it, which would be another name of the same', 'openai/gpt-4o ', []],
    ['a model with a letter that nobody sees', 'openai/gpt-4o\u200b', []],
    ['a name of the sandbox', 'sandbox/429', []],
    ['a name of every object', 'constructor', []],
    ['nothing', '', []],
  ])('%s: %s', (_what, name, expected) => {
    expect(places(live, name)).toEqual(expected);
  });

  test('auto is the model order, each place once', () => {
    const ordered = createLiveModels(config({ modelOrder: ['gpt-4o', 'own/tiny', 'azure/gpt-4o'] }), nowMs);
    const expected = ['openai>gpt-4o', 'azure>gpt-4o', 'own>tiny'];
    expect(places(ordered, 'auto')).toEqual(expected);
    expect(places(ordered, 'auto:balance')).toEqual(expected);
    expect(places(ordered, 'auto:anything')).toEqual([]);
    expect(ordered.order).toEqual(['gpt-4o', 'own/tiny', 'azure/gpt-4o']);
  });

  test('without a model order, every configured model in file order is one', () => {
    expect(live.order).toEqual(['gpt-5', 'gpt-4o', 'tuned:cost', 'llama3:8b', 'meta/llama-3']);
  });

  test('a known provider without a list offers what the price table knows of it', () => {
    const models = createLiveModels(config({ providers: [{ provider: openai, models: undefined }] }), nowMs);
    expect(models.list.length).toBeGreaterThan(10);
    expect(models.list.every(({ ownedBy }) => ownedBy === 'openai')).toBe(true);
  });
});

describe('the price of a target', () => {
  const priceOf = (models: Models, name: string) => models.findTargets(name)[0]?.price;

  test('comes from the price table, also for a model that no list names', () => {
    const models = createLiveModels(config(), nowMs);
    const question = { providerId: 'openai', baseUrl: openai.baseUrl, model: 'gpt-4o', at: new Date(nowMs) };
    expect(priceOf(models, 'gpt-4o')).toEqual(findPrice(question));
    expect(priceOf(models, 'openai/gpt-4o-mini')?.rates.inputFresh).toBeGreaterThan(0);
  });

  test('is the operator’s own where there is one, and unknown on a server of one’s own', () => {
    const own = aPrice({ version: 'operator' });
    const models = createLiveModels(config({ prices: { 'openai/gpt-4o': own } }), nowMs);
    expect(priceOf(models, 'gpt-4o')).toBe(own);
    expect(priceOf(models, 'own/gpt-4o')).toBeUndefined();
  });

  test('that changes on a date tells when to look again', () => {
    const deepseek = aProvider({ id: 'deepseek', baseUrl: 'https://api.deepseek.com/v1' });
    const models = createLiveModels(
      config({ providers: [{ provider: deepseek, models: ['deepseek-chat'] }] }),
      nowMs,
    );
    const question = {
      providerId: 'deepseek',
      baseUrl: deepseek.baseUrl,
      model: 'deepseek-chat',
      at: new Date(nowMs),
    };
    expect(models.validUntilMs()).toBe(findPrice(question)?.validUntilMs);
  });
});

describe('a name with a test key', () => {
  const models = createTestModels(config({ aliases: { fast: ['gpt-4o'] } }), sandbox);

  test.each([
    'gpt-4o',
    'fast',
    'own/anything',
    'gpt-4o:cost',
    listModels('anthropic')[0]?.id ?? 'the catalogue is empty',
    'anthropic/claude-x',
    'auto',
    'meta/llama-3',
    ...sandboxModels,
    'sandbox/pace-250',
  ])('%s is answered by the sandbox and nobody else', (name) => {
    const targets = models.findTargets(name);
    expect(targets.length).toBeGreaterThan(0);
    expect(new Set(targets.map(({ provider }: { provider: Provider }) => provider.id))).toEqual(
      new Set(['sandbox']),
    );
  });

  test('the sandbox is told which of its own names was called', () => {
    expect(models.findTargets('sandbox/429')[0]?.model).toBe('sandbox/429');
    expect(isSandboxModel('sandbox/429')).toBe(true);
  });

  test.each(['sandbox/unheard-of', 'unheard-of', 'unheard-of/model'])('%s is unknown', (name) => {
    expect(models.findTargets(name)).toEqual([]);
  });

  test('without any provider there is a catalogue, and a call that names no model is answered', () => {
    const bare = createTestModels(config({ providers: [] }), sandbox);
    expect(bare.findTargets('gpt-4o')).toHaveLength(1);
    expect(bare.order).toEqual(['sandbox/echo']);
    expect(places(bare, 'auto')).toEqual(['sandbox>sandbox/echo']);
    expect(bare.list.length).toBeGreaterThan(100);
  });
});

import { findKeyOwner, type Provider, providerRow, Secret } from '@app/providers';
import { expect, test } from 'vitest';
import type { CallerKeys, KeyModeAsked } from '../asked.ts';
import type { OwnKeys, Target } from '../ports.ts';
import { findKeyRefusal, withCallerKeys } from './caller-keys.ts';

const owners: Pick<OwnKeys, 'ownerOf'> = { ownerOf: (provider) => findKeyOwner(provider) };
const ours = new Secret('sk-ours');

function at(id: string, baseUrl?: string): Target {
  const dialect = baseUrl === undefined ? {} : { dialect: 'openai-chat' as const, baseUrl };
  return { provider: providerRow({ id, secret: ours, ...dialect }), model: 'm', price: undefined };
}

function keys(mode: KeyModeAsked, ...providers: string[]): CallerKeys {
  return { mode, byProvider: new Map(providers.map((id) => [id, new Secret(`sk-theirs-${id}`)])) };
}

function secretOf({ auth }: Provider): string {
  return 'secret' in auth ? auth.secret.reveal() : '';
}

/** Who is asked, in which order, and with whose key. */
function shown(targets: readonly Target[]): string[] {
  return targets.map(
    ({ provider, credential }) => `${provider.id} ${secretOf(provider)} ${credential ?? ''}`,
  );
}

const proxy = 'https://proxy.example.com/v1';
const all = [at('azure-like', proxy), at('openai'), at('anthropic')];

test.each([
  ['inline', ['anthropic sk-theirs-anthropic inline']],
  ['mixed', ['anthropic sk-theirs-anthropic inline', 'azure-like sk-ours ', 'openai sk-ours ']],
  ['auto', ['anthropic sk-theirs-anthropic inline', 'azure-like sk-ours ', 'openai sk-ours ']],
  ['stored', ['azure-like sk-ours ', 'openai sk-ours ', 'anthropic sk-ours ']],
] as const)('mode %s says whose keys are used, and in which order', (mode, expected) => {
  expect(shown(withCallerKeys(keys(mode, 'anthropic'), owners, all))).toEqual(expected);
});

test('a row that is only called like a known provider never gets the caller’s key', () => {
  const moved = [at('openai', proxy), at('anthropic', proxy)];
  expect(withCallerKeys(keys('inline', 'openai', 'anthropic'), owners, moved)).toEqual([]);
  expect(withCallerKeys(keys('mixed', 'openai'), owners, moved)).toEqual(moved);
});

test('every way of a row gets the caller’s key, and a way to another origin is none', () => {
  const [openai] = withCallerKeys(keys('inline', 'openai'), owners, [at('openai')]);
  const ways = openai?.provider.also ?? [];
  expect(ways.length).toBeGreaterThan(0);
  expect(ways.map(({ provider }) => secretOf(provider))).toEqual(ways.map(() => 'sk-theirs-openai'));
  const straying = at('openai');
  const elsewhere = { provider: at('openai', proxy).provider };
  const target = { ...straying, provider: { ...straying.provider, also: [elsewhere] } };
  expect(withCallerKeys(keys('inline', 'openai'), owners, [target])[0]?.provider.also).toEqual([]);
});

test('several of our keys for one provider are one place for the caller’s', () => {
  const stored = ['one', 'two'].map((credential) => ({ ...at('openai'), credential }));
  expect(shown(withCallerKeys(keys('mixed', 'openai'), owners, stored))).toEqual([
    'openai sk-theirs-openai inline',
  ]);
});

test('no key of ours is taken for a target that the caller’s key reaches', () => {
  const pool = { pick: () => undefined, first: () => undefined };
  const [target] = withCallerKeys(keys('mixed', 'openai'), owners, [{ ...at('openai'), keys: pool }]);
  expect(target).not.toHaveProperty('keys');
});

test('the row that our key belongs to is left as it was', () => {
  const target = at('openai');
  withCallerKeys(keys('inline', 'openai'), owners, [target]);
  expect(secretOf(target.provider)).toBe('sk-ours');
  expect(target.credential).toBeUndefined();
});

test('where only the caller’s keys may be used and none fits, the header and who serves the model are named', () => {
  const refusal = findKeyRefusal(keys('inline', 'mistral'), ['m'], () => all);
  expect(refusal).toMatchObject({ code: 'invalid_parameter', detail: { param: 'x-tr-provider-keys' } });
  expect(refusal?.message).toContain('X-TR-Provider-Keys');
  expect(refusal?.message).toContain('azure-like, openai, anthropic');
  expect(refusal?.message).not.toContain('sk-');
  expect(findKeyRefusal(keys('inline', 'mistral'), ['m'], () => [])).toBeUndefined();
  expect(findKeyRefusal(keys('mixed', 'mistral'), ['m'], () => all)).toBeUndefined();
  expect(findKeyRefusal(keys('mixed', 'mistral'), [], () => [])).toMatchObject({ code: 'missing_parameter' });
  expect(findKeyRefusal(undefined, [], () => [])).toBeUndefined();
});

import { providerRow, Secret, withSecret } from '@app/providers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Target } from '../ports.ts';
import { createKeyPool, createKeyTier, createPooledKey, type PooledKey } from './create-key-pool.ts';
import { openTargetQueue, withFirstKey } from './open-target-queue.ts';

const row = providerRow({ id: 'openai', secret: new Secret('sk-operator') });
const other = providerRow({ id: 'mistral', secret: new Secret('sk-other') });

function lab() {
  const clock = { ms: 1_000_000, nowMs: () => clock.ms };
  const key = (id: string, weight = 1, isUsable = () => true): PooledKey =>
    createPooledKey(
      { id, weight, isUsable, applyTo: (provider) => withSecret(provider, new Secret(`sk-${id}`)) },
      clock,
    );
  const pool = (...tiers: PooledKey[][]) => createKeyPool(tiers.map(createKeyTier), clock);
  return { clock, key, pool };
}

const target = (more: Partial<Target> = {}): Target => ({
  provider: row,
  model: 'm',
  price: undefined,
  ...more,
});

test("each key gets its weight's share, evenly, over every round", () => {
  const weights = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(weights, fc.integer({ min: 1, max: 4 }), (shares, rounds) => {
      const { key, pool } = lab();
      const keys = pool(shares.map((weight, at) => key(`k${at}`, weight)));
      const total = shares.reduce((sum, weight) => sum + weight, 0);
      const counts = new Map<string, number>();
      for (let turn = 0; turn < total * rounds; turn += 1) {
        const id = keys.pick([], false)?.id ?? '';
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
      expect(shares.map((_, at) => counts.get(`k${at}`))).toEqual(shares.map((weight) => weight * rounds));
    }),
    { seed: 4, numRuns: 200 },
  );
});

test('three to one is spread, not bunched', () => {
  const { key, pool } = lab();
  const keys = pool([key('a', 3), key('b', 1)]);
  const picked = Array.from({ length: 8 }, () => keys.pick([], false)?.id);
  expect(picked).toEqual(['a', 'a', 'b', 'a', 'a', 'a', 'b', 'a']);
});

test.each([
  [401, undefined, 300_000],
  [402, undefined, 300_000],
  [403, 5, 300_000],
  [429, undefined, 30_000],
  [429, 7, 7_000],
  [429, 1_000_000, 3_600_000],
])('a key that is refused with %i, wait %s, rests %i ms', (status, retryAfterS, restMs) => {
  const { clock, key, pool } = lab();
  const [a, b] = [key('a', 10), key('b', 1)];
  const keys = pool([a, b]);
  a.onRefused({ status, retryAfterS });
  clock.ms += restMs - 1;
  expect(keys.pick([], false)?.id).toBe('b');
  clock.ms += 1;
  expect(keys.pick([], false)?.id).toBe('a');
});

test("a provider's own trouble rests no key", () => {
  const { key, pool } = lab();
  const a = key('a');
  for (const status of [400, 404, 500, 503, 529]) a.onRefused({ status, retryAfterS: 60 });
  expect(pool([a]).pick([], false)?.id).toBe('a');
});

test('a shorter rest does not end a longer one', () => {
  const { clock, key, pool } = lab();
  const a = key('a');
  a.onRefused({ status: 401, retryAfterS: undefined });
  a.onRefused({ status: 429, retryAfterS: 1 });
  clock.ms += 2_000;
  expect(pool([a]).pick([], false)).toBeUndefined();
});

test('a key of weight 0 answers only when no other of its tier is left', () => {
  const { key, pool } = lab();
  const main = key('main');
  const keys = pool([main, key('reserve', 0)]);
  expect(Array.from({ length: 5 }, () => keys.pick([], false)?.id)).toEqual(Array(5).fill('main'));
  expect(keys.pick(['main'], false)?.id).toBe('reserve');
});

test('a later tier is taken when the one before has nobody left, and a key without a secret is nobody', () => {
  const { key, pool } = lab();
  const own = key('own');
  const keys = pool([key('empty', 5, () => false), own], [key('shared')]);
  expect(keys.pick([], false)?.id).toBe('own');
  own.onRefused({ status: 401, retryAfterS: undefined });
  expect(keys.pick([], false)?.id).toBe('shared');
  expect(keys.pick(['shared'], false)).toBeUndefined();
  expect(keys.pick(['shared'], true)?.id).toBe('own');
  expect(keys.first()?.id).toBe('own');
});

test('a refused key is followed by the next key of the same provider, and then by the next provider', () => {
  const { key, pool } = lab();
  const keys = pool([key('a'), key('b')]);
  const queue = openTargetQueue([target({ keys }), target({ provider: other })]);
  expect(queue.next()).toMatchObject({ provider: { id: 'openai' }, credential: 'a' });
  queue.onFailed(401, undefined);
  expect(queue.hasNext()).toBe(true);
  expect(queue.next()).toMatchObject({ provider: { id: 'openai' }, credential: 'b' });
  queue.onFailed(429, 3);
  expect(queue.next()).toEqual(target({ provider: other }));
  queue.onFailed(500, undefined);
  expect(queue.hasNext()).toBe(false);
  expect(queue.next()).toBeUndefined();
});

test('a provider in trouble is left at once: another key would not help', () => {
  const { key, pool } = lab();
  const keys = pool([key('a'), key('b')]);
  for (const status of [undefined, 500, 503]) {
    const queue = openTargetQueue([target({ keys }), target({ provider: other })]);
    queue.next();
    queue.onFailed(status, undefined);
    expect(queue.next()?.provider.id).toBe('mistral');
  }
});

test('of a provider that refuses them all, three keys are tried for one call', () => {
  const { key, pool } = lab();
  const keys = pool(['a', 'b', 'c', 'd', 'e'].map((id) => key(id)));
  const queue = openTargetQueue([target({ keys })]);
  let count = 0;
  for (let next = queue.next(); next !== undefined; next = queue.next()) {
    count += 1;
    queue.onFailed(401, undefined);
  }
  expect(count).toBe(3);
});

test('a provider whose keys all rest waits behind the others, and is asked where there is no other', () => {
  const { key, pool } = lab();
  const a = key('a');
  a.onRefused({ status: 429, retryAfterS: 20 });
  const keys = pool([a]);
  const queue = openTargetQueue([target({ keys }), target({ provider: other })]);
  expect(queue.next()?.provider.id).toBe('mistral');
  queue.onFailed(500, undefined);
  expect(queue.hasNext()).toBe(false);
  const alone = openTargetQueue([target({ keys })]);
  expect(alone.next()).toMatchObject({ credential: 'a' });
  alone.onFailed(429, 20);
  expect(alone.next()).toBeUndefined();
});

test('a target that has its key keeps it, and one without keys is given as it is', () => {
  const { key, pool } = lab();
  const keys = pool([key('a')]);
  const inline = target({ keys, credential: 'inline' });
  const plain = target();
  const queue = openTargetQueue([inline, plain]);
  expect(queue.next()).toBe(inline);
  expect(queue.next()).toBe(plain);
});

test('nothing of what chose a key is in the target that it gives', () => {
  const { key, pool } = lab();
  const given = openTargetQueue([target({ keys: pool([key('a')]) })]).next();
  expect(given).not.toHaveProperty('keys');
  expect(given?.provider.auth.kind === 'bearer' && given.provider.auth.secret.reveal()).toBe('sk-a');
  expect(JSON.stringify(given)).not.toContain('sk-');
});

test('what a provider keeps is reached with the same key every time', () => {
  const { key, pool } = lab();
  const keyed = target({ keys: pool([key('a', 1), key('b', 100)]) });
  const picked = Array.from({ length: 5 }, () => withFirstKey(keyed)?.credential);
  expect(picked).toEqual(Array(5).fill('a'));
  expect(withFirstKey(target({ keys: pool([key('x', 1, () => false)]) }))).toBeUndefined();
});

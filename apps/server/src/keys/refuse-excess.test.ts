import { type NewKey, Permission } from '@app/contract';
import { isAllowed, type Target } from '@app/gateway';
import { providerRow, Secret } from '@app/providers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAddressMatcher } from './create-address-matcher.ts';
import { type KeyPowers, powersOfPerson } from './key-powers.ts';
import { settingsOfNew } from './key-settings.ts';
import { refuseExcess } from './refuse-excess.ts';

const nowMs = Date.UTC(2026, 0, 1);
const defaults = { requestsPerMinuteMax: 600, concurrencyMax: 64 };
const fixed = { seed: 41, numRuns: 3_000 };

// Few values each, so that what is wanted is often within what is there.
const listOf = <Value>(values: readonly Value[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
const models = ['gpt-5', 'gpt-5*', 'gpt*', 'acme/gpt-5', 'acme/*', '*', 'other'] as const;
const providers = ['acme', 'openai'] as const;
const ranges = ['10.0.0.0/8', '10.1.0.0/16', '10.1.2.3', '0.0.0.0/0', '::/0', '2001:db8::/32'] as const;
const permissions = ['inference:call', 'models:read', 'keys:write', 'traces:write'] as const;
const ends = [nowMs + 1_000, nowMs + 2_000, Number.POSITIVE_INFINITY];
const counts = [1, 5, 600, 1_000];

const powers: fc.Arbitrary<KeyPowers> = fc.record({
  kind: fc.constant('gateway'),
  mode: fc.constantFrom('live', 'test'),
  permissions: fc.subarray([...permissions], { minLength: 2 }),
  requestsPerMinuteMax: fc.constantFrom(...counts),
  concurrencyMax: fc.constantFrom(...counts),
  models: fc.option(listOf(models), { freq: 2 }),
  providers: fc.option(listOf(providers), { freq: 2 }),
  ipRanges: fc.option(listOf(ranges), { freq: 2 }),
  expiresAtMs: fc.constantFrom(...ends),
  tags: fc.subarray(['a', 'b']),
});

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 1 });
const wanted: fc.Arbitrary<NewKey> = fc
  .record({
    mode: maybe(fc.constantFrom('live' as const, 'test' as const)),
    permissions: fc.constantFrom(...permissions).map((permission) => [permission]),
    requests_per_minute_max: maybe(fc.constantFrom(...counts)),
    concurrency_max: maybe(fc.constantFrom(...counts)),
    models: maybe(listOf(models)),
    providers: maybe(listOf(providers)),
    ip_ranges: maybe(listOf(ranges)),
    expires_at: maybe(fc.constantFrom(...ends.slice(0, 2)).map((end) => new Date(end).toISOString())),
    tags: maybe(fc.subarray(['a', 'c'])),
  })
  .map((fields) => ({ name: 'k', ...fields }));

const target = (id: string, model: string): Target => ({
  provider: providerRow({
    id,
    dialect: 'openai-chat',
    baseUrl: 'https://x.example',
    secret: new Secret('s'),
  }),
  model,
  price: undefined,
});
const targets = ['acme', 'openai'].flatMap((id) =>
  ['gpt-5', 'gpt-5-mini', 'gpt-4', 'other'].map((model) => target(id, model)),
);
const addresses = [
  '10.1.2.3',
  '10.1.9.9',
  '10.9.9.9',
  '192.0.2.1',
  '2001:db8::1',
  '2001:db9::1',
  '::ffff:10.1.2.3',
];

/** All that somebody with these powers could do, as a list of deeds. */
function deedsOf(own: KeyPowers): Set<string> {
  const allowed = {
    ...(own.models !== null && { models: own.models }),
    ...(own.providers !== null && { providers: own.providers }),
  };
  const called = targets
    .flatMap((each) => [each.model, 'alias'].map((name) => ({ each, name })))
    .filter(({ each, name }) => isAllowed({ allowed }, name, each))
    .map(({ each, name }) => `calls ${name} of ${each.provider.id}/${each.model}`);
  const has = own.ipRanges === null ? () => true : createAddressMatcher(own.ipRanges);
  return new Set([...own.permissions, ...called, ...addresses.filter(has)]);
}

describe('a key that a key makes', () => {
  test('can do nothing that its maker cannot, nowhere, no more often and no longer', () => {
    let made = 0;
    fc.assert(
      fc.property(powers, wanted, (giver, input) => {
        const settings = settingsOfNew(input, giver, { defaults, nowMs });
        try {
          refuseExcess(settings, giver);
        } catch {
          return;
        }
        made += 1;
        const own = deedsOf(giver);
        expect([...deedsOf(settings)].filter((deed) => !own.has(deed))).toEqual([]);
        expect(settings.requestsPerMinuteMax).toBeLessThanOrEqual(giver.requestsPerMinuteMax);
        expect(settings.concurrencyMax).toBeLessThanOrEqual(giver.concurrencyMax);
        expect(settings.expiresAtMs).toBeLessThanOrEqual(giver.expiresAtMs);
        expect(settings.tags).toEqual(expect.arrayContaining([...giver.tags]));
        expect(giver.mode === 'test' && settings.mode === 'live').toBe(false);
      }),
      fixed,
    );
    expect(made).toBeGreaterThan(500);
  });

  test('can be all that its maker is', () => {
    fc.assert(
      fc.property(powers, (giver) => {
        expect(() => refuseExcess(giver, giver)).not.toThrow();
      }),
      fixed,
    );
  });

  test('may send traces where its maker is confined to models, as it calls none', () => {
    const giver = { ...powersOfPerson(new Set()), models: ['gpt-5'], ipRanges: ['10.0.0.0/8'] };
    const settings = settingsOfNew({ name: 'k', kind: 'ingest' }, giver, { defaults, nowMs });
    expect(() => refuseExcess(settings, giver)).not.toThrow();
    expect(settings).toMatchObject({ models: null, ipRanges: ['10.0.0.0/8'] });
  });
});

test('a change keeps what the key had and adds only what the giver has', () => {
  fc.assert(
    fc.property(powers, powers, powers, (after, giver, before) => {
      if (giver.mode === 'test' && before.mode === 'live') return;
      const changed = { ...after, mode: before.mode };
      try {
        refuseExcess(changed, giver, before);
      } catch {
        return;
      }
      for (const permission of changed.permissions) {
        expect(giver.permissions.includes(permission) || before.permissions.includes(permission)).toBe(true);
      }
      const most = Math.max(giver.concurrencyMax, before.concurrencyMax);
      expect(changed.concurrencyMax).toBeLessThanOrEqual(most);
    }),
    fixed,
  );
});

test('a person gives what its role has and the defaults, whatever the limits', () => {
  const giver = powersOfPerson(new Set(['keys:write']));
  const give = (list: Permission[]) =>
    refuseExcess(
      settingsOfNew({ name: 'k', permissions: list, requests_per_minute_max: 10_000_000 }, giver, {
        defaults,
        nowMs,
      }),
      giver,
    );
  expect(() =>
    give(['inference:call', 'models:read', 'responses:read', 'traces:write', 'keys:write']),
  ).not.toThrow();
  for (const permission of Permission.options) {
    if (giver.permissions.includes(permission)) continue;
    expect(() => give([permission])).toThrow(permission);
  }
});

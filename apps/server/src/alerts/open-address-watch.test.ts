import type { KeyAddress } from '@app/store';
import { expect, test } from 'vitest';
import { openKeyUsage } from '../snapshot/open-key-usage.ts';
import { addressRangeOf } from './address-range-of.ts';
import { openAddressWatch } from './open-address-watch.ts';
import { openRefusalCount } from './open-refusal-count.ts';

const never = () => () => undefined;

test.each([
  ['192.0.2.77', '192.0.2.0/24'],
  ['::ffff:192.0.2.77', '192.0.2.0/24'],
  ['255.255.255.255', '255.255.255.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
  ['2001:db8:ffff:ffff::1', '2001:db8:ffff::/48'],
  ['fe80::1%eth0', undefined],
  ['not an address', undefined],
])('%s belongs to %s', (ip, range) => {
  expect(addressRangeOf(ip)).toBe(range);
});

function open() {
  const written: KeyAddress[][] = [];
  const world = { nowMs: 0, isAway: false, warnings: 0 };
  const watch = openAddressWatch({
    noteKeyAddresses: async ({ addresses }) => {
      if (world.isAway) throw new Error('away');
      written.push([...addresses]);
    },
    nowMs: () => world.nowMs,
    schedule: never,
    onWarning: () => {
      world.warnings += 1;
    },
  });
  return { watch, written, world };
}

test('a range of a key is written once an hour, however often it is used, and every range that was used', async () => {
  const { watch, written, world } = open();
  const usage = openKeyUsage({
    touchKeysUsed: async () => undefined,
    noteAddresses: watch.note,
    nowMs: () => world.nowMs,
    schedule: never,
    onWarning: () => undefined,
  });
  for (let call = 0; call < 1_000; call += 1)
    usage.note('key_1', call % 2 === 0 ? '192.0.2.1' : '198.51.100.1');
  usage.note('key_1', '203.0.113.1');
  usage.note('key_2', '203.0.113.1');
  await usage.flush();
  await watch.flush();
  const names = () => written.flat().map(({ keyId, range }) => `${keyId} ${range}`);
  expect(names().sort()).toEqual([
    'key_1 192.0.2.0/24',
    'key_1 198.51.100.0/24',
    'key_1 203.0.113.0/24',
    'key_2 203.0.113.0/24',
  ]);
  usage.note('key_1', '192.0.2.200');
  await usage.flush();
  await watch.flush();
  expect(names()).toHaveLength(4);
  world.nowMs += 3_600_000;
  usage.note('key_1', '192.0.2.200');
  await usage.flush();
  await watch.flush();
  expect(names()).toHaveLength(5);
});

test('while PostgreSQL is away uses wait, and one warning says so', async () => {
  const { watch, written, world } = open();
  world.isAway = true;
  watch.note([{ keyId: 'key_1', ip: '192.0.2.1' }]);
  await watch.flush();
  await watch.flush();
  expect([written, world.warnings]).toEqual([[], 1]);
  world.isAway = false;
  await watch.close();
  expect(written.flat()).toMatchObject([{ keyId: 'key_1', range: '192.0.2.0/24', ip: '192.0.2.1' }]);
});

test('refused calls are counted by the minute, and none is lost or counted twice when PostgreSQL was away', async () => {
  const written: object[] = [];
  const world = { nowMs: 90_000, isAway: true };
  const count = openRefusalCount({
    addRefusedCalls: async ({ refused }) => {
      if (world.isAway) throw new Error('away');
      written.push(...refused);
    },
    serverId: 'srv_1',
    nowMs: () => world.nowMs,
    schedule: never,
    onWarning: () => undefined,
  });
  count.note();
  count.note();
  await count.flush();
  world.isAway = false;
  world.nowMs = 150_000;
  count.note();
  await count.close();
  expect(written).toEqual([
    { minuteMs: 60_000, calls: 2 },
    { minuteMs: 120_000, calls: 1 },
  ]);
});

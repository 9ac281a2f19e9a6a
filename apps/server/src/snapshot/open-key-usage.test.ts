import type { KeyUse } from '@app/store';
import { createFakeClock } from '@app/testkit';
import { expect, test } from 'vitest';
import { openKeyUsage } from './open-key-usage.ts';

function open(touch: (uses: readonly KeyUse[]) => Promise<void>) {
  const fake = createFakeClock(1_000);
  const warnings: string[] = [];
  const usage = openKeyUsage({
    touchKeysUsed: async (uses) => {
      await touch(uses);
      return undefined;
    },
    nowMs: fake.clock.nowMs,
    schedule: fake.schedule,
    onWarning: (message) => warnings.push(message),
  });
  return { usage, warnings, ...fake };
}

test('many uses of a key are one write, with the last time and address', async () => {
  const written: KeyUse[][] = [];
  const { usage, advance } = open(async (uses) => void written.push([...uses]));
  for (let n = 0; n < 1_000; n += 1) usage.note('key_1', '10.0.0.1');
  advance(10);
  usage.note('key_1', '10.0.0.2');
  usage.note('key_2', '10.0.0.3');
  expect(written).toEqual([]);
  await usage.flush();
  expect(written).toEqual([
    [
      { keyId: 'key_1', usedAtMs: 1_010, ip: '10.0.0.2' },
      { keyId: 'key_2', usedAtMs: 1_010, ip: '10.0.0.3' },
    ],
  ]);
  await usage.flush();
  expect(written).toHaveLength(1);
});

test('uses are written every five seconds, and the rest at the end, and no timer is left', async () => {
  const written: KeyUse[][] = [];
  const { usage, advance, pending } = open(async (uses) => void written.push([...uses]));
  usage.note('key_1', '10.0.0.1');
  advance(4_999);
  expect(written).toHaveLength(0);
  advance(1);
  expect(written).toHaveLength(1);
  usage.note('key_2', '10.0.0.1');
  await usage.close();
  expect(written).toHaveLength(2);
  expect(pending()).toBe(0);
});

test('while the database is away uses wait, bounded, and are written when it is back; the reason is told once', async () => {
  let isAway = true;
  const written: KeyUse[] = [];
  const { usage, warnings } = open(async (uses) => {
    if (isAway) throw new Error('away');
    written.push(...uses);
  });
  for (let n = 0; n < 60_000; n += 1) usage.note(`key_${n}`, '10.0.0.1');
  await usage.flush();
  await usage.flush();
  expect(warnings).toHaveLength(1);
  isAway = false;
  await usage.flush();
  expect(written).toHaveLength(50_000);
});

test('a use noted while an older one is written is not lost', async () => {
  const written: KeyUse[] = [];
  const { usage, advance } = open(async (uses) => {
    written.push(...uses);
    if (written.length > 1) return;
    advance(1);
    usage.note('key_1', '10.0.0.9');
  });
  usage.note('key_1', '10.0.0.1');
  await usage.flush();
  expect(written.map((use) => use.ip)).toEqual(['10.0.0.1', '10.0.0.9']);
});

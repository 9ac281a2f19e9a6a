import type { Outcome } from '@app/gateway';
import { GatewayError } from '@app/protocol';
import { expect, test } from 'vitest';
import { createOpeningQueue, openingDefaults } from './create-opening-queue.ts';

/** Openings that end when they are told to. */
function createWork() {
  const ends: ((outcome: Outcome<string>) => void)[] = [];
  const open = () => new Promise<Outcome<string>>((resolve) => ends.push(resolve));
  return { ends, open };
}

const good: Outcome<string> = { ok: true, value: 'opened' };
const bad: Outcome<string> = { ok: false, error: new GatewayError('invalid_parameter', 'X.') };

test('only a few are opened at once, the others in their order', async () => {
  const queue = createOpeningQueue({ ...openingDefaults, runningMax: 2 }, () => 0);
  const { ends, open } = createWork();
  const all = Promise.all(['a', 'b', 'c', 'd'].map((keyId) => queue(keyId, open)));
  await expect.poll(() => ends.length).toBe(2);
  ends[0]?.(good);
  await expect.poll(() => ends.length).toBe(3);
  ends[1]?.(bad);
  await expect.poll(() => ends.length).toBe(4);
  for (const end of ends) end(good);
  expect(await all).toEqual([good, bad, good, good]);
});

test('neither one key nor all together can make more wait than the bounds say', async () => {
  const queue = createOpeningQueue(
    { ...openingDefaults, runningMax: 1, waitingMax: 3, ofKeyMax: 2 },
    () => 0,
  );
  const { ends, open } = createWork();
  const held = ['a', 'a', 'b', 'c'].map((keyId) => queue(keyId, open));
  expect(await queue('a', open)).toMatchObject({ ok: false, error: { code: 'overloaded' } });
  expect(await queue('d', open)).toMatchObject({ ok: false, error: { code: 'overloaded' } });
  for (let at = 0; at < held.length; at += 1) {
    await expect.poll(() => ends.length).toBe(at + 1);
    ends[at]?.(good);
  }
  expect(await Promise.all(held)).toEqual(held.map(() => good));
  const after = queue('a', open);
  await expect.poll(() => ends.length).toBe(5);
  ends[4]?.(good);
  expect(await after).toEqual(good);
});

test('those of a key that waited while its envelopes failed are not opened any more', async () => {
  const limits = { ...openingDefaults, runningMax: 1, failuresPerMinuteMax: 1 };
  const queue = createOpeningQueue(limits, () => 0);
  const { ends, open } = createWork();
  const held = [queue('a', open), queue('a', open), queue('b', open)];
  await expect.poll(() => ends.length).toBe(1);
  ends[0]?.(bad);
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.(good);
  const outcomes = await Promise.all(held);
  expect(outcomes[1]).toMatchObject({ ok: false, error: { code: 'rate_limit_exceeded' } });
  expect(outcomes[2]).toEqual(good);
});

test('what throws while it opens gives its place back', async () => {
  const queue = createOpeningQueue({ ...openingDefaults, runningMax: 1 }, () => 0);
  await expect(queue('a', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await queue('a', async () => good)).toEqual(good);
});

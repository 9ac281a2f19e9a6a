import { expect, test } from 'vitest';
import { createGate } from './create-gate.ts';

test('so much runs at a time, so much waits in order, and the rest is turned away at once', async () => {
  const gate = createGate(2, 3);
  const started: number[] = [];
  const finish: (() => void)[] = [];
  const outcomes = Array.from({ length: 7 }, (_, n) =>
    gate(async () => {
      started.push(n);
      await new Promise<void>((resolve) => finish.push(resolve));
      return n;
    }),
  );
  expect(await Promise.all([outcomes[5], outcomes[6]])).toEqual([undefined, undefined]);
  expect(started).toEqual([0, 1]);
  for (let n = 0; n < 5; n += 1) {
    finish[n]?.();
    expect(await outcomes[n]).toBe(n);
  }
  expect(started).toEqual([0, 1, 2, 3, 4]);
});

test('work that fails gives its place back', async () => {
  const gate = createGate(1, 0);
  await expect(gate(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await gate(async () => 'next')).toBe('next');
});

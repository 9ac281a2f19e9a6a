import { aBudget, aCall, aTarget } from '@app/testkit';
import { describe, expect, test } from 'vitest';
import type { Count } from '../limit.ts';
import { shareOutput } from './share-output.ts';
import { worstCase } from './worst-case.ts';

/** A dollar a million tokens, so that a token costs 1,000 nano-dollars. */
const price = { version: 'test', rates: { inputFresh: 1_000_000, outputText: 1_000_000 }, tiers: [] };
const target = { ...aTarget(), price, outputTokensMax: 32_768 };
const call = aCall({ system: [], messages: [], tools: [] });

function shareOf(leftNanos: number, changes: { cap?: number; isStrict?: boolean } = {}): number | undefined {
  const asked = changes.cap === undefined ? call : { ...call, outputTokensMax: changes.cap };
  const worst = worstCase(asked, target, { isStrict: false });
  const { isStrict = false } = changes;
  const limit = aBudget({ budget: { action: { kind: 'block' }, warnPercents: [], isStrict } });
  const amount = worst.costNanos ?? 0;
  const count: Count = {
    limit,
    subject: '',
    max: leftNanos,
    used: amount,
    resetMs: 0,
    retryAfterMs: 0,
    isExceeded: false,
  };
  const claims = [{ limit, subject: '', amount, floor: 0 }];
  return shareOutput(worst, { claims, counts: [count] });
}

describe('a call without a cap of its own', () => {
  test('is let be where it takes a sixteenth of what is left, or less', () => {
    expect(shareOf(16 * 32_768_000)).toBeUndefined();
  });
  test('takes a sixteenth where it would take more', () => {
    expect(shareOf(16 * 10_000_000)).toBe(10_000);
  });
  test('takes 4,096 tokens where a sixteenth buys less', () => {
    expect(shareOf(33_000_000)).toBe(4_096);
  });
});

test('what a caller asks for is not shared out, and a strict budget lowers nothing', () => {
  expect(shareOf(33_000_000, { cap: 20_000 })).toBeUndefined();
  expect(shareOf(33_000_000, { isStrict: true })).toBeUndefined();
});

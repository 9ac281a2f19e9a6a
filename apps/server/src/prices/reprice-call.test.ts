import type { Cost, Price } from '@app/providers';
import type { BilledCall, BilledSpan, RepricingProgress } from '@app/store';
import { expect, test } from 'vitest';
import { addToReport } from './add-to-report.ts';
import { createFindPrice } from './create-find-price.ts';
import { repriceCall } from './reprice-call.ts';

const atMs = Date.UTC(2026, 4, 1);
const price: Price = { version: 'new', rates: { inputFresh: 2_000_000, outputText: 4_000_000 }, tiers: [] };
const find = () => price;

function spanOf(spanId: string, cost: Cost, more: Partial<BilledSpan> = {}): BilledSpan {
  return {
    traceId: 'a'.repeat(32),
    spanId,
    parentSpanId: '',
    provider: 'openai',
    model: 'gpt-5',
    startedNanos: `${BigInt(atMs) * 1_000_000n}`,
    version: 5,
    usage: { inputFresh: 100, outputText: 10 },
    billing: {},
    cost,
    ...more,
  };
}
const old: Cost = { nanos: 100, label: 'exact', priceVersion: 'old' };
const free: Cost = { nanos: 0, label: 'exact', priceVersion: '' };
const unknown: Cost = { nanos: 0, label: 'unknown', priceVersion: '' };
const callOf = (attempts: BilledSpan[], cost: Cost = old): BilledCall => ({
  call: spanOf('call', cost),
  attempts,
});

test('an attempt costs what its usage costs now, and its call what its attempts cost', () => {
  const attempts = [spanOf('one', free, { usage: {} }), spanOf('two', old)];
  const { changes } = repriceCall(callOf(attempts), find, 1_000);
  const after = { nanos: 240_000, label: 'exact', priceVersion: 'new' };
  expect(changes.map(({ spanId, after, version }) => ({ spanId, after, version }))).toEqual([
    { spanId: 'call', after, version: 1_000 },
    { spanId: 'two', after, version: 1_000 },
  ]);
});

test('what failed for nothing, the sandbox’s, and what names no model stay as they are', () => {
  const sandbox: Cost = { nanos: 0, label: 'sandbox', priceVersion: 'sandbox' };
  for (const span of [spanOf('a', free), spanOf('a', sandbox), spanOf('a', old, { model: '' })]) {
    const { attempts, changes } = repriceCall(callOf([span], span.cost), find, 1);
    expect({ attempts, changes }).toEqual({ attempts: [], changes: [] });
  }
  expect(repriceCall(callOf([], free), find, 1).changes).toEqual([]);
});

test('a cost that was known is not forgotten because nobody knows its price today', () => {
  const nobody = repriceCall(callOf([spanOf('a', old)]), () => undefined, 1);
  expect(nobody).toMatchObject({ changes: [], attempts: [{ isKept: true, after: old }] });
  const half: Price = { version: 'half', rates: { inputFresh: 1 }, tiers: [] };
  expect(repriceCall(callOf([spanOf('a', old)]), () => half, 1).changes).toEqual([]);
  const learned = repriceCall(callOf([spanOf('a', unknown)], unknown), find, 1);
  expect(learned.changes.map(({ before, after }) => [before.label, after.nanos])).toEqual([
    ['unknown', 240_000],
    ['unknown', 240_000],
  ]);
});

test('what was estimated stays an estimate, and what decided the cost decides it again', () => {
  const flex = { ...price, serviceTiers: { flex: { times: { numerator: 1, denominator: 2 } } } };
  const billing = { serviceTier: 'flex', estimated: true };
  const { changes } = repriceCall(callOf([spanOf('a', old, { billing })]), () => flex, 1);
  expect(changes[1]?.after).toEqual({ nanos: 120_000, label: 'estimated', priceVersion: 'new' });
});

test('a second time nothing changes, and a version is always higher than the one it replaces', () => {
  const first = repriceCall(callOf([spanOf('a', old, { version: 9_999 })]), find, 1_000);
  expect(first.changes.map(({ version }) => version)).toEqual([1_000, 10_000]);
  const [call, attempt] = first.changes;
  if (call === undefined || attempt === undefined) throw new Error('nothing changed');
  const again = { call: spanOf('call', call.after), attempts: [spanOf('a', attempt.after)] };
  expect(repriceCall(again, find, 1_000).changes).toEqual([]);
});

test('a report adds up each model before and after, exactly at any size', () => {
  const big: Cost = { nanos: Number.MAX_SAFE_INTEGER, label: 'exact', priceVersion: 'old' };
  const nothing: RepricingProgress = { batches: 0, calls: 0, changedCalls: 0, models: [] };
  const calls = [
    repriceCall(callOf([spanOf('a', big), spanOf('b', big)]), find, 1),
    repriceCall(callOf([spanOf('c', unknown, { model: 'other' })], unknown), () => undefined, 1),
  ];
  const report = addToReport(addToReport(nothing, calls), calls.slice(0, 1));
  expect(report).toMatchObject({ calls: 3, changedCalls: 2 });
  expect(report.models).toEqual([
    {
      provider: 'openai',
      model: 'gpt-5',
      attempts: 4,
      changed: 4,
      beforeNanos: `${4n * BigInt(Number.MAX_SAFE_INTEGER)}`,
      afterNanos: '960000',
      unknownBefore: 0,
      unknownAfter: 0,
      kept: 0,
      versionsBefore: ['old'],
      versionsAfter: ['new'],
    },
    expect.objectContaining({ model: 'other', attempts: 1, changed: 0, unknownBefore: 1, kept: 1 }),
  ]);
});

test('a report of very many models adds up the rest under one line', () => {
  const nothing: RepricingProgress = { batches: 0, calls: 0, changedCalls: 0, models: [] };
  const calls = Array.from({ length: 1_050 }, (_, n) =>
    repriceCall(callOf([spanOf('a', old, { model: `m${n}` })]), find, 1),
  );
  const { models } = addToReport(nothing, calls);
  expect(models.length).toBe(1_001);
  expect(models.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(1_050);
  expect(models[0]).toMatchObject({ provider: '', model: '', attempts: 50 });
});

test('the price of a day is that of the day, from the table or from the operator', () => {
  const own = createFindPrice({ providers: [], prices: { 'own/m': price }, discounts: { openai: '50' } });
  expect(own({ provider: 'own', model: 'm', atMs })).toBe(price);
  expect(own({ provider: 'own', model: 'n', atMs })).toBeUndefined();
  const o3 = (day: string) => own({ provider: 'openai', model: 'o3', atMs: Date.parse(day) });
  expect(o3('2025-06-09T23:59:00Z')?.rates.inputFresh).toBe(10_000_000);
  expect(o3('2025-06-10T00:00:00Z')).toMatchObject({
    rates: { inputFresh: 2_000_000 },
    paid: { numerator: 50, denominator: 100 },
  });
});

test('a call that a sender told of has no attempts, and is priced by itself', () => {
  const { attempts, changes } = repriceCall(callOf([]), find, 1_000);
  const after = { nanos: 240_000, label: 'exact', priceVersion: 'new' };
  expect(attempts).toMatchObject([{ span: { spanId: 'call' }, after, isKept: false }]);
  expect(changes).toMatchObject([{ spanId: 'call', before: old, after, version: 1_000 }]);
  expect(repriceCall(callOf([]), () => undefined, 1).changes).toEqual([]);
});

test('a call that a sender told of stays behind the versions of the gateway, however it is priced again', () => {
  const received = spanOf('call', old, { isReceived: true, version: atMs - 1_500_000_000_000 });
  const { changes } = repriceCall({ call: received, attempts: [] }, find, atMs + 9);
  expect(changes).toMatchObject([{ version: atMs + 9 - 1_500_000_000_000 }]);
});

import { expect, test } from 'vitest';
import { openSseReader } from '../src/index.ts';
import { draftCase } from './fuzz/draft-case.ts';
import { findBreaches, hasPolluted } from './fuzz/find-breaches.ts';
import { listSamples } from './fuzz/list-samples.ts';

const SEED = 20_260_131;
const CASES = 800;

test('whatever a provider sends, readers and writers hold their laws and never throw', () => {
  // AWS's framing is another package's; the gateway's own cases go through it.
  const samples = listSamples({ isShared: false });
  const seen = { good: 0, changed: 0 };
  for (let number = 0; number < CASES; number += 1) {
    const given = draftCase(samples, { seed: SEED, number });
    if (given.framing !== 'sse') continue;
    const breaches = findBreaches(given, { sse: openSseReader, 'aws-event-stream': openSseReader });
    expect({ number, breaches }).toEqual({ number, breaches: [] });
    seen[given.changes.length === 0 ? 'good' : 'changed'] += 1;
  }
  expect(hasPolluted()).toBe(false);
  expect(seen.good).toBeGreaterThan(20);
  expect(seen.changed).toBeGreaterThan(300);
});

test('a case is the same whenever it is drafted', () => {
  const samples = listSamples({ isShared: false });
  for (let number = 0; number < 50; number += 1)
    expect(draftCase(samples, { seed: 7, number })).toEqual(draftCase(samples, { seed: 7, number }));
});

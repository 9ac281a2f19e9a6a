import { draftCase } from '@app/protocol/test/fuzz/draft-case.ts';
import { listSamples } from '@app/protocol/test/fuzz/list-samples.ts';
import { expect, test } from 'vitest';
import { openWorld } from './fuzz/open-world.ts';
import { playPair } from './fuzz/play-pair.ts';

const SEED = 20_260_131;
const CASES = 1_200;

test('whatever a provider sends, a call ends once, is recorded once, and knows nothing of the call beside it', async () => {
  const samples = listSamples({ isShared: false });
  const world = openWorld();
  const outcomes = new Map<string, number>();
  for (let number = 0; number < CASES; number += 2) {
    const one = draftCase(samples, { seed: SEED, number });
    const other = draftCase(samples, { seed: SEED, number: number + 1 });
    for (const { given, outcome, breaches } of await playPair(world, [one, other])) {
      expect({ number: given.number, breaches }).toEqual({ number: given.number, breaches: [] });
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  }
  // Laws over cases that never occur prove nothing.
  for (const outcome of ['answered', 'streamed', 'refused', 'broken off', 'left'])
    expect({ outcome, count: outcomes.get(outcome) ?? 0 }).toEqual({
      outcome,
      count: expect.toSatisfy((count) => count > 20),
    });
});

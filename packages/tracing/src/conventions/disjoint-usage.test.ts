import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Counts, disjointUsage, HOLDS_ALL } from './disjoint-usage.ts';

const PLAIN_INPUT = { inputHoldsCached: false, outputHoldsThinking: true } as const;
const UNSURE = { inputHoldsCached: 'unsure', outputHoldsThinking: 'unsure' } as const;

test('cached tokens that the input holds are counted once', () => {
  const counts: Counts = {
    input: 1_000,
    cacheRead: 900,
    cacheWrite: 50,
    output: 20,
    thinking: 5,
    total: 1_020,
  };
  expect(disjointUsage(counts, HOLDS_ALL)).toEqual({
    usage: { inputFresh: 50, inputCacheRead: 900, inputCacheWrite: 50, outputText: 15, outputThinking: 5 },
    isEstimated: false,
  });
});

test('an input that is told without what was cached stays as it is', () => {
  expect(disjointUsage({ input: 30, cacheRead: 900, output: 20 }, PLAIN_INPUT)).toEqual({
    usage: { inputFresh: 30, inputCacheRead: 900, outputText: 20 },
    isEstimated: false,
  });
});

test('a total proves that the parts stand beside each other, whatever the rule says', () => {
  const beside: Counts = { input: 30, cacheRead: 10, output: 20, total: 60 };
  expect(disjointUsage(beside, HOLDS_ALL)).toEqual({
    usage: { inputFresh: 30, inputCacheRead: 10, outputText: 20 },
    isEstimated: false,
  });
  const thoughts: Counts = { input: 30, output: 20, thinking: 8, total: 58 };
  expect(disjointUsage(thoughts, UNSURE)).toEqual({
    usage: { inputFresh: 30, outputText: 20, outputThinking: 8 },
    isEstimated: false,
  });
});

test('a total proves that one count holds the other where the rule leaves it open', () => {
  expect(disjointUsage({ input: 30, output: 20, thinking: 8, total: 50 }, UNSURE)).toEqual({
    usage: { inputFresh: 30, outputText: 12, outputThinking: 8 },
    isEstimated: false,
  });
});

test('where nothing proves what a count holds, the figures are an estimate', () => {
  expect(disjointUsage({ input: 30, output: 20, thinking: 8 }, UNSURE)).toEqual({
    usage: { inputFresh: 30, outputText: 12, outputThinking: 8 },
    isEstimated: true,
  });
});

test('a part that is larger than its whole is beside it, and the row says that its figures contradict each other', () => {
  expect(disjointUsage({ input: 10, cacheRead: 90, output: 5 }, HOLDS_ALL)).toEqual({
    usage: { inputFresh: 10, inputCacheRead: 90, outputText: 5 },
    isEstimated: true,
  });
  expect(disjointUsage({ input: 10, cacheRead: 90, output: 5 }, UNSURE).isEstimated).toBe(false);
});

test('what a sender says outright is not worked out again', () => {
  const counts: Counts = { input: 100, inputFresh: 40, cacheRead: 60, output: 9, outputText: 4, thinking: 5 };
  expect(disjointUsage(counts, PLAIN_INPUT).usage).toEqual({
    inputFresh: 40,
    inputCacheRead: 60,
    outputText: 4,
    outputThinking: 5,
  });
});

test('a write for an hour is no second write', () => {
  expect(disjointUsage({ input: 100, cacheWrite: 60, cacheWrite1h: 20, output: 1 }, HOLDS_ALL).usage).toEqual(
    {
      inputFresh: 40,
      inputCacheWrite: 40,
      inputCacheWrite1h: 20,
      outputText: 1,
    },
  );
});

test('a total alone is the input of what has no output', () => {
  expect(disjointUsage({ total: 4 }, HOLDS_ALL)).toEqual({ usage: { inputFresh: 4 }, isEstimated: false });
  expect(disjointUsage({ total: 30, output: 10, cacheRead: 5 }, HOLDS_ALL).usage).toEqual({
    inputFresh: 15,
    inputCacheRead: 5,
    outputText: 10,
  });
});

test('a count that is none is left out, and what is left is an estimate', () => {
  expect(disjointUsage({ input: -3, output: 5 }, HOLDS_ALL)).toEqual({
    usage: { outputText: 5 },
    isEstimated: true,
  });
  expect(disjointUsage({ input: 2.5, output: 5 }, HOLDS_ALL).isEstimated).toBe(true);
});

const count = fc.option(fc.integer({ min: -2, max: 1_000 }), { nil: undefined, freq: 3 });
const anyCounts = fc.record({
  input: count,
  inputFresh: fc.constant(undefined),
  output: count,
  total: count,
  cacheRead: count,
  cacheWrite: count,
  cacheWrite1h: count,
  thinking: count,
  inputAudio: count,
  outputAudio: count,
});

test('no class is ever below 0, and no sum of classes is more than all that was told', () => {
  const rule = fc.record({
    inputHoldsCached: fc.constantFrom(true, false, 'unsure' as const),
    outputHoldsThinking: fc.constantFrom(true, false, 'unsure' as const),
  });
  fc.assert(
    fc.property(anyCounts, rule, (told, asRule) => {
      const counts = Object.fromEntries(
        Object.entries(told).filter(([, value]) => value !== undefined),
      ) as Counts;
      const { usage } = disjointUsage(counts, asRule);
      const classes = Object.values(usage);
      expect(classes.every((tokens) => Number.isSafeInteger(tokens) && tokens >= 0)).toBe(true);
      const sum = classes.reduce((all, tokens) => all + tokens, 0);
      const most = Object.values(counts).reduce((all, tokens) => all + Math.max(0, tokens), 0);
      expect(sum).toBeLessThanOrEqual(most);
    }),
    { seed: 20_261_122, numRuns: 2_000 },
  );
});

test('parts that fit into their whole add up to it', () => {
  const five = fc.array(fc.nat(500), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(five, ([fresh = 0, read = 0, write = 0, text = 0, thinking = 0]) => {
      const [input, output] = [fresh + read + write, text + thinking];
      const counts: Counts = {
        ...{ input, cacheRead: read, cacheWrite: write },
        ...{ output, thinking, total: input + output },
      };
      expect(disjointUsage(counts, HOLDS_ALL)).toEqual({
        usage: {
          ...{ inputFresh: fresh, inputCacheRead: read, inputCacheWrite: write },
          ...{ outputText: text, outputThinking: thinking },
        },
        isEstimated: false,
      });
    }),
    { seed: 20_261_122, numRuns: 1_000 },
  );
});

test('one kind of cached tokens may be in the input and the other beside it, as the total proves', () => {
  const counts: Counts = { input: 130, cacheRead: 900, cacheWrite: 100, output: 20, total: 1_050 };
  expect(disjointUsage(counts, PLAIN_INPUT)).toEqual({
    usage: { inputFresh: 30, inputCacheRead: 900, inputCacheWrite: 100, outputText: 20 },
    isEstimated: false,
  });
});

test('counts that stand beside each other by the rule do not, where the total is input and output alone', () => {
  const counts: Counts = { input: 17_903, cacheRead: 17_817, output: 40, total: 17_943 };
  const rule = { inputHoldsCached: 'unless-total', outputHoldsThinking: 'unless-total' } as const;
  expect(disjointUsage(counts, rule)).toEqual({
    usage: { inputFresh: 86, inputCacheRead: 17_817, outputText: 40 },
    isEstimated: false,
  });
  const { total: _total, ...untold } = counts;
  expect(disjointUsage(untold, rule).usage.inputFresh).toBe(17_903);
});

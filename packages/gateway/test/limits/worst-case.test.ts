import { dialects, type Json, type Usage } from '@app/protocol';
import { priceUsage } from '@app/providers';
import { aCall, aPrice, aTarget, createFakeClock, modelLimits } from '@app/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Limit } from '../../src/limits/limit.ts';
import { createMemoryLimits } from '../../src/limits/memory/create-memory-limits.ts';
import { admissionClaims, dispatchClaims } from '../../src/limits/worst/dispatch-claims.ts';
import { fitOutput } from '../../src/limits/worst/fit-output.ts';
import { OUTPUT_TOKENS_DEFAULT, worstCase } from '../../src/limits/worst/worst-case.ts';

const lax = { isStrict: false };
const strict = { isStrict: true };

function says(text: string, changes: Parameters<typeof aCall>[0] = {}) {
  return aCall({ messages: [{ role: 'user', parts: [{ kind: 'text', text }] }], ...changes });
}

test('input is half its bytes and 16 for each message; strict, every byte', () => {
  expect(worstCase(says('a'.repeat(1_000)), aTarget(), lax).inputTokens).toBe(516);
  expect(worstCase(says('é'.repeat(1_000)), aTarget(), lax).inputTokens).toBe(1_016);
  expect(worstCase(says('a'.repeat(1_000)), aTarget(), strict).inputTokens).toBe(1_016);
});

test('an image is a value of a table, not its bytes', () => {
  const image = {
    kind: 'image',
    source: { kind: 'base64', mediaType: 'image/png', data: 'A'.repeat(4_000_000) },
  } as const;
  const call = aCall({ messages: [{ role: 'user', parts: [image] }] });
  expect(worstCase(call, aTarget(), lax).inputTokens).toBe(2_016);
  const low = aCall({ messages: [{ role: 'user', parts: [{ ...image, detail: 'low' }] }] });
  expect(worstCase(low, aTarget(), lax).inputTokens).toBe(316);
  expect(worstCase(call, aTarget(), strict).inputTokens).toBe(50_016);
});

test("output is the caller's cap, else the model's maximum, else a default that is then sent", () => {
  const target = aTarget({ outputTokensMax: 32_000 });
  expect(worstCase(says('hi', { outputTokensMax: 100 }), target, lax)).toMatchObject({
    outputTokens: 100,
    outputTokensMax: 100,
    isCapOurs: false,
  });
  expect(worstCase(says('hi'), target, lax)).toMatchObject({ outputTokens: 32_000, isCapOurs: false });
  expect(worstCase(says('hi'), aTarget(), lax)).toMatchObject({
    outputTokens: OUTPUT_TOKENS_DEFAULT,
    isCapOurs: true,
  });
});

test('several choices are as much output each', () => {
  const call = says('hi', { outputTokensMax: 100, extra: { dialect: 'openai-chat', fields: { n: 4 } } });
  expect(worstCase(call, aTarget(), lax)).toMatchObject({
    outputTokens: 400,
    outputTokensMax: 100,
    choices: 4,
  });
});

test.each([
  ['n in quotes, as some servers read it', { n: '4' }, 4],
  ['replies that are made and not shown', { n: 1, best_of: 20 }, 20],
  ['more than anybody makes', { n: 1e9 }, 128],
  ['no number', { n: 'all', best_of: null }, 1],
  ['less than one', { n: -5 }, 1],
])('choices are the most that is asked for: %s', (_, fields, choices) => {
  const call = says('hi', { outputTokensMax: 100, extra: { dialect: 'openai-chat', fields } });
  expect(worstCase(call, aTarget(), lax)).toMatchObject({ choices, outputTokens: 100 * choices });
});

test('each of several prompts is answered as long as the cap, and tokens in a list are one prompt', () => {
  const choicesOf = (prompt: Json) =>
    worstCase(
      dialects['openai-completions'].inbound.readCall({ prompt, max_tokens: 10, n: 2 }),
      aTarget(),
      lax,
    ).choices;
  expect(choicesOf(['one', 'two', 'three'])).toBe(6);
  expect(choicesOf([[1, 2], [3]])).toBe(4);
  expect(choicesOf([1, 2, 3])).toBe(2);
  expect(choicesOf('one')).toBe(2);
});

test.each([{ max_tokens: 50_000 }, { max_tokens: '50000' }])(
  'a cap in both of the words of a wire is the larger one, as a provider may know only one of them: %j',
  (old) => {
    const body = { messages: [{ role: 'user', content: 'hi' }], max_completion_tokens: 1, ...old };
    const call = dialects['openai-chat'].inbound.readCall(body);
    expect(worstCase(call, aTarget(), lax)).toMatchObject({ outputTokensMax: 50_000, isCapOurs: false });
  },
);

test('text that hides in fields which only a provider knows counts as input', () => {
  const fields = { documents: [{ text: 'a'.repeat(10_000) }] };
  const call = says('hi', { extra: { dialect: 'openai-chat', fields } });
  expect(worstCase(call, aTarget(), lax).inputTokens).toBeGreaterThan(5_000);
});

test('no call costs more than its worst case, whichever classes and tier its tokens are billed in', () => {
  const rates = {
    inputFresh: 3_000_000,
    inputCacheRead: 300_000,
    inputCacheWrite: 3_750_000,
    outputText: 15_000_000,
  };
  const dear = { ...rates, inputFresh: 6_000_000, inputCacheWrite: 7_500_000, outputText: 22_500_000 };
  const price = aPrice({ rates, tiers: [{ inputTokensMin: 20_000, rates: dear }] });
  const shares = fc.tuple(fc.nat({ max: 100 }), fc.nat({ max: 100 }), fc.nat({ max: 100 }));
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100_000 }),
      fc.integer({ min: 1, max: 9_000 }),
      shares,
      (bytes, cap, split) => {
        const worst = worstCase(says('x'.repeat(bytes), { outputTokensMax: cap }), aTarget({ price }), lax);
        const total = Math.max(1, split[0] + split[1] + split[2]);
        const part = (share: number): number => Math.floor((worst.inputTokens * share) / total);
        const usage: Usage = {
          inputFresh: part(split[0]),
          inputCacheRead: part(split[1]),
          inputCacheWrite: part(split[2]),
          outputText: Math.floor(cap / 3),
          outputThinking: cap - Math.floor(cap / 3),
        };
        expect(priceUsage(usage, price).nanos).toBeLessThanOrEqual(worst.costNanos ?? 0);
        expect(worst.floorNanos).toBeLessThanOrEqual(worst.costNanos ?? 0);
        expect(worst.floorTokens).toBeLessThanOrEqual(worst.inputTokens);
      },
    ),
    { numRuns: 200, seed: 3 },
  );
});

test('without a price there is no worst cost, and limits on cost are named as unkept', () => {
  const [, tokens, , , budget] = modelLimits() as [Limit, Limit, Limit, Limit, Limit];
  const worst = worstCase(says('hi'), aTarget({ price: undefined }), lax);
  expect(worst.costNanos).toBeUndefined();
  const found = dispatchClaims(
    [tokens, budget].map((limit) => ({ limit, subject: '' })),
    worst,
  );
  expect(found.claims.map(({ limit }) => limit.id)).toEqual(['lim_tokens']);
  expect(found.unpriced.map(({ limit }) => limit.id)).toEqual(['bud_cost']);
  expect(worstCase(says('hi'), aTarget({ price: undefined }), { ...lax, isSandbox: true }).costNanos).toBe(0);
});

test('calls are counted when they come, tokens and money when they are sent, and models when they are known', () => {
  const ofModel = modelLimits().map((limit): Limit => ({ ...limit, scope: { kind: 'model', id: '*' } }));
  const applied = [...modelLimits(), ...ofModel].map((limit) => ({ limit, subject: '' }));
  const admission = admissionClaims(applied).map(({ limit }) => limit.measure);
  expect(admission).toEqual(['requests', 'concurrency']);
  const { claims } = dispatchClaims(applied, worstCase(says('hi'), aTarget(), lax));
  expect(claims).toHaveLength(10);
  expect(claims.filter(({ limit }) => limit.scope.kind === 'model')).toHaveLength(6);
});

test('a lowered cap is the largest that fits, and never under 256', () => {
  const [, , , , cost] = modelLimits() as [Limit, Limit, Limit, Limit, Limit];
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9_000_000 }), fc.boolean(), (max, isStrict) => {
      const limits = createMemoryLimits({ clock: createFakeClock().clock });
      const budget: Limit = {
        ...cost,
        max,
        budget: { action: { kind: 'block' }, warnPercents: [], isStrict },
      };
      const worst = worstCase(says('hello', { outputTokensMax: 4_000 }), aTarget(), { isStrict });
      const { claims } = dispatchClaims([{ limit: budget, subject: '' }], worst);
      limits.reserve(claims, (taken) => {
        if (taken.kind !== 'refused') return;
        const cap = fitOutput(worst, taken.counts);
        const fits = (tokens: number): boolean => (worst.costWith(tokens) ?? Number.POSITIVE_INFINITY) <= max;
        if (isStrict || !fits(256)) expect(cap).toBeUndefined();
        else {
          expect(fits(cap ?? 0)).toBe(true);
          expect(fits((cap ?? 0) + 1)).toBe(false);
        }
      });
    }),
    { numRuns: 200, seed: 9 },
  );
});

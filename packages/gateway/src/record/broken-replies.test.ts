import { type Event, providerDialects } from '@app/protocol';
import { findPrice } from '@app/providers';
import { aCall, anAnthropicTarget, aProvider, aTarget } from '@app/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AttemptRecord, Target } from '../ports.ts';
import { openTally } from './tally.ts';

const at = new Date('2026-11-01T12:00:00Z');
const claude = anAnthropicTarget({
  model: 'claude-sonnet-4-5',
  price: findPrice({ providerId: 'anthropic', baseUrl: '', model: 'claude-sonnet-4-5', at }),
});
const gpt = aTarget({
  provider: aProvider({ id: 'openai' }),
  model: 'gpt-4o',
  price: findPrice({ providerId: 'openai', baseUrl: '', model: 'gpt-4o', at }),
});

const messageStart = (usage: object) => ({
  type: 'message_start',
  message: { id: 'm', type: 'message', role: 'assistant', model: 'claude', content: [], usage },
});
const textDelta = (text: string) => ({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text },
});
const textStart = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } };

/** What a target's stream leaves behind that broke off after these frames. */
function cut(target: Target, frames: readonly object[], outcome: AttemptRecord['outcome'] = 'failed') {
  const reader = providerDialects[target.provider.dialect].outbound.openReader();
  const tally = open(target);
  for (const frame of frames) {
    const named = 'type' in frame && typeof frame.type === 'string' ? { event: frame.type } : {};
    for (const event of reader.read({ data: JSON.stringify(frame), ...named })) tally.see(event, 1);
  }
  return tally.close(endOf(outcome));
}

const open = (target: Target) =>
  openTally({
    call: aCall({ stream: true }),
    target,
    mode: 'live',
    spanId: 's',
    startedAtMs: 0,
    isCaptured: false,
    keptCharsMax: 0,
  });

const endOf = (outcome: AttemptRecord['outcome']) => ({
  outcome,
  endedAtMs: 2,
  status: 200,
  errorCode: undefined,
  errorMessage: undefined,
});

describe('a reply that broke off', () => {
  test('of Claude costs its whole prompt, which came first, and the output that came, not the one token told at the start', () => {
    const start = messageStart({
      input_tokens: 50_000,
      cache_read_input_tokens: 100_000,
      cache_creation_input_tokens: 20_000,
      output_tokens: 1,
    });
    const record = cut(claude, [start, textStart, textDelta('x'.repeat(4_000))]);
    expect(record.usage).toEqual({
      inputFresh: 50_000,
      inputCacheRead: 100_000,
      inputCacheWrite: 20_000,
      outputText: 1_000,
    });
    // 50,000 × $3 + 100,000 × $0.30 + 20,000 × $3.75 + 1,000 × $15 per million.
    expect(record.cost).toMatchObject({
      nanos: 150_000_000 + 30_000_000 + 75_000_000 + 15_000_000,
      label: 'estimated',
    });
    expect(record.billing).toEqual({ estimated: true });
  });

  test('of Claude before it said a word costs its prompt, whoever ended it', () => {
    const start = messageStart({ input_tokens: 1_000, output_tokens: 1 });
    for (const outcome of ['failed', 'cancelled'] as const) {
      const { cost } = cut(claude, [start], outcome);
      expect(cost).toMatchObject({ nanos: 3_000_000 + 15_000, label: 'estimated' });
    }
  });

  test('after its last figures costs what they say, for they are totals and not added to the first', () => {
    const delta = {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn' },
      usage: { output_tokens: 400 },
    };
    const { usage } = cut(claude, [
      messageStart({ input_tokens: 1_000, output_tokens: 3 }),
      textStart,
      textDelta('x'.repeat(40)),
      { ...delta, usage: { output_tokens: 200 } },
      delta,
    ]);
    expect(usage).toEqual({ inputFresh: 1_000, outputText: 400 });
  });

  test('of a model that tells its figures at the end costs an estimate of the prompt and of what came', () => {
    const chunk = (content: string) => ({ id: 'c', model: 'm', choices: [{ index: 0, delta: { content } }] });
    const { usage, cost } = cut(gpt, [chunk('y'.repeat(400)), chunk('y'.repeat(400))]);
    expect(usage.outputText).toBe(200);
    expect(usage.inputFresh).toBeGreaterThan(0);
    expect(cost.label).toBe('estimated');
    expect(cost.nanos).toBe((usage.inputFresh ?? 0) * 2_500 + 200 * 10_000);
  });

  test('that was refused before anything came costs nothing, for certain', () => {
    expect(cut(gpt, []).cost).toEqual({ nanos: 0, label: 'exact', priceVersion: '' });
  });

  test('that its caller left costs what the provider may have made of it: the prompt at least', () => {
    const { cost, usage } = cut(gpt, [], 'cancelled');
    expect(cost).toMatchObject({ label: 'estimated' });
    expect(cost.nanos).toBe((usage.inputFresh ?? 0) * 2_500);
  });

  test('at any point costs no less than at the point before, and no more than an estimate of everything', () => {
    const frames = [
      messageStart({ input_tokens: 1_000, cache_read_input_tokens: 500, output_tokens: 1 }),
      textStart,
      ...Array.from({ length: 20 }, () => textDelta('x'.repeat(100))),
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 520 } },
      { type: 'message_stop' },
    ];
    const costs = frames.map((_, place) => cut(claude, frames.slice(0, place + 1)).cost.nanos);
    for (const [place, nanos] of costs.entries()) {
      expect(nanos).toBeGreaterThanOrEqual(costs[place - 1] ?? 0);
    }
    expect(costs.at(-1)).toBe(3_000_000 + 150_000 + 520 * 15_000);
  });
});

test('figures that come in pieces, repeated and in any order, cost the same', () => {
  const pieces: Event[] = [
    { type: 'usage', usage: { inputFresh: 1_000, inputCacheRead: 200 } },
    { type: 'usage', usage: { outputText: 50 }, serviceTier: 'batch' },
    { type: 'usage', usage: { outputThinking: 25 } },
    { type: 'usage', usage: {}, toolUses: { webSearch: 2 } },
  ];
  const costOf = (events: readonly Event[]) => {
    const tally = open(claude);
    for (const event of [...events, { type: 'reply-end', stop: 'end' } as const]) tally.see(event, 1);
    return tally.close(endOf('ok'));
  };
  const once = costOf(pieces);
  // Half of 1,000 × $3 + 200 × $0.30 + 75 × $15, and two searches.
  expect(once.cost).toMatchObject({
    nanos: (3_000_000 + 60_000 + 1_125_000) / 2 + 20_000_000,
    label: 'exact',
  });
  expect(once.billing).toEqual({ serviceTier: 'batch', toolUses: { webSearch: 2 } });
  const shuffled = fc.shuffledSubarray([...pieces, ...pieces], { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(shuffled, (events) => {
      expect(costOf(events)).toEqual(once);
    }),
    { seed: 23, numRuns: 200 },
  );
});

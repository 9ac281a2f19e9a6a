import { aCall, aTarget } from '@app/testkit';
import { describe, expect, test } from 'vitest';
import type { AttemptRecord } from '../ports.ts';
import { attemptCost, nothing, sumCosts } from './call-cost.ts';
import { estimateUsage } from './estimate-usage.ts';
import { parseTraceParent } from './trace-parent.ts';

const trace = 'b'.repeat(32);
const span = 'c'.repeat(16);

test('a traceparent is read as the standard says, later versions included', () => {
  const parent = { traceId: trace, parentSpanId: span };
  expect(parseTraceParent(`00-${trace}-${span}-01`)).toEqual(parent);
  expect(parseTraceParent(`01-${trace}-${span}-00-more`)).toEqual(parent);
  const bad = [
    undefined,
    '',
    `00-${trace}-${span}`,
    `00-${trace}-${span}-01-more`,
    `ff-${trace}-${span}-01`,
    `00-${trace.toUpperCase()}-${span}-01`,
    `00-${'0'.repeat(32)}-${span}-01`,
    `00-${trace}-${'0'.repeat(16)}-01`,
    `00-${trace}-${span}-01\r\nx: y`,
    `01-${trace}-${span}-01-${'x'.repeat(1_000)}`,
  ];
  for (const header of bad) expect(parseTraceParent(header)).toBeUndefined();
});

describe('usage is', () => {
  test('what the provider reported, when it reported it all', () => {
    const reported = { inputCacheRead: 4, outputThinking: 2, outputText: 0 };
    const produced = { outputBytes: 400, hasEnded: true };
    expect(estimateUsage(reported, aCall(), produced)).toEqual({ usage: reported, estimated: false });
  });

  test('no less than what was produced, when the reply broke off', () => {
    const produced = { outputBytes: 400, hasEnded: false };
    const { usage, estimated } = estimateUsage({ inputFresh: 9, outputText: 1 }, aCall(), produced);
    expect({ usage, estimated }).toEqual({ usage: { inputFresh: 9, outputText: 100 }, estimated: true });
  });

  test('never negative, however much of the output was thinking', () => {
    const produced = { outputBytes: 4, hasEnded: false };
    const { usage } = estimateUsage({ inputFresh: 9, outputThinking: 50 }, aCall(), produced);
    expect(usage).toEqual({ inputFresh: 9, outputThinking: 50, outputText: 0 });
  });

  test('estimated from all text of the call, with a fixed figure per image', () => {
    const image = {
      kind: 'image',
      source: { kind: 'base64', mediaType: 'image/png', data: 'A'.repeat(90_000) },
    } as const;
    const call = aCall({
      system: [{ kind: 'text', text: 'x'.repeat(40) }],
      messages: [
        { role: 'user', parts: [{ kind: 'text', text: 'y'.repeat(40) }, image] },
        {
          role: 'user',
          parts: [
            { kind: 'tool-result', callId: '1', parts: [{ kind: 'text', text: 'z'.repeat(40) }, image] },
          ],
        },
      ],
      tools: [{ kind: 'function', name: 'f' }],
    });
    const { usage } = estimateUsage({}, call, { outputBytes: 0, hasEnded: true });
    expect(usage.inputFresh).toBe(
      2 * 1_000 + 2 * 4 + Math.ceil((120 + '{"kind":"function","name":"f"}'.length) / 4),
    );
  });
});

describe('the cost of a call', () => {
  const attempt = (cost: AttemptRecord['cost']): AttemptRecord => ({
    spanId: span,
    provider: 'openai',
    model: 'model-1',
    startedAtMs: 0,
    endedAtMs: 1,
    ttftMs: undefined,
    status: 200,
    outcome: 'ok',
    errorCode: undefined,
    errorMessage: undefined,
    usage: {},
    cost,
  });
  const exact = attempt(
    attemptCost({
      usage: { inputFresh: 3, outputText: 1 },
      estimated: false,
      target: aTarget(),
      mode: 'live',
    }),
  );
  const refused = attempt(nothing('live'));
  const unknown = attempt(
    attemptCost({
      usage: { inputFresh: 3 },
      estimated: false,
      target: aTarget({ price: undefined }),
      mode: 'live',
    }),
  );

  test('is that of all its attempts, and a refusal is free for certain', () => {
    expect(sumCosts([refused, exact], 'live')).toEqual({
      nanos: 5_000,
      label: 'exact',
      priceVersion: 'table-2026-01-31',
    });
    expect(sumCosts([exact, exact], 'live').nanos).toBe(10_000);
    expect(sumCosts([], 'live')).toEqual({ nanos: 0, label: 'exact', priceVersion: '' });
  });

  test('is unknown when nothing that was billed has a price, and an estimate when some of it has none', () => {
    expect(sumCosts([refused, unknown], 'live')).toMatchObject({ nanos: 0, label: 'unknown' });
    expect(sumCosts([unknown, exact], 'live')).toMatchObject({ nanos: 5_000, label: 'estimated' });
  });

  test('is nothing in the sandbox, whatever its tokens', () => {
    const cost = attemptCost({ usage: { inputFresh: 3 }, estimated: true, target: aTarget(), mode: 'test' });
    expect(sumCosts([attempt(cost), attempt(cost)], 'test')).toMatchObject({ nanos: 0, label: 'sandbox' });
  });
});

import { type Event, type JsonObject, providerDialects, type Usage } from '@app/protocol';
import { describe, expect, test } from 'vitest';
import { ANTHROPIC_CASES, type CostCase, OPENAI_CASES } from '../test/cost-cases.ts';
import { GEMINI_CASES, OTHER_CASES } from '../test/more-cost-cases.ts';
import { findPrice } from './find-price.ts';
import { priceUsage } from './price-usage.ts';

const at = new Date('2026-11-01T12:00:00Z');
const CASES = [...OPENAI_CASES, ...ANTHROPIC_CASES, ...GEMINI_CASES, ...OTHER_CASES];

/** A whole reply of the dialect around what was used. */
function replyOf({ dialect, model, usage, beside = {} }: CostCase): JsonObject {
  switch (dialect) {
    case 'openai-responses':
      return { id: 'r', object: 'response', status: 'completed', model, output: [], ...beside, usage };
    case 'anthropic-messages':
      return { id: 'm', type: 'message', model, content: [], stop_reason: 'end_turn', ...beside, usage };
    case 'gemini': {
      const candidate = { content: { parts: [{ text: 'a' }] }, finishReason: 'STOP', ...beside };
      return { candidates: [candidate], usageMetadata: usage, modelVersion: model };
    }
    case 'bedrock-converse': {
      const output = { message: { role: 'assistant', content: [{ text: 'a' }] } };
      return { output, stopReason: 'end_turn', ...beside, usage };
    }
    default: {
      const choice = { index: 0, message: { role: 'assistant', content: 'a' }, finish_reason: 'stop' };
      return { id: 'c', object: 'chat.completion', model, choices: [choice], ...beside, usage };
    }
  }
}

/** The same as a stream, with the usage told where the dialect tells it, as far as it has a form of its own. */
function framesOf(given: CostCase): { event?: string; data: string }[] | undefined {
  const { dialect, model, usage, beside = {} } = given;
  const frame = (body: object, event?: string) => ({ data: JSON.stringify(body), ...(event && { event }) });
  switch (dialect) {
    case 'openai-chat': {
      const chunk = { id: 'c', object: 'chat.completion.chunk', model, ...beside };
      const choice = (delta: object, finish_reason: string | null) => [{ index: 0, delta, finish_reason }];
      return [
        frame({ ...chunk, choices: choice({ content: 'a' }, null) }),
        frame({ ...chunk, choices: choice({}, 'stop') }),
        frame({ ...chunk, choices: [], usage }),
        { data: '[DONE]' },
      ];
    }
    case 'anthropic-messages': {
      const type = (name: string, more: object) => frame({ type: name, ...more }, name);
      // What is known at the start, and what it has grown to at the end: figures are totals and never added up.
      const { output_tokens_details: _, ...known } = usage;
      const early = { ...known, output_tokens: 1 };
      const message = { id: 'm', type: 'message', model, content: [], stop_reason: null, usage: early };
      return [
        type('message_start', { message }),
        type('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
        type('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'a' } }),
        type('content_block_stop', { index: 0 }),
        type('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 7 } }),
        type('message_delta', { delta: { stop_reason: 'end_turn' }, usage }),
        type('message_stop', {}),
      ];
    }
    case 'gemini': {
      // Every response repeats the figures so far.
      const { candidatesTokensDetails: _, ...early } = usage;
      const first = { candidates: [{ content: { parts: [{ text: 'a' }] } }], modelVersion: model };
      return [
        frame({ ...first, usageMetadata: { ...early, candidatesTokenCount: 0 } }),
        frame(replyOf(given)),
      ];
    }
    case 'openai-responses':
      return [
        frame({ type: 'response.created', response: { id: 'r', model, status: 'in_progress', output: [] } }),
        frame({ type: 'response.completed', response: replyOf(given) }),
      ];
    default:
      return undefined;
  }
}

type Read = { usage: Usage; billing: Parameters<typeof priceUsage>[2] };

function gather(events: readonly Event[]): Read {
  const usage: Usage = {};
  const billing: NonNullable<Read['billing']> = {};
  for (const event of events) {
    if (event.type === 'error') throw event.error;
    if (event.type !== 'usage') continue;
    const { type: _, usage: told, estimated, ...rest } = event;
    Object.assign(usage, told);
    Object.assign(billing, rest);
    if (estimated === true) billing.estimated = true;
  }
  return { usage, billing };
}

function costOf({ provider, model }: CostCase, { usage, billing }: Read) {
  const { nanos, label } = priceUsage(
    usage,
    findPrice({ providerId: provider, baseUrl: '', model, at }),
    billing,
  );
  return { nanos, label };
}

describe.each(CASES)('$provider $model: $name', (given) => {
  const { outbound } = providerDialects[given.dialect];
  const expected = { nanos: given.nanos, label: given.label ?? 'exact' };

  test('costs what the price list says, to the nano-dollar', () => {
    expect(costOf(given, gather(outbound.readReply(replyOf(given))))).toEqual(expected);
  });

  test('costs the same when it is streamed', () => {
    const frames = framesOf(given);
    if (frames === undefined) return;
    const reader = outbound.openReader();
    const events = frames.flatMap((frame) => reader.read(frame));
    expect(costOf(given, gather([...events, ...reader.end()]))).toEqual(expected);
  });

  test('costs the same whatever is told twice, and in whatever order', () => {
    const events = outbound.readReply(replyOf(given));
    const told = events.filter((event) => event.type === 'usage');
    expect(costOf(given, gather([...told, ...events, ...told].reverse()))).toEqual(expected);
  });

  test('counts no token twice', () => {
    const { usage } = gather(outbound.readReply(replyOf(given)));
    const counted = Object.values(usage).reduce((sum, tokens) => sum + tokens, 0);
    expect(counted).toBeLessThanOrEqual(mostTokens(given.usage));
  });
});

/** Every figure that stands beside the others, added up: what is inside another is not among them. */
function mostTokens(usage: JsonObject): number {
  const figure = (name: string): number => (typeof usage[name] === 'number' ? usage[name] : 0);
  const compactions = Array.isArray(usage.iterations) ? 51_000 : 0;
  const cachedBeyond = figure('prompt_tokens') < 30 ? 30 : 0;
  const beside = ['cacheReadInputTokens', 'cacheWriteInputTokens', 'inputTokens', 'outputTokens'];
  const anthropic =
    'input_tokens' in usage && 'cache_read_input_tokens' in usage
      ? ['cache_read_input_tokens', 'cache_creation_input_tokens']
      : [];
  const names = [
    ...['prompt_tokens', 'completion_tokens', 'input_tokens', 'output_tokens'],
    ...['promptTokenCount', 'toolUsePromptTokenCount', 'candidatesTokenCount', 'thoughtsTokenCount'],
    ...beside,
    ...anthropic,
  ];
  const sum = names.reduce((total, name) => total + figure(name), 0) + compactions + cachedBeyond;
  return Math.max(sum, figure('total_tokens'));
}

test('there is a case for every class of tokens, every label and every dialect that is spoken to providers', () => {
  const classes = new Set(
    CASES.flatMap((given) =>
      Object.keys(gather(providerDialects[given.dialect].outbound.readReply(replyOf(given))).usage),
    ),
  );
  // Images that came from a cache are told in sessions alone.
  const all: { [tokenClass in keyof Usage]-?: true } = {
    inputFresh: true,
    inputCacheRead: true,
    inputCacheReadAudio: true,
    inputCacheReadImage: true,
    inputCacheWrite: true,
    inputCacheWrite1h: true,
    inputAudio: true,
    inputImage: true,
    outputText: true,
    outputThinking: true,
    outputAudio: true,
    outputImage: true,
  };
  expect(Object.keys(all).filter((name) => !classes.has(name))).toEqual(['inputCacheReadImage']);
  expect(new Set(CASES.map(({ label = 'exact' }) => label))).toEqual(
    new Set(['exact', 'estimated', 'unknown']),
  );
});

import { expect, test } from 'vitest';
import { type Call, dialects, type Event, type Frame, GatewayError, openCollector } from './index.ts';

const openai = dialects['openai-chat'];
const anthropic = dialects['anthropic-messages'];
const call = (streamUsage: boolean): Call =>
  openai.inbound.readCall({
    messages: [{ role: 'user', content: 'x' }],
    stream: true,
    stream_options: { include_usage: streamUsage },
  });

const frame = (value: unknown): Frame => ({ data: JSON.stringify(value) });
const chunk = (delta: object, more: object = {}): Frame =>
  frame({ id: 'c', model: 'm', choices: [{ index: 0, delta, finish_reason: null }], ...more });

test('Anthropic gets one open block at a time, and parts that alternate are held back', () => {
  const writer = anthropic.inbound.openWriter(call(false));
  const events: Event[] = [
    { type: 'reply-start', id: 'r', model: 'm' },
    { type: 'part-start', index: 0, kind: 'tool-call', tool: { id: 'a', name: 'f' } },
    { type: 'part-start', index: 1, kind: 'tool-call', tool: { id: 'b', name: 'g' } },
    { type: 'part-delta', index: 0, delta: '{"x":' },
    { type: 'part-delta', index: 1, delta: '{"y":' },
    { type: 'part-delta', index: 0, delta: '1}' },
    { type: 'part-delta', index: 1, delta: '2' },
    { type: 'part-end', index: 0 },
    { type: 'part-delta', index: 1, delta: '}' },
    { type: 'part-end', index: 1 },
    { type: 'usage', usage: { inputFresh: 5, outputText: 7 } },
    { type: 'reply-end', stop: 'tool-calls' },
  ];
  const frames = [...events.flatMap((event) => writer.write(event)), ...writer.end()];
  const told = frames.map(({ event, data }) => {
    const { index, delta } = JSON.parse(data);
    return [event, index, delta?.partial_json].filter((one) => one !== undefined).join(' ');
  });
  expect(told).toEqual([
    'message_start',
    'content_block_start 0',
    'content_block_delta 0 {"x":',
    'content_block_delta 0 1}',
    'content_block_stop 0',
    'content_block_start 1',
    'content_block_delta 1 {"y":2',
    'content_block_delta 1 }',
    'content_block_stop 1',
    'message_delta',
    'message_stop',
  ]);
  expect(JSON.parse(frames.at(-2)?.data ?? '')).toMatchObject({
    delta: { stop_reason: 'tool_use' },
    usage: { input_tokens: 5, output_tokens: 7 },
  });
});

test('usage known at the start is in message_start', () => {
  const writer = anthropic.inbound.openWriter(call(false));
  writer.write({ type: 'reply-start', id: 'r', model: 'm' });
  writer.write({ type: 'usage', usage: { inputFresh: 5 } });
  const [start] = writer.write({ type: 'part-start', index: 0, kind: 'text' });
  expect(JSON.parse(start?.data ?? '').message.usage).toEqual({ input_tokens: 5, output_tokens: 0 });
});

test('OpenAI’s usage chunk is written only for a caller who asked', () => {
  const told = (streamUsage: boolean): string[] => {
    const writer = openai.inbound.openWriter(call(streamUsage), { createdS: 1_760_000_000 });
    writer.write({ type: 'reply-start', id: 'r', model: 'm' });
    writer.write({ type: 'usage', usage: { inputFresh: 5, outputText: 7 } });
    writer.write({ type: 'reply-end', stop: 'end' });
    return writer.end().map(({ data }) => data);
  };
  expect(told(false)).toEqual(['[DONE]']);
  expect(told(true)).toEqual([
    '{"id":"r","object":"chat.completion.chunk","created":1760000000,"model":"m","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12}}',
    '[DONE]',
  ]);
});

test('a frame of usage alone is known as such, and no frame that says more', () => {
  const usage = { prompt_tokens: 1, completion_tokens: 1 };
  const reader = openai.outbound.openReader();
  const isUsageOnly = (one: Frame): boolean => openai.outbound.isUsageOnlyFrame(one, reader.read(one));
  expect(isUsageOnly(chunk({ content: 'say "choices":[]' }))).toBe(false);
  expect(isUsageOnly(chunk({}, { usage }))).toBe(false);
  expect(isUsageOnly(frame({ id: 'c', choices: [], usage }))).toBe(true);
  expect(isUsageOnly(frame({ id: 'c', choices: [], usage: null }))).toBe(false);
  const start = frame({ type: 'message_start', message: { id: 'm', usage: { input_tokens: 1 } } });
  expect(anthropic.outbound.isUsageOnlyFrame(start, anthropic.outbound.openReader().read(start))).toBe(false);
});

test('cache writes of an hour stay apart although the last event leaves out or nulls what it said before', () => {
  const reader = anthropic.outbound.openReader();
  const usage = {
    input_tokens: 3,
    cache_creation_input_tokens: 30,
    cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
    output_tokens: 1,
  };
  reader.read(frame({ type: 'message_start', message: { id: 'm', content: [], usage } }));
  const [last] = reader.read(
    frame({ type: 'message_delta', delta: {}, usage: { input_tokens: null, output_tokens: 9 } }),
  );
  expect(last).toEqual({
    type: 'usage',
    usage: { inputFresh: 3, inputCacheWrite: 10, inputCacheWrite1h: 20, outputText: 9 },
  });
});

test('figures that contradict each other are never negative, and marked', () => {
  const [, usage] = openai.outbound.openReader().read(
    frame({
      id: 'c',
      choices: [],
      usage: { prompt_tokens: 5, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 9 } },
    }),
  );
  expect(usage).toEqual({
    type: 'usage',
    usage: { inputCacheRead: 9, inputFresh: 0, outputText: 2 },
    estimated: true,
  });
});

test('an overload after a 200 is an error that another target may answer', () => {
  const reader = anthropic.outbound.openReader();
  const [event] = reader.read(
    frame({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
  );
  expect(event?.type === 'error' && [event.error.code, event.error.detail.retryable]).toEqual([
    'overloaded',
    true,
  ]);
  expect(reader.end()).toEqual([]);
});

test.each(Object.values(dialects))(
  '$id reads any JSON without throwing, and gives at most one error',
  (dialect) => {
    const oddities = [
      null,
      7,
      [],
      {},
      { choices: 'x' },
      { choices: [null] },
      { choices: [{ delta: 7 }] },
      { choices: [{ delta: { content: 7, tool_calls: [null, { function: 7 }] } }], usage: 7 },
      { type: 'content_block_delta' },
      { type: 'content_block_start', index: 'x', content_block: 7 },
      { type: 'message_start', message: 7 },
      { type: 'message_delta', delta: 7, usage: { input_tokens: -1, output_tokens: 'x' } },
      { error: 'text' },
      { type: 'error' },
    ];
    for (const odd of oddities) {
      const reader = dialect.outbound.openReader();
      const events = [...reader.read(frame(odd)), ...reader.read(frame({})), ...reader.end()];
      expect(events.filter((event) => event.type === 'error')).toHaveLength(1);
    }
  },
);

test.each(Object.values(dialects))('$id calls a whole reply that is none a bad response', (dialect) => {
  for (const body of [null, 'text', [], {}, { choices: [] }, { content: 'x' }]) {
    expect(() => dialect.outbound.readReply(body)).toThrow(GatewayError);
  }
});

test('a collector gives what came so far', () => {
  const collector = openCollector();
  collector.add({ type: 'reply-start', id: 'r', model: 'm' });
  collector.add({ type: 'part-start', index: 0, kind: 'text' });
  collector.add({ type: 'part-delta', index: 0, delta: 'Half ' });
  const early = collector.reply();
  collector.add({ type: 'part-delta', index: 0, delta: 'a' });
  expect(early.parts).toEqual([{ kind: 'text', text: 'Half ' }]);
  expect(collector.reply()).toEqual({
    id: 'r',
    model: 'm',
    parts: [{ kind: 'text', text: 'Half a' }],
    stop: 'other',
    usage: {},
  });
});

import { expect, test } from 'vitest';
import type { Call } from '../call.ts';
import { GatewayError } from '../error.ts';
import type { Event } from '../event.ts';
import { explode } from '../explode.ts';
import { closing, openOwnWriter } from './write-stream.ts';

const call: Call = {
  model: 'any',
  system: [],
  messages: [],
  tools: [],
  sampling: {},
  stop: [],
  stream: true,
  streamUsage: false,
  extra: { dialect: 'openai-responses', fields: {} },
};
const facts = {
  id: 'resp_1',
  requestId: 'req_1',
  routed: { provider: 'anthropic', model: 'claude', mode: 'pinned' },
};

function written(events: readonly Event[]): { name: string | undefined; data: unknown }[] {
  const writer = openOwnWriter(call, facts);
  return [...events.flatMap((event) => writer.write(event)), ...writer.end()].map(({ event, data }) => ({
    name: event,
    data: data.startsWith('{') ? JSON.parse(data) : data,
  }));
}

test('a reply is the six events in their order, with thinking, text and whole tool calls in deltas', () => {
  const frames = written(
    explode({
      id: 'msg_1',
      model: 'claude',
      parts: [
        { kind: 'thinking', text: 'Hm.' },
        { kind: 'text', text: 'Hello' },
        { kind: 'tool-call', id: 'call_1', name: 'look', input: '{"at":1}' },
      ],
      stop: 'tool-calls',
      usage: { inputFresh: 5, inputCacheRead: 2, outputText: 3 },
    }),
  );
  expect(frames).toEqual([
    {
      name: 'metadata',
      data: {
        type: 'metadata',
        event: 'metadata',
        id: 'resp_1',
        provider: 'anthropic',
        model: 'claude',
        routing_mode: 'pinned',
        request_id: 'req_1',
      },
    },
    { name: 'message.start', data: { type: 'message', event: 'message.start', role: 'assistant' } },
    deltaOf({ thinking: 'Hm.' }),
    deltaOf({ text: 'Hello' }),
    deltaOf({ tool_use: { type: 'tool_use', id: 'call_1', name: 'look', input: { at: 1 } } }),
    {
      name: 'usage',
      data: { type: 'usage', event: 'usage', input_tokens: 7, output_tokens: 3, total_tokens: 10 },
    },
    { name: 'message.end', data: { type: 'message_end', event: 'message.end', stop_reason: 'tool_use' } },
    { name: 'done', data: '[DONE]' },
  ]);
});

function deltaOf(delta: object) {
  return { name: 'content.delta', data: { type: 'content.delta', event: 'content.delta', delta } };
}

test('a stream that failed ends in a typed error and never in done', () => {
  const error = new GatewayError('provider_failed', 'The provider failed.');
  const frames = written([
    { type: 'reply-start', id: 'a', model: 'b' },
    { type: 'error', error },
    { type: 'reply-end', stop: 'end' },
  ]);
  expect(frames.map(({ name }) => name)).toEqual(['metadata', 'message.start', 'error']);
  expect(frames.at(-1)?.data).toMatchObject({ error: { code: 'provider_failed' } });
  expect(closing.is({ event: 'done', data: '' })).toBe(true);
});

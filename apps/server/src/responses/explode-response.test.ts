import { collect, dialects, type JsonObject, writeFrame } from '@app/protocol';
import { expect, test } from 'vitest';
import { explodeResponse } from './explode-response.ts';
import { isFinal } from './watch-reply.ts';

const response: JsonObject = {
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  status: 'completed',
  model: 'm',
  output: [
    {
      id: 'rs_1',
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: 'Thinking.' }],
      encrypted_content: 'gAAA',
    },
    {
      id: 'msg_1',
      type: 'message',
      status: 'completed',
      role: 'assistant',
      content: [
        { type: 'output_text', text: 'Grüße 👋🏽', annotations: [], logprobs: [] },
        { type: 'refusal', refusal: 'No.' },
      ],
    },
    {
      id: 'fc_1',
      type: 'function_call',
      status: 'completed',
      call_id: 'call_1',
      name: 'f',
      arguments: '{"a":1}',
    },
    { id: 'ws_1', type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'q' } },
  ],
  usage: { input_tokens: 3, output_tokens: 4, total_tokens: 7 },
};

test('the events of a reply say the same as the reply', () => {
  const { outbound } = dialects['openai-responses'];
  const reader = outbound.openReader();
  const events = explodeResponse(response).map((event, sequence_number) => ({ ...event, sequence_number }));
  const read = events.flatMap((event) =>
    reader.read({ event: String((event as JsonObject).type), data: JSON.stringify(event) }),
  );
  expect(collect([...read, ...reader.end()])).toEqual(collect(outbound.readReply(response)));
});

test('a stream begins without output, ends with the whole reply, and has one final event', () => {
  const events = explodeResponse(response);
  expect(events[0]).toMatchObject({
    type: 'response.created',
    response: { status: 'in_progress', output: [] },
  });
  expect(events.at(-1)).toEqual({ type: 'response.completed', response });
  expect(events.filter(({ type }) => isFinal(type))).toHaveLength(1);
  expect(events.every((event) => !writeFrame({ data: JSON.stringify(event) }).includes('undefined'))).toBe(
    true,
  );
});

test('a reply that failed or was cancelled never ends like one that succeeded', () => {
  for (const [status, type] of [
    ['failed', 'response.failed'],
    ['cancelled', 'response.incomplete'],
    ['incomplete', 'response.incomplete'],
  ] as const) {
    expect(explodeResponse({ ...response, status }).at(-1)).toMatchObject({ type, response: { status } });
  }
});

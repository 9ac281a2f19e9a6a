import { expect, test } from 'vitest';
import { type Call, dialects, type Event, GatewayError, type JsonObject } from '../index.ts';

const responses = dialects['openai-responses'];
const call: Call = responses.inbound.readCall({ input: 'x', stream: true });
const start: Event = { type: 'reply-start', id: 'chatcmpl-1', model: 'm' };
const end: Event = { type: 'reply-end', stop: 'end' };

function write(events: Event[], facts = {}): JsonObject[] {
  const writer = responses.inbound.openWriter(call, { id: 'resp_1', ...facts });
  const frames = [...events.flatMap((event) => writer.write(event)), ...writer.end()];
  return frames.map(({ event, data }) =>
    data === '[DONE]' ? { type: data } : { ...JSON.parse(data), event },
  );
}

const typesOf = (bodies: JsonObject[]): string[] =>
  bodies.map(({ type }) => `${type}`.replace('response.', ''));

test('a text is told as OpenAI tells it', () => {
  const bodies = write([
    start,
    { type: 'part-start', index: 0, kind: 'text' },
    { type: 'part-delta', index: 0, delta: 'Fo"g' },
    { type: 'part-end', index: 0 },
    end,
  ]);
  expect(typesOf(bodies)).toEqual([
    'created',
    'in_progress',
    'output_item.added',
    'content_part.added',
    'output_text.delta',
    'output_text.done',
    'content_part.done',
    'output_item.done',
    'completed',
    '[DONE]',
  ]);
  expect(bodies[4]).toEqual({
    type: 'response.output_text.delta',
    event: 'response.output_text.delta',
    item_id: 'msg_tr_1_0',
    output_index: 0,
    content_index: 0,
    delta: 'Fo"g',
    logprobs: [],
    sequence_number: 4,
  });
});

test('one item is open at a time, and parts that alternate are held back', () => {
  const bodies = write([
    start,
    { type: 'part-start', index: 0, kind: 'tool-call', tool: { id: 'a', name: 'f' } },
    { type: 'part-start', index: 1, kind: 'tool-call', tool: { id: 'b', name: 'g' } },
    { type: 'part-delta', index: 1, delta: '{' },
    { type: 'part-delta', index: 0, delta: '{}' },
    { type: 'part-delta', index: 1, delta: '}' },
    { type: 'part-end', index: 0 },
    end,
  ]);
  const told = bodies
    .slice(2, -2)
    .map(({ type, output_index, delta }) => `${type} ${output_index} ${delta ?? ''}`);
  expect(told.map((line) => line.replace(/response\.|function_call_/g, '').trim())).toEqual([
    'output_item.added 0',
    'arguments.delta 0 {}',
    'arguments.done 0',
    'output_item.done 0',
    'output_item.added 1',
    'arguments.delta 1 {',
    'arguments.delta 1 }',
    'arguments.done 1',
    'output_item.done 1',
  ]);
});

test('texts and refusals in a row are one message, and anything else closes it', () => {
  const text = (index: number, kind: 'text' | 'refusal' | 'thinking'): Event[] => [
    { type: 'part-start', index, kind },
    { type: 'part-delta', index, delta: `${index}` },
    { type: 'part-end', index },
  ];
  const bodies = write([
    start,
    ...text(0, 'text'),
    ...text(1, 'refusal'),
    ...text(2, 'thinking'),
    ...text(3, 'text'),
    end,
  ]);
  const { response } = bodies.at(-2) ?? {};
  expect(response).toMatchObject({
    status: 'completed',
    output: [
      { type: 'message', content: [{ text: '0' }, { refusal: '1' }] },
      { type: 'reasoning', summary: [{ text: '2' }] },
      { type: 'message', content: [{ text: '3' }] },
    ],
  });
});

test('a message that is still open when the limit is met is incomplete', () => {
  const bodies = write([
    start,
    { type: 'part-start', index: 0, kind: 'text' },
    { type: 'part-delta', index: 0, delta: 'Fog' },
    { type: 'usage', usage: { inputFresh: 5, outputText: 7 }, serviceTier: 'standard' },
    { type: 'reply-end', stop: 'length' },
  ]);
  expect(typesOf(bodies).at(-2)).toBe('incomplete');
  const { response } = bodies.at(-2) ?? {};
  expect(response).toMatchObject({
    status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' },
    output: [{ status: 'incomplete' }],
    usage: { input_tokens: 5, output_tokens: 7, total_tokens: 12 },
  });
  // A word that this wire does not have is not told.
  expect(response).not.toHaveProperty('service_tier');
});

test('every seal reaches the caller, with its maker’s own id of the thinking', () => {
  const seals = [
    { maker: 'openai', value: 'gAAA', id: 'rs_1' },
    { maker: 'anthropic', value: 'c2VhbA==' },
  ] as const;
  const bodies = write([
    start,
    ...seals.flatMap((signature, index): Event[] => [
      { type: 'part-start', index, kind: 'thinking' },
      { type: 'part-end', index, signature },
    ]),
    { type: 'part-start', index: 2, kind: 'tool-call', tool: { id: 'a', name: 'f' } },
    { type: 'part-end', index: 2, signature: { maker: 'google', value: 'Z29v' } },
    end,
  ]);
  const { response } = bodies.at(-2) ?? {};
  expect(response).toMatchObject({
    output: [
      { type: 'reasoning', summary: [], encrypted_content: 'tr1.openai..rs_1.gAAA' },
      { type: 'reasoning', summary: [], encrypted_content: 'tr1.anthropic...c2VhbA==' },
      { type: 'function_call', call_id: 'a' },
      { type: 'reasoning', summary: [], encrypted_content: 'trs1.tr1.google...Z29v' },
    ],
  });
});

test('a failure is one event, told as the document and as OpenAI’s own client have it, and no end', () => {
  const bodies = write(
    [start, { type: 'error', error: new GatewayError('provider_failed', 'Broken.') }, end],
    { requestId: 'req_1' },
  );
  expect(bodies.at(-1)).toEqual({
    type: 'error',
    event: 'error',
    code: 'provider_failed',
    message: 'Broken.',
    param: null,
    error: {
      type: 'provider_error',
      message: 'Broken.',
      code: 'provider_failed',
      param: null,
      http_status: 502,
      request_id: 'req_1',
    },
    sequence_number: 2,
  });
  expect(bodies).toHaveLength(3);
});

test('what was asked is repeated, and tools in the shape that they were sent in', () => {
  const nested = { type: 'function', function: { name: 'look', parameters: { type: 'object' } } };
  const asked = responses.inbound.readCall({
    input: 'x',
    instructions: 'Be brief.',
    tools: [nested, { type: 'function', name: 'listen' }],
    tool_choice: { type: 'function', function: { name: 'look' } },
    reasoning: { effort: 'none' },
    previous_response_id: 'resp_0',
    conversation: 'conv_1',
    max_tool_calls: 2,
  });
  const reply = { id: 'a', model: 'm', parts: [], stop: 'end', usage: {} } as const;
  const body = responses.inbound.writeReply(
    { ...reply, parts: [] },
    { call: asked, id: 'resp_9', createdS: 5 },
  );
  expect(body).toMatchObject({
    id: 'resp_9',
    created_at: 5,
    instructions: 'Be brief.',
    tools: [nested, { type: 'function', name: 'listen', parameters: null, strict: null }],
    tool_choice: { type: 'function', name: 'look' },
    reasoning: { effort: 'none', summary: null },
    text: { format: { type: 'text' } },
    previous_response_id: 'resp_0',
    conversation: { id: 'conv_1' },
    max_tool_calls: 2,
    temperature: 1,
    metadata: {},
  });
});

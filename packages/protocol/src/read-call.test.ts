import { describe, expect, test } from 'vitest';
import { type CallerDialectId, dialects, GatewayError, type JsonObject } from './index.ts';

const openai = dialects['openai-chat'];
const anthropic = dialects['anthropic-messages'];
const hello = [{ role: 'user', content: 'Hello' }];

function fault(id: CallerDialectId, body: JsonObject): string {
  try {
    dialects[id].inbound.readCall(body);
  } catch (error) {
    if (error instanceof GatewayError) return `${error.code} ${error.detail.param}`;
    throw error;
  }
  return 'none';
}

test.each<[JsonObject, string]>([
  [{}, 'missing_parameter messages'],
  [{ messages: 'hi' }, 'invalid_parameter messages'],
  [{ messages: [] }, 'invalid_parameter messages'],
  [{ messages: [7] }, 'invalid_parameter messages[0]'],
  [{ messages: [{ content: 'x' }] }, 'missing_parameter messages[0].role'],
  [{ messages: [{ role: 'robot', content: 'x' }] }, 'invalid_parameter messages[0].role'],
  [{ messages: [...hello, ...hello, { role: 'user', content: 7 }] }, 'invalid_parameter messages[2].content'],
  [{ messages: [{ role: 'user' }] }, 'missing_parameter messages[0].content'],
  [
    { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] },
    'missing_parameter messages[0].content[0].image_url',
  ],
  [
    { messages: [{ role: 'assistant', tool_calls: [{ id: 'a', function: {} }] }] },
    'missing_parameter messages[0].tool_calls[0].function.name',
  ],
  [{ messages: [{ role: 'tool', content: 'x' }] }, 'missing_parameter messages[0].tool_call_id'],
  [{ messages: hello, model: 7 }, 'invalid_parameter model'],
  [{ messages: hello, temperature: '1' }, 'invalid_parameter temperature'],
  [{ messages: hello, max_tokens: -1 }, 'invalid_parameter max_tokens'],
  [{ messages: hello, stream: 'yes' }, 'invalid_parameter stream'],
  [{ messages: hello, stop: [1] }, 'invalid_parameter stop[0]'],
  [{ messages: hello, tools: {} }, 'invalid_parameter tools'],
  [{ messages: hello, tools: [{ type: 'function' }] }, 'missing_parameter tools[0].function'],
  [{ messages: hello, tool_choice: 7 }, 'invalid_parameter tool_choice'],
  [
    { messages: hello, response_format: { type: 'json_schema' } },
    'missing_parameter response_format.json_schema',
  ],
])('a chat completion %j is refused by name: %s', (body, expected) => {
  expect(fault('openai-chat', body)).toBe(expected);
});

test.each<[JsonObject, string]>([
  [{ messages: hello }, 'missing_parameter max_tokens'],
  [{ max_tokens: 5 }, 'missing_parameter messages'],
  [{ max_tokens: 1.5, messages: hello }, 'invalid_parameter max_tokens'],
  [{ max_tokens: 5, messages: hello, system: 7 }, 'invalid_parameter system'],
  [{ max_tokens: 5, messages: hello, system: [{ type: 'image' }] }, 'invalid_parameter system[0].type'],
  [
    { max_tokens: 5, messages: [{ role: 'user', content: [{ type: 'text' }] }] },
    'missing_parameter messages[0].content[0].text',
  ],
  [
    {
      max_tokens: 5,
      messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 7 }] }],
    },
    'invalid_parameter messages[0].content[0].content',
  ],
  [{ max_tokens: 5, messages: hello, tools: [{ name: 'a' }] }, 'missing_parameter tools[0].input_schema'],
  [
    { max_tokens: 5, messages: hello, thinking: { type: 'enabled' } },
    'missing_parameter thinking.budget_tokens',
  ],
  [{ max_tokens: 5, messages: hello, metadata: { user_id: 7 } }, 'invalid_parameter metadata.user_id'],
])('a message request %j is refused by name: %s', (body, expected) => {
  expect(fault('anthropic-messages', body)).toBe(expected);
});

describe('limits', () => {
  const many = (count: number, value: JsonObject): JsonObject[] => Array.from({ length: count }, () => value);

  test('too many messages, parts or tools are refused', () => {
    const text = { type: 'text', text: 'x' };
    expect(fault('openai-chat', { messages: many(20_001, { role: 'user', content: 'x' }) })).toMatch(
      / messages$/,
    );
    expect(fault('openai-chat', { messages: [{ role: 'user', content: many(5_001, text) }] })).toMatch(
      /content$/,
    );
    expect(fault('anthropic-messages', { max_tokens: 1, messages: hello, tools: many(2_001, {}) })).toMatch(
      /tools$/,
    );
  });

  test('the paths of unknown nested fields are bounded', () => {
    const odd = Object.fromEntries(Array.from({ length: 500 }, (_, place) => [`odd${place}`, 1]));
    const call = openai.inbound.readCall({ messages: [{ role: 'user', content: 'x', ...odd }] });
    expect(call.unread).toHaveLength(100);
  });
});

test('a field named like a prototype becomes nobody’s prototype, and passes on in its own dialect', () => {
  const body = JSON.parse(
    '{"messages":[{"role":"user","content":"x","__proto__":{"a":1}}],"__proto__":{"polluted":true},"constructor":{"b":1}}',
  );
  const call = openai.inbound.readCall(body);
  expect(Object.getPrototypeOf(call.extra.fields)).toBe(Object.prototype);
  expect(call.extra.fields).not.toHaveProperty('polluted');
  expect(Object.hasOwn(call.extra.fields, 'constructor')).toBe(true);
  const passed = JSON.stringify(openai.outbound.writeCall(call, 'm').body);
  expect(passed).toContain('"__proto__":{"polluted":true}');
  expect(JSON.stringify(anthropic.outbound.writeCall(call, 'm').body)).not.toContain('polluted');
});

test('a call in its own dialect keeps unknown fields at every depth and is not written into', () => {
  const body = {
    model: 'alias',
    stream: true,
    stream_options: { include_obfuscation: false },
    messages: [{ role: 'user', content: [{ type: 'text', text: 'x', next_year: [1] }] }],
    next_year: { deep: true },
  };
  const before = structuredClone(body);
  const call = openai.inbound.readCall(body);
  expect(openai.outbound.writeCall(call, 'own').body).toEqual({
    ...before,
    model: 'own',
    stream_options: { include_obfuscation: false, include_usage: true },
  });
  expect(body).toEqual(before);
  expect(call.streamUsage).toBe(false);
});

test('the limit is read under its new and its old name, and instructions under both roles', () => {
  const read = (body: JsonObject): unknown =>
    openai.inbound.readCall({ messages: hello, ...body }).outputTokensMax;
  expect([read({ max_tokens: 5 }), read({ max_completion_tokens: 6, max_tokens: 5 })]).toEqual([5, 6]);
  const messages = [{ role: 'developer', content: 'a' }, { role: 'system', content: 'b' }, ...hello];
  expect(openai.inbound.readCall({ messages }).system.map((part) => part.text)).toEqual(['a', 'b']);
});

test('without a limit Anthropic gets 8,192 tokens beside the thinking budget, and that is told', () => {
  const call = openai.inbound.readCall({ messages: hello });
  call.thinking = { kind: 'budget', tokens: 2_000 };
  const { body, losses } = anthropic.outbound.writeCall(call, 'claude');
  expect(body.max_tokens).toBe(10_192);
  expect(losses).toEqual([{ path: 'max_completion_tokens', why: 'lowered' }]);
});

test('results stand first in their turn for Anthropic, also when an instruction came between', () => {
  const call = openai.inbound.readCall({
    messages: [
      { role: 'user', content: 'Look.' },
      {
        role: 'assistant',
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'look', arguments: '{}' } }],
      },
      { role: 'system', content: 'Be brief.' },
      { role: 'tool', tool_call_id: 'a', content: 'a cat' },
    ],
  });
  const { messages } = anthropic.outbound.writeCall(call, 'claude').body;
  expect(messages).toMatchObject([
    { role: 'user' },
    { role: 'assistant' },
    { role: 'user', content: [{ type: 'tool_result' }, { text: '<system>\nBe brief.\n</system>' }] },
  ]);
});

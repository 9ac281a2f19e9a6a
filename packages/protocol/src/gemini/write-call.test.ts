import { describe, expect, test } from 'vitest';
import { type Call, dialects, type JsonObject } from '../index.ts';

const gemini = dialects.gemini;
const chat = (messages: JsonObject[], more: JsonObject = {}): Call =>
  dialects['openai-chat'].inbound.readCall({ messages, ...more });
const asked = (more: JsonObject = {}): Call => chat([{ role: 'user', content: 'Hi' }], more);
const called = (id: string, name: string, input = '{}'): JsonObject => ({
  id,
  type: 'function',
  function: { name, arguments: input },
});
const assistant = (...calls: JsonObject[]): JsonObject => ({ role: 'assistant', tool_calls: calls });
const result = (id: string, content: string): JsonObject => ({ role: 'tool', tool_call_id: id, content });

const contentsOf = (call: Call, model = 'gemini-2.5-flash'): unknown =>
  gemini.outbound.writeCall(call, model).body.contents;

test('the model and the wish to stream are in the path and not in the body', () => {
  const call = gemini.inbound.readCall({
    model: 'alias',
    stream: true,
    contents: [{ parts: [{ text: 'x', next_year: 1 }] }],
    safetySettings: [],
    next_year: { deep: [1] },
  });
  const passed = {
    contents: [{ parts: [{ text: 'x', next_year: 1 }] }],
    safetySettings: [],
    next_year: { deep: [1] },
  };
  expect(gemini.outbound.writeCall(call, 'gemini-2.5-pro')).toEqual({ body: passed, losses: [] });
  expect(gemini.outbound.paths).toEqual({
    whole: '/models/{model}:generateContent',
    stream: '/models/{model}:streamGenerateContent?alt=sse',
  });
});

describe('results of tools', () => {
  test('name their function, and follow each other in one turn', () => {
    const call = chat([
      { role: 'user', content: 'Go.' },
      assistant(called('call_a', 'look', '{"at":"a"}'), called('call_b', 'hear')),
      result('call_b', 'a bird'),
      result('call_a', '{"seen":["cat"]}'),
    ]);
    expect(contentsOf(call)).toEqual([
      { role: 'user', parts: [{ text: 'Go.' }] },
      {
        role: 'model',
        parts: [
          { functionCall: { name: 'look', args: { at: 'a' }, id: 'call_a' } },
          { functionCall: { name: 'hear', args: {}, id: 'call_b' } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { name: 'hear', response: { output: 'a bird' }, id: 'call_b' } },
          { functionResponse: { name: 'look', response: { seen: ['cat'] }, id: 'call_a' } },
        ],
      },
    ]);
  });

  test('carry no id that we made up, and stand in the order of their calls instead', () => {
    const whole = {
      candidates: [
        {
          content: {
            parts: [{ functionCall: { name: 'f' } }, { functionCall: { name: 'f', args: { b: 1 } } }],
          },
          finishReason: 'STOP',
        },
      ],
      responseId: 'r1',
    };
    const starts = gemini.outbound.readReply(whole).filter((event) => event.type === 'part-start');
    const [a = '', b = ''] = starts.map((event) => (event.kind === 'tool-call' ? event.tool.id : ''));
    expect(a).not.toBe(b);
    expect([a, b].every((id) => /^[A-Za-z0-9_-]{1,40}$/.test(id))).toBe(true);
    const call = chat([assistant(called(a, 'f'), called(b, 'f')), result(b, 'two'), result(a, 'one')]);
    expect(contentsOf(call)).toEqual([
      {
        role: 'model',
        parts: [{ functionCall: { name: 'f', args: {} } }, { functionCall: { name: 'f', args: {} } }],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { name: 'f', response: { output: 'one' } } },
          { functionResponse: { name: 'f', response: { output: 'two' } } },
        ],
      },
    ]);
  });

  test.each([
    'plain',
    '{"a": 1}',
    '{"output":"x"}',
    '{"error":"x"}',
    '{}',
    '[1]',
    '{broken',
    '12345678901234567890',
  ])('come back as the same text: %s', (text) => {
    const call = chat([assistant(called('a', 'f')), result('a', text)]);
    const body = JSON.parse(JSON.stringify(gemini.outbound.writeCall(call, 'm').body));
    const [, back] = gemini.inbound.readCall(body).messages;
    expect(back?.parts).toEqual([{ kind: 'tool-result', callId: 'a', parts: [{ kind: 'text', text }] }]);
  });
});

describe('signatures', () => {
  const anthropic = (content: JsonObject[]): Call =>
    dialects['anthropic-messages'].inbound.readCall({
      max_tokens: 9,
      messages: [
        { role: 'user', content: 'Go.' },
        { role: 'assistant', content },
      ],
    });
  const use = { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} };

  test("another maker's thinking stays behind, and that is told", () => {
    const call = anthropic([{ type: 'thinking', thinking: 'Hm.', signature: 'sig' }, use]);
    const { body, losses } = gemini.outbound.writeCall(call, 'gemini-2.5-pro');
    expect(JSON.stringify(body)).not.toContain('Hm.');
    expect(losses).toContainEqual({ path: 'messages[].content[].thinking', why: 'unsupported' });
  });

  test("Gemini 3 gets Google's word for calls that it did not make, on the first of a turn alone", () => {
    const call = anthropic([use, { ...use, id: 'toolu_2' }]);
    const [, turn] = JSON.parse(JSON.stringify(contentsOf(call, 'gemini-3-pro-preview')));
    expect(turn.parts.map((part: JsonObject) => part.thoughtSignature)).toEqual([
      'skip_thought_signature_validator',
      undefined,
    ]);
    expect(JSON.stringify(contentsOf(call, 'gemini-2.5-pro'))).not.toContain('skip_thought');
  });

  test('a caller of Gemini brings a foreign signature back, and no Gemini provider sees it', () => {
    const seal = { maker: 'anthropic', value: 'sig', isRedacted: true } as const;
    const reply = gemini.inbound.writeReply({
      id: 'r',
      model: 'm',
      parts: [
        { kind: 'thinking', text: '', signature: seal },
        { kind: 'tool-call', id: 'gm_call_x_0', name: 'f', input: '{}' },
      ],
      stop: 'tool-calls',
      usage: {},
    });
    const { content } = JSON.parse(JSON.stringify(reply)).candidates[0];
    // The wire's field is bytes: Google's Python client refuses anything that is not base64.
    expect(content.parts[0].thoughtSignature).toMatch(/^[A-Za-z0-9+/]+=*$/);
    const call = gemini.inbound.readCall({ contents: [content] });
    expect(call.messages[0]?.parts).toMatchObject([
      { kind: 'thinking', text: '', signature: seal },
      { kind: 'tool-call', name: 'f' },
    ]);
    expect(gemini.outbound.writeCall(call, 'gemini-3-flash')).toEqual({
      body: {
        contents: [
          {
            role: 'model',
            parts: [
              { functionCall: { name: 'f', args: {} }, thoughtSignature: 'skip_thought_signature_validator' },
            ],
          },
        ],
      },
      losses: [{ path: 'contents[].parts[].thought', why: 'unsupported' }],
    });
    const { body } = dialects['anthropic-messages'].outbound.writeCall(call, 'claude');
    expect(JSON.stringify(body)).toContain('sig');
  });
});

test('an instruction inside a conversation is marked in the user’s turn, and turns alternate', () => {
  const call = chat([
    { role: 'user', content: 'One.' },
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Two.' },
  ]);
  expect(contentsOf(call)).toEqual([
    { role: 'user', parts: [{ text: 'One.' }, { text: '<system>\nBe brief.\n</system>' }, { text: 'Two.' }] },
  ]);
});

test.each<[string, { effort: string; isChanged: boolean }, JsonObject]>([
  ['gemini-2.5-flash', { effort: 'none', isChanged: false }, { thinkingBudget: 0 }],
  ['gemini-2.5-pro', { effort: 'none', isChanged: true }, { thinkingBudget: 128 }],
  [
    'gemini-2.5-flash',
    { effort: 'medium', isChanged: true },
    { thinkingBudget: 8_192, includeThoughts: true },
  ],
  ['gemini-3-flash-preview', { effort: 'none', isChanged: true }, { thinkingLevel: 'MINIMAL' }],
  [
    'gemini-3-flash-preview',
    { effort: 'medium', isChanged: false },
    { thinkingLevel: 'MEDIUM', includeThoughts: true },
  ],
  [
    'gemini-3-pro-preview',
    { effort: 'medium', isChanged: true },
    { thinkingLevel: 'HIGH', includeThoughts: true },
  ],
  [
    'gemini-3.1-pro-preview',
    { effort: 'minimal', isChanged: true },
    { thinkingLevel: 'LOW', includeThoughts: true },
  ],
  [
    'google/gemini-3-flash',
    { effort: 'xhigh', isChanged: true },
    { thinkingLevel: 'HIGH', includeThoughts: true },
  ],
])('%s thinks with %j as %j', (model, { effort, isChanged }, expected) => {
  const { body, losses } = gemini.outbound.writeCall(asked({ reasoning_effort: effort }), model);
  expect(body.generationConfig).toEqual({ thinkingConfig: expected });
  expect(losses).toEqual(isChanged ? [{ path: 'reasoning_effort', why: 'changed' }] : []);
});

test('functions share an entry and keep their JSON schema, and a choice needs functions', () => {
  const schema = { type: 'object', properties: { a: { type: ['string', 'null'] } }, $defs: {} };
  const tools = [{ type: 'function', function: { name: 'f', parameters: schema } }];
  const { body } = gemini.outbound.writeCall(asked({ tools, tool_choice: 'required' }), 'm');
  expect(body).toMatchObject({
    tools: [{ functionDeclarations: [{ name: 'f', parametersJsonSchema: schema }] }],
    toolConfig: { functionCallingConfig: { mode: 'ANY' } },
  });
  expect(gemini.outbound.writeCall(asked({ tool_choice: 'none' }), 'm').body).not.toHaveProperty(
    'toolConfig',
  );
});

test('labels are sent when Google would take them', () => {
  const call = { ...asked(), metadata: { team: 'search-1' } };
  expect(gemini.outbound.writeCall(call, 'm').body.labels).toEqual({ team: 'search-1' });
  const { body, losses } = gemini.outbound.writeCall({ ...call, metadata: { Team: 'A B' } }, 'm');
  expect(body).not.toHaveProperty('labels');
  expect(losses).toEqual([{ path: 'metadata', why: 'unsupported' }]);
});

import type { JsonObject } from '@app/protocol';
import { describe, expect, test } from 'vitest';
import type { AttributedSpan } from '../received/received-span.ts';
import { makeAttributedSpan } from './make-attributed-span.ts';
import { mapContent } from './map-content.ts';

const map = (attributes: JsonObject, more: Partial<AttributedSpan> = {}) =>
  mapContent(makeAttributedSpan(attributes, more));
const json = JSON.stringify;

const CALL = {
  id: 'call_1',
  type: 'function',
  function: { name: 'get_weather', arguments: '{"city":"Bern"}' },
};

/** The same conversation, as each sender writes it. */
const CONVERSATION = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'How is Bern?' },
  { role: 'assistant', tool_calls: [CALL] },
  { role: 'tool', tool_call_id: 'call_1', content: '{"celsius":4}' },
];
const PARTS = [
  { kind: 'thinking', text: 'Cold.' },
  { kind: 'text', text: 'Four degrees.' },
];
const EXPECTED = {
  dialect: 'openai-chat',
  request: { messages: CONVERSATION },
  reply: { parts: PARTS },
  systemPrompt: 'Be brief.',
};

const flat = (prefix: string, values: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));

const SENDERS: [name: string, attributes: JsonObject, more?: Partial<AttributedSpan>][] = [
  [
    'OpenTelemetry since 1.37',
    {
      'gen_ai.operation.name': 'chat',
      'gen_ai.system_instructions': json([{ type: 'text', content: 'Be brief.' }]),
      'gen_ai.input.messages': json([
        { role: 'user', parts: [{ type: 'text', content: 'How is Bern?' }] },
        {
          role: 'assistant',
          parts: [{ type: 'tool_call', id: 'call_1', name: 'get_weather', arguments: { city: 'Bern' } }],
        },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_1', response: { celsius: 4 } }] },
      ]),
      'gen_ai.output.messages': json([
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'Cold.' },
            { type: 'text', content: 'Four degrees.' },
          ],
        },
      ]),
    },
  ],
  [
    'OpenTelemetry before 1.37: an event for each message',
    { 'gen_ai.system': 'openai', 'gen_ai.request.model': '' },
    {
      events: [
        ['gen_ai.system.message', { content: 'Be brief.' }],
        ['gen_ai.user.message', { content: 'How is Bern?' }],
        ['gen_ai.assistant.message', { tool_calls: json([CALL]) }],
        ['gen_ai.tool.message', { id: 'call_1', content: '{"celsius":4}' }],
        [
          'gen_ai.choice',
          { message: json({ role: 'assistant', content: 'Four degrees.', reasoning: 'Cold.' }), index: 0 },
        ],
      ].map(([name, attributes]) => ({ name: String(name), atMs: 0, attributes: attributes as JsonObject })),
    },
  ],
  [
    'OpenInference',
    {
      'openinference.span.kind': 'LLM',
      ...flat('llm.input_messages.', {
        '0.message.role': 'system',
        '0.message.content': 'Be brief.',
        '1.message.role': 'user',
        '1.message.contents.0.message_content.type': 'text',
        '1.message.contents.0.message_content.text': 'How is Bern?',
        '2.message.role': 'assistant',
        '2.message.tool_calls.0.tool_call.id': 'call_1',
        '2.message.tool_calls.0.tool_call.function.name': 'get_weather',
        '2.message.tool_calls.0.tool_call.function.arguments': '{"city":"Bern"}',
        '3.message.role': 'tool',
        '3.message.tool_call_id': 'call_1',
        '3.message.content': '{"celsius":4}',
      }),
      'llm.output_messages.0.message.role': 'assistant',
      'llm.output_messages.0.message.contents.0.message_content.type': 'reasoning',
      'llm.output_messages.0.message.contents.0.message_content.text': 'Cold.',
      'llm.output_messages.0.message.contents.1.message_content.type': 'text',
      'llm.output_messages.0.message.contents.1.message_content.text': 'Four degrees.',
    },
  ],
  [
    'OpenLLMetry',
    {
      'llm.request.type': 'chat',
      ...flat('gen_ai.prompt.', {
        '0.role': 'system',
        '0.content': 'Be brief.',
        '1.role': 'user',
        '1.content': json([{ type: 'text', text: 'How is Bern?' }]),
        '2.role': 'assistant',
        '2.tool_calls.0.id': 'call_1',
        '2.tool_calls.0.name': 'get_weather',
        '2.tool_calls.0.arguments': '{"city":"Bern"}',
        '3.role': 'tool',
        '3.tool_call_id': 'call_1',
        '3.content': '{"celsius":4}',
      }),
      'gen_ai.completion.0.role': 'assistant',
      'gen_ai.completion.0.content': 'Four degrees.',
      'gen_ai.completion.0.reasoning': 'Cold.',
    },
  ],
  [
    'the AI SDK',
    {
      'ai.operationId': 'ai.generateText.doGenerate',
      'ai.prompt.messages': json([
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'How is Bern?' }] },
        {
          role: 'assistant',
          content: [
            { type: 'tool-call', toolCallId: 'call_1', toolName: 'get_weather', input: { city: 'Bern' } },
          ],
        },
        {
          role: 'tool',
          content: [
            {
              type: 'tool-result',
              toolCallId: 'call_1',
              toolName: 'get_weather',
              output: { type: 'json', value: { celsius: 4 } },
            },
          ],
        },
      ]),
      'ai.response.text': 'Four degrees.',
      'ai.response.reasoning': 'Cold.',
    },
  ],
  [
    'Langfuse, with what its user handed over',
    {
      'langfuse.observation.type': 'generation',
      'langfuse.observation.input': json({ messages: CONVERSATION }),
      'langfuse.observation.output': json({
        role: 'assistant',
        content: 'Four degrees.',
        reasoning_content: 'Cold.',
      }),
    },
  ],
  [
    "Langfuse, with Anthropic's blocks",
    {
      'langfuse.observation.type': 'generation',
      'langfuse.observation.input': json({
        system: 'Be brief.',
        messages: [
          { role: 'user', content: 'How is Bern?' },
          {
            role: 'assistant',
            content: [{ type: 'tool_use', id: 'call_1', name: 'get_weather', input: { city: 'Bern' } }],
          },
          {
            role: 'user',
            content: [{ type: 'tool_result', tool_use_id: 'call_1', content: '{"celsius":4}' }],
          },
        ],
      }),
      'langfuse.observation.output': json({
        type: 'message',
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Cold.' },
          { type: 'text', text: 'Four degrees.' },
        ],
      }),
    },
  ],
  [
    'Logfire, with the request and the reply whole',
    {
      'logfire.msg': 'Chat Completion',
      'gen_ai.system': 'openai',
      request_data: json({ messages: CONVERSATION }),
      response_data: json({ message: { role: 'assistant', content: 'Four degrees.', reasoning: 'Cold.' } }),
      'gen_ai.request.model': 'm',
    },
  ],
  [
    "Pydantic AI's list of events",
    {
      'gen_ai.operation.name': 'chat',
      'logfire.json_schema': '{}',
      events: json([
        { 'event.name': 'gen_ai.system.message', role: 'system', content: 'Be brief.' },
        { 'event.name': 'gen_ai.user.message', role: 'user', content: 'How is Bern?' },
        { 'event.name': 'gen_ai.assistant.message', role: 'assistant', tool_calls: [CALL] },
        { 'event.name': 'gen_ai.tool.message', role: 'tool', id: 'call_1', content: '{"celsius":4}' },
        {
          'event.name': 'gen_ai.choice',
          message: { role: 'assistant', content: 'Four degrees.', reasoning: 'Cold.' },
        },
      ]),
    },
  ],
  [
    'MLflow',
    {
      'mlflow.spanType': '"CHAT_MODEL"',
      'mlflow.spanInputs': json({ messages: CONVERSATION }),
      'mlflow.spanOutputs': json({
        choices: [{ message: { role: 'assistant', content: 'Four degrees.', reasoning_content: 'Cold.' } }],
      }),
    },
  ],
  [
    'Laminar',
    {
      'lmnr.span.type': 'LLM',
      'lmnr.span.input': json(CONVERSATION),
      'lmnr.span.output': json([{ role: 'assistant', content: 'Four degrees.', reasoning: 'Cold.' }]),
    },
  ],
];

describe('a conversation is the same, whoever sent it', () => {
  test.each(SENDERS)('%s', (_, attributes, more) => {
    const content = map(attributes, more);
    const { model: _model, ...request } = content.request as JsonObject;
    expect({ ...content, request }).toEqual(EXPECTED);
  });
});

describe('whole replies are read in the form of their provider', () => {
  const told = (output: unknown) =>
    map({ 'langfuse.observation.type': 'generation', 'langfuse.observation.output': json(output) }).reply;
  const text = { parts: [{ kind: 'text', text: 'Hi' }] };

  test.each([
    ['a text', 'Hi'],
    ['OpenAI', { choices: [{ message: { role: 'assistant', content: 'Hi' } }] }],
    [
      'Responses',
      { output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hi' }] }] },
    ],
    ['Anthropic', { content: [{ type: 'text', text: 'Hi' }], stop_reason: 'end_turn' }],
    ['Gemini', { candidates: [{ content: { role: 'model', parts: [{ text: 'Hi' }] } }] }],
    [
      'LangChain',
      {
        generations: [
          [{ text: 'Hi', message: { id: ['langchain', 'AIMessage'], kwargs: { content: 'Hi' } } }],
        ],
      },
    ],
  ])('%s', (_, output) => {
    expect(told(output)).toEqual(text);
  });

  test('what is no reply of anyone is its JSON', () => {
    expect(told({ answer: 3 })).toEqual({ parts: [{ kind: 'text', text: '{"answer":3}' }] });
  });
});

test('what is no call keeps what went in and what came out as it was', () => {
  const tool = { 'langfuse.observation.type': 'tool', 'langfuse.observation.input': '{"city":"Bern"}' };
  expect(map(tool)).toEqual({ dialect: 'json', request: { city: 'Bern' }, reply: null, systemPrompt: '' });
  const found = {
    'openinference.span.kind': 'RETRIEVER',
    'input.value': 'Bern',
    'retrieval.documents.0.document.content': 'A city.',
    'retrieval.documents.0.document.score': 0.5,
  };
  expect(map(found)).toMatchObject({
    request: 'Bern',
    reply: [{ document: { content: 'A city.', score: 0.5 } }],
  });
});

test('tools and settings are told in the words of chats, whatever they were called', () => {
  const schema = { type: 'object', properties: {} };
  const offered = { type: 'function', function: { name: 'look', description: 'Looks.', parameters: schema } };
  const flatTool = { type: 'function', name: 'look', description: 'Looks.', inputSchema: schema };
  const request = (attributes: JsonObject) =>
    map({ 'gen_ai.input.messages': '[]', 'ai.prompt.messages': '[]', ...attributes }).request;
  expect(
    request({
      'gen_ai.operation.name': 'chat',
      'gen_ai.tool.definitions': json([flatTool]),
      'gen_ai.request.max_tokens': 9,
      'gen_ai.request.stop_sequences': ['x'],
    }),
  ).toMatchObject({ tools: [offered], max_tokens: 9, stop: ['x'] });
  expect(
    request({
      'ai.operationId': 'ai.generateText.doGenerate',
      'ai.prompt.tools': [json(flatTool)],
      'ai.settings.maxOutputTokens': 9,
    }),
  ).toMatchObject({ tools: [offered], max_tokens: 9 });
});

test('pictures stay pictures', () => {
  const url = 'data:image/png;base64,AAAA';
  const parts = [
    { type: 'text', content: 'What is it?' },
    { type: 'blob', mime_type: 'image/png', modality: 'image', content: 'AAAA' },
  ];
  const messages = json([{ role: 'user', parts }]);
  expect(map({ 'gen_ai.operation.name': 'chat', 'gen_ai.input.messages': messages }).request).toEqual({
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is it?' },
          { type: 'image_url', image_url: { url } },
        ],
      },
    ],
  });
});

test('what its sender hid is not shown as what was said', () => {
  const hidden = {
    'openinference.span.kind': 'LLM',
    'input.value': '__REDACTED__',
    'output.value': '__REDACTED__',
  };
  expect(map(hidden)).toMatchObject({ request: null, reply: null });
});

test('lists of any numbering and names like those of every object do no harm', () => {
  const attributes = {
    'llm.request.type': 'chat',
    'gen_ai.prompt.999999999.role': 'user',
    'gen_ai.prompt.2.role': 'user',
    'gen_ai.prompt.2.content': 'second',
    'gen_ai.prompt.1.role': 'user',
    'gen_ai.prompt.1.content': 'first',
    'gen_ai.prompt.1.__proto__.polluted': 'yes',
    [`gen_ai.prompt.3${'.x'.repeat(100)}`]: 'deep',
    'gen_ai.prompt.1.tool_calls.constructor': 'no list',
  };
  const { request } = map(attributes);
  expect(json(request)).toMatch(/first.*second/);
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
});

test('broken JSON is a text, and JSON without end is left alone', () => {
  const chat = { 'gen_ai.operation.name': 'chat' };
  expect(map({ ...chat, 'gen_ai.input.messages': '[{"role":' }).request).toEqual({
    messages: [{ role: 'user', content: '[{"role":' }],
  });
  const deep = '['.repeat(100_000);
  expect(() => map({ ...chat, 'gen_ai.input.messages': deep, 'gen_ai.output.messages': deep })).not.toThrow();
});

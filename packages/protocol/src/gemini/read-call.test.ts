import { describe, expect, test } from 'vitest';
import { type Call, dialects, GatewayError, type JsonObject, type Message } from '../index.ts';

const { inbound } = dialects.gemini;
const hello = [{ role: 'user', parts: [{ text: 'Hello' }] }];
const read = (body: JsonObject): Call => inbound.readCall({ contents: hello, ...body });
const talk = (...contents: JsonObject[]): Message[] => read({ contents }).messages;

function fault(body: JsonObject): string {
  try {
    inbound.readCall(body);
  } catch (error) {
    if (error instanceof GatewayError) return `${error.code} ${error.detail.param}`;
    throw error;
  }
  return 'none';
}

test.each<[JsonObject, string]>([
  [{}, 'missing_parameter contents'],
  [{ contents: 'hi' }, 'invalid_parameter contents'],
  [{ contents: [] }, 'invalid_parameter contents'],
  [{ contents: [7] }, 'invalid_parameter contents[0]'],
  [{ contents: [{ role: 'robot', parts: [] }] }, 'invalid_parameter contents[0].role'],
  [{ contents: [{ parts: [{ text: 7 }] }] }, 'invalid_parameter contents[0].parts[0].text'],
  [
    { contents: [{ parts: [{ inlineData: { data: '' } }] }] },
    'missing_parameter contents[0].parts[0].inlineData.mimeType',
  ],
  [
    { contents: [{ role: 'model', parts: [{ functionCall: {} }] }] },
    'missing_parameter contents[0].parts[0].functionCall.name',
  ],
  [
    { contents: [{ parts: [{ functionResponse: { response: {} } }] }] },
    'missing_parameter contents[0].parts[0].functionResponse.name',
  ],
  [{ contents: hello, systemInstruction: 7 }, 'invalid_parameter systemInstruction'],
  [{ contents: hello, generationConfig: { topP: '1' } }, 'invalid_parameter generationConfig.topP'],
  [
    { contents: hello, generationConfig: { stopSequences: [1] } },
    'invalid_parameter generationConfig.stopSequences[0]',
  ],
  [
    { contents: hello, tools: [{ functionDeclarations: [{}] }] },
    'missing_parameter tools[0].functionDeclarations[0].name',
  ],
])('a request %j is refused by name: %s', (body, expected) => {
  expect(fault(body)).toBe(expected);
});

test('fields may be spelled in snake case, and a lone message may stand where a list is meant', () => {
  const camel = read({
    contents: [{ role: 'user', parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }] }],
    systemInstruction: { parts: [{ text: 'Be brief.' }] },
    generationConfig: { maxOutputTokens: 5, stopSequences: ['x'], thinkingConfig: { thinkingBudget: 9 } },
    toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } },
    tools: [{ functionDeclarations: [{ name: 'f', parametersJsonSchema: { type: 'object' } }] }],
  });
  const snake = read({
    contents: { parts: { inline_data: { mime_type: 'image/png', data: 'AAAA' } } },
    system_instruction: { parts: { text: 'Be brief.' } },
    generation_config: {
      max_output_tokens: 5,
      stop_sequences: ['x'],
      thinking_config: { thinking_budget: 9 },
    },
    tool_config: { function_calling_config: { mode: 'ANY', allowed_function_names: ['f'] } },
    tools: { function_declarations: { name: 'f', parameters_json_schema: { type: 'object' } } },
  });
  expect({ ...snake, wire: 0 }).toEqual({ ...camel, wire: 0 });
  expect(camel).toMatchObject({
    system: [{ text: 'Be brief.' }],
    outputTokensMax: 5,
    stop: ['x'],
    thinking: { kind: 'budget', tokens: 9 },
    toolChoice: { kind: 'tool', name: 'f' },
  });
  expect(read({ systemInstruction: 'Be brief.' }).system).toEqual(camel.system);
});

test.each<[JsonObject, JsonObject]>([
  [{ inlineData: { mimeType: 'audio/mpeg', data: 'AAAA' } }, { kind: 'audio', format: 'mp3', data: 'AAAA' }],
  [
    { inlineData: { mimeType: 'application/pdf', data: 'AAAA', displayName: 'a.pdf' } },
    {
      kind: 'file',
      source: { kind: 'base64', mediaType: 'application/pdf', data: 'AAAA' },
      name: 'a.pdf',
    },
  ],
  [
    { inlineData: { mimeType: 'text/plain', data: Buffer.from('Grüße').toString('base64') } },
    { kind: 'file', source: { kind: 'text', text: 'Grüße' } },
  ],
  [
    { fileData: { fileUri: 'https://example.org/a', mimeType: 'image/png' } },
    { kind: 'image', source: { kind: 'url', url: 'https://example.org/a' } },
  ],
  [
    { fileData: { fileUri: 'https://www.youtube.com/watch?v=1' } },
    { kind: 'file', source: { kind: 'url', url: 'https://www.youtube.com/watch?v=1' } },
  ],
])('a part %j is %j', (part, expected) => {
  expect(talk({ parts: [part] })[0]?.parts).toEqual([expected]);
});

test.each(['gs://bucket/a.pdf', 'https://generativelanguage.googleapis.com/v1beta/files/abc'])(
  'a file that only Google can find stays as it is: %s',
  (fileUri) => {
    const part = { fileData: { fileUri, mimeType: 'application/pdf' } };
    expect(talk({ parts: [part] })[0]?.parts).toEqual([{ kind: 'opaque', dialect: 'gemini', value: part }]);
  },
);

describe('calls without an id', () => {
  const call = (name: string, id?: string): JsonObject => ({ functionCall: id ? { name, id } : { name } });
  const answer = (name: string, id?: string): JsonObject => ({
    functionResponse: { name, response: { output: name }, ...(id && { id }) },
  });
  const idsOf = (messages: Message[]): string[] =>
    messages.flatMap(({ parts }) =>
      parts.flatMap((part) =>
        part.kind === 'tool-call' ? [part.id] : part.kind === 'tool-result' ? [part.callId] : [],
      ),
    );

  test('get one from their place, and results find it by name and order', () => {
    const turns = [
      { role: 'user', parts: [{ text: 'Go.' }] },
      { role: 'model', parts: [call('f'), call('g'), call('f')] },
      { role: 'user', parts: [answer('g'), answer('f'), answer('f')] },
      { role: 'model', parts: [call('f')] },
      { role: 'user', parts: [answer('f')] },
    ];
    const [f0, g, f1, ...rest] = idsOf(talk(...turns));
    expect(new Set([f0, g, f1]).size).toBe(3);
    expect(rest).toEqual([g, f0, f1, rest[3], rest[3]]);
    expect(idsOf(talk(...turns.slice(0, 3)))).toEqual([f0, g, f1, g, f0, f1]);
  });

  test('leave given ids alone', () => {
    expect(
      idsOf(
        talk(
          { role: 'model', parts: [call('f', 'a'), call('f', 'b')] },
          { role: 'user', parts: [answer('f', 'b'), answer('f', 'a')] },
        ),
      ),
    ).toEqual(['a', 'b', 'b', 'a']);
  });
});

test.each<[unknown, string, boolean | undefined]>([
  [{ output: 'rain' }, 'rain', undefined],
  [{ error: 'no such city' }, 'no such city', true],
  [{ output: { a: 1 } }, '{"a":1}', undefined],
  [{ temperature: 7, output: 'x' }, '{"temperature":7,"output":"x"}', undefined],
])('a result %j is the text %s', (response, text, isError) => {
  const [message] = talk({ parts: [{ functionResponse: { name: 'f', id: 'a', response } as JsonObject }] });
  const expected = { kind: 'tool-result', callId: 'a', parts: [{ kind: 'text', text }] };
  expect(message?.parts).toEqual([isError === undefined ? expected : { ...expected, isError }]);
});

test('the pieces of a stream that a client recorded are one turn', () => {
  const model = (...parts: JsonObject[]): JsonObject => ({ role: 'model', parts });
  const [, message] = talk(
    { role: 'user', parts: [{ text: 'Hi' }] },
    model({ text: 'Let ', thought: true }),
    model({ text: 'us', thought: true }),
    model({ text: 'Hel' }),
    model({ text: 'lo' }),
    model({ text: '', thoughtSignature: 'AAAA' }),
    model({ functionCall: { name: 'f', id: 'a' } }),
    model({ text: '' }),
  );
  expect(message).toEqual({
    role: 'assistant',
    parts: [
      { kind: 'thinking', text: 'Let us' },
      { kind: 'text', text: 'Hello', signature: { maker: 'google', value: 'AAAA' } },
      { kind: 'tool-call', id: 'a', name: 'f', input: '{}' },
    ],
  });
});

test('what has no name in a call is kept under its path', () => {
  const call = read({
    safetySettings: [{ category: 'x' }],
    generationConfig: { speechConfig: { a: 1 }, candidateCount: 2, responseMimeType: 'text/x.enum' },
    toolConfig: { retrievalConfig: { b: 2 }, functionCallingConfig: { mode: 'VALIDATED' } },
  });
  expect(call.extra.fields).toEqual({
    safetySettings: [{ category: 'x' }],
    'generationConfig.speechConfig': { a: 1 },
    'generationConfig.candidateCount': 2,
    'generationConfig.responseMimeType': 'text/x.enum',
    'toolConfig.retrievalConfig': { b: 2 },
    'toolConfig.functionCallingConfig.mode': 'VALIDATED',
  });
  const { losses } = dialects['openai-chat'].outbound.writeCall({ ...call }, 'm');
  expect(losses.map(({ path }) => path)).toEqual(Object.keys(call.extra.fields));
  expect(read({ generationConfig: { candidateCount: 1 } }).extra.fields).toEqual({});
});

test.each<[JsonObject, Call['thinking']]>([
  [{ thinkingBudget: 0 }, { kind: 'off' }],
  [{ thinkingBudget: -1 }, { kind: 'adaptive' }],
  [
    { thinkingBudget: 512, includeThoughts: true },
    { kind: 'budget', tokens: 512 },
  ],
  [{ thinkingLevel: 'HIGH' }, { kind: 'effort', effort: 'high' }],
  [{ includeThoughts: true }, { kind: 'adaptive' }],
  [{ includeThoughts: false }, undefined],
])('thinking %j is %j', (thinkingConfig, expected) => {
  expect(read({ generationConfig: { thinkingConfig } }).thinking).toEqual(expected);
});

test("Google's schema of a function and of a reply is a JSON schema", () => {
  const parameters = {
    type: 'OBJECT',
    properties: {
      when: { type: 'STRING', format: 'date-time', nullable: true },
      tags: { type: 'ARRAY', items: { type: 'STRING', enum: ['a', 'b'], nullable: true }, min_items: '1' },
      either: { anyOf: [{ type: 'INTEGER' }, { type: 'TYPE_UNSPECIFIED', nullable: true }], example: 3 },
    },
    propertyOrdering: ['tags', 'when'],
    required: ['tags'],
  };
  const schema = {
    type: 'object',
    properties: {
      tags: { type: 'array', items: { type: ['string', 'null'], enum: ['a', 'b', null] }, minItems: 1 },
      when: { type: ['string', 'null'], format: 'date-time' },
      either: { anyOf: [{ type: 'integer' }, { anyOf: [{}, { type: 'null' }] }], examples: [3] },
    },
    required: ['tags'],
  };
  const call = read({
    tools: [{ functionDeclarations: [{ name: 'f', parameters }] }, { googleSearch: {}, codeExecution: {} }],
    generationConfig: { responseMimeType: 'application/json', responseSchema: parameters },
  });
  expect(call.tools).toEqual([
    { kind: 'function', name: 'f', schema },
    { kind: 'web-search', wire: { dialect: 'gemini', value: { googleSearch: {} } } },
    { kind: 'opaque', dialect: 'gemini', value: { codeExecution: {} } },
  ]);
  expect(call.format).toEqual({ kind: 'schema', name: 'response', schema });
  const sent = read({ tools: [{ functionDeclarations: [{ name: 'f', parameters }] }] }).tools[0];
  expect(JSON.stringify(sent?.kind === 'function' && sent.schema)).toContain('"properties":{"tags"');
});

test.each([
  [
    'generation_config',
    { generationConfig: { maxOutputTokens: 1 }, generation_config: { maxOutputTokens: 9 } },
  ],
  ['generationConfig.max_output_tokens', { generationConfig: { maxOutputTokens: 1, max_output_tokens: 9 } }],
  ['system_instruction', { systemInstruction: { parts: [] }, system_instruction: { parts: [] } }],
])('%s beside its other spelling is refused, as nobody could say which counts', (param, body) => {
  expect(fault({ contents: hello, ...body })).toBe(`invalid_parameter ${param}`);
});

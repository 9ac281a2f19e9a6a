import { describe, expect, test } from 'vitest';
import { type Call, dialects, GatewayError, type JsonObject } from '../index.ts';

const { readCall } = dialects['openai-responses'].inbound;
const read = (input: JsonObject['input'], more: JsonObject = {}): Call => readCall({ input, ...more });

test('a text is one turn of the user, and instructions are the system', () => {
  expect(read('Hello', { model: 'm', instructions: 'Be brief.' })).toMatchObject({
    model: 'm',
    system: [{ kind: 'text', text: 'Be brief.' }],
    messages: [{ role: 'user', parts: [{ kind: 'text', text: 'Hello' }] }],
  });
});

test('what instructs before the first turn joins the instructions; later it stays in its place', () => {
  const call = read(
    [
      { role: 'developer', content: 'First.' },
      { type: 'message', role: 'user', content: 'Hello' },
      { role: 'system', content: [{ type: 'input_text', text: 'Later.' }] },
    ],
    { instructions: 'Zeroth.' },
  );
  expect(call.system.map(({ text }) => text)).toEqual(['Zeroth.', 'First.']);
  expect(call.messages.map(({ role }) => role)).toEqual(['user', 'system']);
});

test('every kind of content that other dialects know has a part of its own', () => {
  const [message] = read([
    {
      role: 'user',
      content: [
        { type: 'input_text', text: 'Look:' },
        { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'low' },
        { type: 'input_image', image_url: 'data:image/png;base64,aGk=' },
        { type: 'input_file', file_url: 'https://example.com/a.pdf' },
        { type: 'input_file', filename: 'a.txt', file_data: 'data:text/plain;base64,aGk=' },
        { type: 'input_file', file_data: 'JVBERi0=' },
        { type: 'input_audio', input_audio: { format: 'wav', data: 'UklG' } },
      ],
    },
  ]).messages;
  expect(message?.parts).toEqual([
    { kind: 'text', text: 'Look:' },
    { kind: 'image', source: { kind: 'url', url: 'https://example.com/a.png' }, detail: 'low' },
    { kind: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'aGk=' } },
    { kind: 'file', source: { kind: 'url', url: 'https://example.com/a.pdf', mediaType: 'application/pdf' } },
    { kind: 'file', source: { kind: 'base64', mediaType: 'text/plain', data: 'aGk=' }, name: 'a.txt' },
    { kind: 'file', source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBERi0=' } },
    { kind: 'audio', format: 'wav', data: 'UklG' },
  ]);
});

test('files that only the provider can find stay as they are, in their place', () => {
  const image = { type: 'input_image', file_id: 'file-1' };
  const file = { type: 'input_file', file_id: 'file-2' };
  const [message] = read([
    { role: 'user', content: [image, { type: 'input_text', text: 'and' }, file] },
  ]).messages;
  expect(message?.parts).toEqual([
    { kind: 'opaque', dialect: 'openai-responses', value: image },
    { kind: 'text', text: 'and' },
    { kind: 'opaque', dialect: 'openai-responses', value: file },
  ]);
});

test('items of the model in a row are one turn of it, and results in a row answer one turn', () => {
  const search = { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search' } };
  const call = read([
    { role: 'user', content: 'Weather?' },
    {
      type: 'reasoning',
      id: 'rs_1',
      summary: [
        { type: 'summary_text', text: 'One.' },
        { type: 'summary_text', text: 'Two.' },
      ],
      encrypted_content: 'gAAA',
    },
    search,
    {
      type: 'message',
      id: 'msg_1',
      status: 'completed',
      role: 'assistant',
      content: [
        { type: 'output_text', text: 'A moment.', annotations: [], logprobs: [] },
        { type: 'refusal', refusal: 'Not that.' },
      ],
    },
    {
      type: 'function_call',
      id: 'fc_1',
      call_id: 'call_1',
      name: 'look',
      arguments: '{}',
      status: 'completed',
    },
    { type: 'function_call', call_id: 'call_2', name: 'listen', arguments: '{"at":"sea"}' },
    { type: 'function_call_output', call_id: 'call_1', output: 'Fog.' },
    {
      type: 'function_call_output',
      call_id: 'call_2',
      output: [
        { type: 'input_text', text: 'A horn.' },
        { type: 'input_image', image_url: 'https://example.com/a.png' },
      ],
    },
  ]);
  expect(call.messages.slice(1)).toEqual([
    {
      role: 'assistant',
      parts: [
        { kind: 'thinking', text: 'One.\n\nTwo.', signature: { maker: 'openai', value: 'gAAA', id: 'rs_1' } },
        { kind: 'opaque', dialect: 'openai-responses', value: search },
        { kind: 'text', text: 'A moment.' },
        { kind: 'refusal', text: 'Not that.' },
        { kind: 'tool-call', id: 'call_1', name: 'look', input: '{}' },
        { kind: 'tool-call', id: 'call_2', name: 'listen', input: '{"at":"sea"}' },
      ],
    },
    {
      role: 'user',
      parts: [
        { kind: 'tool-result', callId: 'call_1', parts: [{ kind: 'text', text: 'Fog.' }] },
        {
          kind: 'tool-result',
          callId: 'call_2',
          parts: [
            { kind: 'text', text: 'A horn.' },
            { kind: 'image', source: { kind: 'url', url: 'https://example.com/a.png' } },
          ],
        },
      ],
    },
  ]);
  expect(call.unread).toBeUndefined();
});

test.each([
  [{ type: 'item_reference', id: 'msg_7' }, 'assistant'],
  [{ id: 'msg_7' }, 'assistant'],
  [{ type: 'computer_call', id: 'cc_1' }, 'assistant'],
  [{ type: 'custom_tool_call_output', call_id: 'call_1', output: 'x' }, 'user'],
  [{ type: 'mcp_approval_response', approval_request_id: 'a', approve: true }, 'user'],
  [{ type: 'dream', of: 'tomorrow' }, 'assistant'],
])('an item that only this dialect knows is kept as it is: %j', (item, role) => {
  const [message] = read([item]).messages;
  expect(message).toEqual({ role, parts: [{ kind: 'opaque', dialect: 'openai-responses', value: item }] });
});

describe('the forms of TokenRouter’s older clients', () => {
  test('content without a message, in the words of chat', () => {
    const parts = [
      { type: 'text', text: 'What is this?' },
      { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'high' } },
    ];
    const expected = [
      { kind: 'text', text: 'What is this?' },
      { kind: 'image', source: { kind: 'url', url: 'https://example.com/a.png' }, detail: 'high' },
    ];
    expect(read(parts).messages).toEqual([{ role: 'user', parts: expected }]);
    expect(read([{ role: 'user', content: parts }]).messages).toEqual([{ role: 'user', parts: expected }]);
  });

  test('calls of tools as items and as content, and their results', () => {
    const call = read([
      { type: 'tool_call', tool_calls: [{ id: 'call_1', function: { name: 'look', arguments: '{}' } }] },
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 'call_2', name: 'listen', input: { at: 'sea' } }],
      },
      { type: 'function_result', call_id: 'call_1', output: 'Fog.' },
      { type: 'tool_result', tool_call_id: 'call_2', content: 'A horn.', is_error: true },
    ]);
    expect(call.messages).toEqual([
      {
        role: 'assistant',
        parts: [
          { kind: 'tool-call', id: 'call_1', name: 'look', input: '{}' },
          { kind: 'tool-call', id: 'call_2', name: 'listen', input: '{"at":"sea"}' },
        ],
      },
      {
        role: 'user',
        parts: [
          { kind: 'tool-result', callId: 'call_1', parts: [{ kind: 'text', text: 'Fog.' }] },
          {
            kind: 'tool-result',
            callId: 'call_2',
            parts: [{ kind: 'text', text: 'A horn.' }],
            isError: true,
          },
        ],
      },
    ]);
  });

  const tool = { name: 'look', description: 'Looks.', parameters: { type: 'object' }, strict: true };
  test.each([
    ['flat', { type: 'function', ...tool }],
    ['nested', { type: 'function', function: tool }],
  ])('tools, %s', (_, wire) => {
    expect(read('x', { tools: [wire] }).tools).toEqual([
      { kind: 'function', name: 'look', description: 'Looks.', schema: { type: 'object' }, strict: true },
    ]);
  });

  const named = { name: 'answer', schema: { type: 'object' }, strict: true };
  test.each([
    ['text.format', { text: { format: { type: 'json_schema', ...named } } }],
    ['text.format with json_schema', { text: { format: { type: 'json_schema', json_schema: named } } }],
    ['text.type', { text: { type: 'json_schema', json_schema: named } }],
    ['response_format', { response_format: { type: 'json_schema', json_schema: named } }],
  ])('a schema in %s', (_, body) => {
    expect(read('x', body).format).toEqual({ kind: 'schema', ...named });
  });

  test.each([[{ type: 'function', name: 'look' }], [{ type: 'function', function: { name: 'look' } }]])(
    'a choice of one tool: %j',
    (choice) => {
      expect(read('x', { tool_choice: choice }).toolChoice).toEqual({ kind: 'tool', name: 'look' });
    },
  );
});

test('fields that two dialects have get their names, and the rest stays with the dialect', () => {
  const call = read('x', {
    max_output_tokens: 50,
    temperature: 0.5,
    top_p: 0.9,
    top_logprobs: 2,
    include: ['message.output_text.logprobs', 'reasoning.encrypted_content'],
    parallel_tool_calls: false,
    reasoning: { effort: 'high', summary: 'auto', generate_summary: null },
    text: { format: { type: 'text' }, verbosity: 'low' },
    service_tier: 'flex',
    metadata: { team: 'search' },
    prompt_cache_key: 'k',
    safety_identifier: 's',
    user: 'u',
    stream: true,
    stream_options: { include_obfuscation: false },
    tool_choice: { type: 'image_generation' },
    store: false,
    truncation: 'auto',
    max_tool_calls: 3,
    tomorrow: { deep: [1] },
  });
  const { wire: _, messages: __, extra, ...fields } = call;
  expect(fields).toEqual({
    model: undefined,
    system: [],
    tools: [],
    stop: [],
    sampling: { temperature: 0.5, topP: 0.9 },
    outputTokensMax: 50,
    logprobs: { top: 2 },
    parallelTools: false,
    thinking: { kind: 'effort', effort: 'high' },
    format: { kind: 'text' },
    verbosity: 'low',
    serviceTier: 'flex',
    metadata: { team: 'search' },
    promptCacheKey: 'k',
    safetyIdentifier: 's',
    user: 'u',
    stream: true,
    streamUsage: false,
  });
  expect(extra.fields).toEqual({
    include: ['reasoning.encrypted_content'],
    'reasoning.summary': 'auto',
    'stream_options.include_obfuscation': false,
    tool_choice: { type: 'image_generation' },
    store: false,
    truncation: 'auto',
    max_tool_calls: 3,
    tomorrow: { deep: [1] },
  });
});

test('a search of the web is known by its meaning, any other tool of the provider’s is kept', () => {
  const search = { type: 'web_search', filters: { allowed_domains: ['example.com'] } };
  const code = { type: 'code_interpreter', container: { type: 'auto' } };
  expect(read('x', { tools: [search, { type: 'web_search_preview' }, code] }).tools).toEqual([
    {
      kind: 'web-search',
      wire: { dialect: 'openai-responses', value: search },
      allowedDomains: ['example.com'],
    },
    { kind: 'web-search', wire: { dialect: 'openai-responses', value: { type: 'web_search_preview' } } },
    { kind: 'opaque', dialect: 'openai-responses', value: code },
  ]);
});

test('only some tools are allowed, when all of them are functions', () => {
  const choice = { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'look' }] };
  expect(read('x', { tool_choice: choice }).toolChoice).toEqual({
    kind: 'allowed',
    names: ['look'],
    isRequired: true,
  });
  const mixed = { ...choice, tools: [{ type: 'image_generation' }] };
  expect(read('x', { tool_choice: mixed }).extra.fields.tool_choice).toEqual(mixed);
});

test('a seal of another maker comes back as what it was, and that of a call belongs to the call before it', () => {
  const [message] = read([
    { type: 'reasoning', id: 'rs_tr_a_0', summary: [], encrypted_content: 'tr1.anthropic.r..c2VhbA==' },
    { type: 'function_call', call_id: 'call_1', name: 'look', arguments: '{}' },
    { type: 'reasoning', id: 'rs_tr_a_2', summary: [], encrypted_content: 'trs1.tr1.google...c2VhbA==' },
  ]).messages;
  expect(message?.parts).toEqual([
    { kind: 'thinking', text: '', signature: { maker: 'anthropic', value: 'c2VhbA==', isRedacted: true } },
    {
      kind: 'tool-call',
      id: 'call_1',
      name: 'look',
      input: '{}',
      signature: { maker: 'google', value: 'c2VhbA==' },
    },
  ]);
});

test.each<[string, JsonObject, string]>([
  ['missing_parameter', {}, 'input'],
  ['invalid_parameter', { input: 7 }, 'input'],
  ['invalid_parameter', { input: ['x'] }, 'input[0]'],
  ['missing_parameter', { input: [{ role: 'user' }] }, 'input[0].content'],
  ['invalid_parameter', { input: [{ role: 'tool', content: 'x' }] }, 'input[0].role'],
  [
    'missing_parameter',
    { input: [{ role: 'user', content: [{ type: 'input_text' }] }] },
    'input[0].content[0].text',
  ],
  ['missing_parameter', { input: [{ type: 'function_call', call_id: 'a' }] }, 'input[0].name'],
  ['missing_parameter', { input: [{ type: 'function_call', name: 'a' }] }, 'input[0].id'],
  ['missing_parameter', { input: [{ type: 'function_call_output', output: 'x' }] }, 'input[0].call_id'],
  ['missing_parameter', { input: [{ type: 'function_call_output', call_id: 'a' }] }, 'input[0].output'],
  ['invalid_parameter', { input: 'x', metadata: { a: 1 } }, 'metadata.a'],
  ['invalid_parameter', { input: 'x', include: [7] }, 'include[0]'],
  ['invalid_parameter', { input: 'x', max_output_tokens: -1 }, 'max_output_tokens'],
  ['missing_parameter', { input: 'x', tools: [{ type: 'function' }] }, 'tools[0].name'],
  [
    'missing_parameter',
    { input: 'x', tools: [{ type: 'function', function: {} }] },
    'tools[0].function.name',
  ],
  ['missing_parameter', { input: 'x', text: { format: { type: 'json_schema' } } }, 'text.format.name'],
  ['invalid_parameter', { input: 'x', reasoning: 'high' }, 'reasoning'],
])('%s names the field: %j', (code, body, param) => {
  const error = (() => {
    try {
      return readCall(body);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(GatewayError);
  expect(error).toMatchObject({ code, detail: { param } });
});

test('a prompt that the provider stores needs no input', () => {
  expect(readCall({ prompt: { id: 'pmpt_1' } }).messages).toEqual([]);
});

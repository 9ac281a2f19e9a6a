import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pretty } from './json.ts';
import { readRequest } from './read-request.ts';

/** One red pixel. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const PNG = `data:image/png;base64,${PIXEL}`;
const drawn = (title = 'image') => ({
  kind: 'image',
  title,
  text: '',
  note: 'image/png, 1 × 1 pixels, 72 bytes',
  source: PNG,
});
const text = (said: string) => ({ kind: 'text', text: said });
const messagesOf = (request: unknown, isConversation = true) => readRequest(request, isConversation).messages;

test('a chat request shows text, pictures, sound, files, tool calls and their results in their order', () => {
  const call = { id: 'call_1', type: 'function', function: { name: 'read_file', arguments: '{"path":"a"}' } };
  const messages = messagesOf({
    messages: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image_url', image_url: { url: PNG } },
          { type: 'input_audio', input_audio: { format: 'wav', data: 'UklGRg==' } },
          {
            type: 'file',
            file: { filename: 'bill.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' },
          },
        ],
      },
      { role: 'assistant', content: null, reasoning_content: 'Hm.', refusal: 'No.', tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_1', content: [{ type: 'text', text: 'found' }] },
    ],
  });
  expect(messages).toEqual([
    { role: 'system', blocks: [text('Be brief.')] },
    {
      role: 'user',
      blocks: [
        text('Look'),
        drawn(),
        { kind: 'audio', title: 'audio', text: '', note: 'audio/wav, 6 bytes' },
        { kind: 'file', title: 'bill.pdf', text: '', note: 'application/pdf, 6 bytes' },
      ],
    },
    {
      role: 'assistant',
      blocks: [
        { kind: 'thinking', title: 'thinking', text: 'Hm.' },
        { kind: 'refusal', title: 'refusal', text: 'No.' },
        { kind: 'tool-call', title: 'read_file', text: '{\n  "path": "a"\n}', callId: 'call_1' },
      ],
    },
    {
      role: 'tool',
      blocks: [
        {
          kind: 'tool-result',
          title: 'read_file',
          text: '',
          callId: 'call_1',
          note: 'call_1',
          blocks: [text('found')],
        },
      ],
    },
  ]);
});

test('an Anthropic request shows the system text first, then sealed thinking, tools, failed results and documents', () => {
  const messages = messagesOf({
    system: [{ type: 'text', text: 'Be brief.' }],
    messages: [
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm.', signature: 's' },
          { type: 'redacted_thinking', data: 'AAAA' },
          { type: 'tool_use', id: 'toolu_1', name: 'search', input: { query: 'x' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'toolu_1', content: 'Sunny', is_error: true },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } },
          { type: 'document', title: 'Law', source: { type: 'text', media_type: 'text/plain', data: 'Do.' } },
        ],
      },
    ],
  });
  expect(messages[0]).toEqual({ role: 'system', blocks: [text('Be brief.')] });
  expect(messages[1]?.blocks).toEqual([
    { kind: 'thinking', title: 'thinking', text: 'Hm.', note: 'signed' },
    { kind: 'thinking', title: 'thinking', text: '', note: 'sealed: only its maker can read it, 3 bytes' },
    { kind: 'tool-call', title: 'search', text: '{\n  "query": "x"\n}', callId: 'toolu_1' },
  ]);
  expect(messages[2]?.blocks).toEqual([
    {
      kind: 'tool-result',
      title: 'search',
      text: 'Sunny',
      callId: 'toolu_1',
      note: 'the tool failed, toolu_1',
    },
    drawn(),
    { kind: 'file', title: 'Law', text: 'Do.', note: 'text/plain' },
  ]);
});

test('a Responses request is instructions and turns: what the model did in a row is one of them', () => {
  const messages = messagesOf({
    instructions: 'Be brief.',
    input: [
      { role: 'user', content: [{ type: 'input_text', text: 'Weather?' }] },
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }], encrypted_content: 'AAAA' },
      { type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'weather' } },
      { type: 'function_call', call_id: 'c1', name: 'get_weather', arguments: '{"city":"Paris"}' },
      { type: 'function_call_output', call_id: 'c1', output: '{"sky":"clear"}' },
    ],
  });
  expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool']);
  expect(messages[2]?.blocks).toEqual([
    { kind: 'thinking', title: 'thinking', text: 'Hm.', note: 'signed' },
    { kind: 'search', title: 'web search', text: 'weather', sources: [] },
    { kind: 'tool-call', title: 'get_weather', text: '{\n  "city": "Paris"\n}', callId: 'c1' },
  ]);
  expect(messages[3]?.blocks[0]).toMatchObject({ title: 'get_weather', text: '{\n  "sky": "clear"\n}' });
});

test.each(['systemInstruction', 'system_instruction'])('a Gemini request is read with %s', (field) => {
  const { messages, rest } = readRequest({
    [field]: { parts: [{ text: 'Be brief.' }] },
    contents: [
      { role: 'user', parts: [{ text: 'Look' }, { inlineData: { mimeType: 'image/png', data: PIXEL } }] },
      {
        role: 'model',
        parts: [
          { text: 'Hm.', thought: true, thoughtSignature: 'AAAA' },
          { function_call: { name: 'look', args: { at: 1 } } },
        ],
      },
      { role: 'user', parts: { functionResponse: { name: 'look', response: { seen: true } } } },
    ],
    generationConfig: { temperature: 0 },
  });
  expect(messages).toEqual([
    { role: 'system', blocks: [text('Be brief.')] },
    { role: 'user', blocks: [text('Look'), drawn()] },
    {
      role: 'model',
      blocks: [
        { kind: 'thinking', title: 'thinking', text: 'Hm.', note: 'signed' },
        { kind: 'tool-call', title: 'look', text: '{\n  "at": 1\n}', callId: 'look' },
      ],
    },
    {
      role: 'user',
      blocks: [{ kind: 'tool-result', title: 'look', text: '{\n  "seen": true\n}', callId: 'look' }],
    },
  ]);
  expect(rest).toEqual({ generationConfig: { temperature: 0 } });
});

describe('what is no conversation', () => {
  test('shows each input on its own, tokens by their number', () => {
    expect(messagesOf({ input: ['one', [1, 2, 3]] }, false)).toEqual([
      { role: 'input', blocks: [text('one')] },
      { role: 'input', blocks: [{ kind: 'json', title: '3 tokens', text: '1 2 3' }] },
    ]);
  });

  test('shows the query and the documents of a rerank', () => {
    const messages = messagesOf({ query: 'q', documents: ['a', { text: 'b' }], top_n: 1 }, false);
    expect(messages.map(({ role, blocks }) => [role, blocks[0]?.text])).toEqual([
      ['query', 'q'],
      ['document', 'a'],
      ['document', 'b'],
    ]);
  });

  test('shows the texts of a Gemini embedding', () => {
    const content = { parts: [{ text: 'one' }] };
    expect(messagesOf({ content }, false)).toEqual([{ role: 'input', blocks: [text('one')] }]);
    expect(messagesOf({ requests: [{ content }] }, false)).toEqual([
      { role: 'input', blocks: [text('one')] },
    ]);
  });
});

test('a bare prompt is the user’s, and so is each of many', () => {
  expect(messagesOf({ prompt: 'Hello', suffix: 'end' })).toEqual([
    { role: 'user', blocks: [text('Hello')] },
    { role: 'suffix', blocks: [text('end')] },
  ]);
  expect(messagesOf({ prompt: ['a', 'b'] })).toHaveLength(2);
});

test('the rest is what is neither message nor shown elsewhere', () => {
  expect(readRequest({ model: 'm', messages: [], stream: true, temperature: 0.2 }).rest).toEqual({
    temperature: 0.2,
  });
  expect(readRequest({ model: 'm', messages: [] }).rest).toBeUndefined();
});

describe('what is malformed', () => {
  test.each([
    null,
    5,
    [],
    { messages: 'none' },
    { messages: [null, 1] },
    { contents: [{ role: 'user' }] },
    { input: { a: 1 } },
  ])('is seen as it is: %j', (request) => {
    const { messages, rest } = readRequest(request);
    const seen = pretty(rest ?? messages.flatMap(({ blocks }) => blocks));
    expect(messages.length > 0 || rest !== undefined).toBe(true);
    expect(seen).not.toBe('[]');
  });

  test.each(['new_thing', 'constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'a part of the kind %s is its JSON',
    (type) => {
      const part = { type, x: 1 };
      const block = { kind: 'other', title: type, text: pretty(part) };
      expect(messagesOf({ messages: [{ role: 7, content: [part, 5] }] })).toEqual([
        { role: '7', blocks: [block, { kind: 'other', title: 'content', text: '5' }] },
      ]);
      expect(messagesOf({ input: [part] })).toEqual([{ role: 'assistant', blocks: [block] }]);
    },
  );

  test('arguments that are no JSON are shown as they are', () => {
    const call = { function: { name: 'run', arguments: '{"cut of' } };
    const [message] = messagesOf({ messages: [{ role: 'assistant', content: '', tool_calls: [call] }] });
    expect(message?.blocks).toEqual([{ kind: 'tool-call', title: 'run', text: '{"cut of' }]);
  });

  test('no JSON whatever makes the reader fail', () => {
    const fields = ['messages', 'input', 'contents', 'system', 'prompt', 'documents', 'requests', 'content'];
    const types = ['text', 'image', 'tool_use', 'reasoning', 'input_file', 'document', 'message', 'file'];
    const names = ['type', 'role', 'content', 'parts', 'text', 'source', 'image_url', 'tool_calls', 'audio'];
    const { tree } = fc.letrec((tie) => ({
      leaf: fc.oneof(fc.constantFrom(...types), fc.string(), fc.integer(), fc.constant(null), fc.boolean()),
      list: fc.array(tie('tree'), { maxLength: 3 }),
      object: fc.dictionary(fc.constantFrom(...names), tie('tree'), { maxKeys: 4 }),
      tree: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('leaf'), tie('list'), tie('object')),
    }));
    const request = fc.dictionary(fc.constantFrom(...fields), tree, { maxKeys: 3 });
    const law = fc.property(request, fc.boolean(), (body, isConversation) => {
      const { messages } = readRequest(body, isConversation);
      for (const { role, blocks } of messages) {
        expect(typeof role).toBe('string');
        for (const block of blocks) expect(typeof block.text).toBe('string');
      }
    });
    fc.assert(law, { seed: 7, numRuns: 2_000 });
  });
});

import { describe, expect, test } from 'vitest';
import { messagesOf, partsOf, pretty, settingsOf } from './message-text.ts';

const PNG = 'data:image/png;base64,iVBORw0KGgo=';

describe('an OpenAI request', () => {
  test('shows text, images and tool calls in their order', () => {
    const call = {
      id: 'call_1',
      type: 'function',
      function: { name: 'read_file', arguments: '{"path":"a"}' },
    };
    const messages = messagesOf({
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look' },
            { type: 'image_url', image_url: { url: PNG } },
          ],
        },
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: 'call_1', content: [{ type: 'text', text: 'found' }] },
      ],
    });
    expect(messages).toEqual([
      { role: 'system', blocks: [{ kind: 'text', text: 'Be brief.' }] },
      {
        role: 'user',
        blocks: [
          { kind: 'text', text: 'Look' },
          { kind: 'image', title: 'image', text: 'image/png, 1 KB', source: PNG },
        ],
      },
      { role: 'assistant', blocks: [{ kind: 'tool-call', title: 'read_file', text: '{\n  "path": "a"\n}' }] },
      { role: 'tool', blocks: [{ kind: 'tool-result', title: 'call_1', text: 'found' }] },
    ]);
  });

  test('shows arguments that are no JSON as they are', () => {
    const call = { function: { name: 'run', arguments: '{"cut of' } };
    const [message] = messagesOf({ messages: [{ role: 'assistant', content: '', tool_calls: [call] }] });
    expect(message?.blocks).toEqual([{ kind: 'tool-call', title: 'run', text: '{"cut of' }]);
  });
});

describe('an Anthropic request', () => {
  test('shows the system text first, then thinking, tool use, its result and images', () => {
    const source = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' };
    const messages = messagesOf({
      system: [{ type: 'text', text: 'Be brief.' }],
      messages: [
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm.', signature: 's' },
            { type: 'tool_use', id: 'toolu_1', name: 'search', input: { query: 'x' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'toolu_1', content: 'Sunny' },
            { type: 'image', source },
          ],
        },
      ],
    });
    expect(messages).toEqual([
      { role: 'system', blocks: [{ kind: 'text', text: 'Be brief.' }] },
      {
        role: 'assistant',
        blocks: [
          { kind: 'thinking', title: 'thinking', text: 'Hm.' },
          { kind: 'tool-call', title: 'search', text: '{\n  "query": "x"\n}' },
        ],
      },
      {
        role: 'user',
        blocks: [
          { kind: 'tool-result', title: 'toolu_1', text: 'Sunny' },
          { kind: 'image', title: 'image', text: 'image/png, 1 KB', source: PNG },
        ],
      },
    ]);
  });
});

describe('an image', () => {
  const imageOf = (url: string) =>
    messagesOf({ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }] })[0]
      ?.blocks[0];

  test('elsewhere is named and never fetched', () => {
    expect(imageOf('https://example.com/cat.png')).toEqual({
      kind: 'image',
      title: 'image',
      text: 'https://example.com/cat.png',
    });
  });

  test.each(['data:image/svg+xml;base64,PHN2Zz4=', 'data:text/html,<script>', 'data:'])(
    'of a form that could hold more than pixels is not drawn: %s',
    (url) => {
      expect(imageOf(url)).not.toHaveProperty('source');
    },
  );
});

describe('what is malformed', () => {
  test.each([null, 'text', [], {}, { messages: 'none' }, { messages: [null, 1, 'x'] }])(
    'has no messages: %j',
    (request) => {
      expect(messagesOf(request)).toEqual([]);
    },
  );

  test('shows messages without role or content as far as they go', () => {
    expect(messagesOf({ messages: [{}, { role: 7, content: [{ type: 'new_thing', x: 1 }, 5] }] })).toEqual([
      { role: '', blocks: [] },
      {
        role: '7',
        blocks: [{ kind: 'other', title: 'new_thing', text: pretty({ type: 'new_thing', x: 1 }) }],
      },
    ]);
  });
});

test('a bare prompt is a message of the user', () => {
  expect(messagesOf({ prompt: 'Hello' })).toEqual([
    { role: 'user', blocks: [{ kind: 'text', text: 'Hello' }] },
  ]);
});

test('the parts of a reply become blocks, also of kinds nobody knew', () => {
  const parts = [
    { kind: 'thinking', text: 'Hm.' },
    { kind: 'text', text: 'Hello' },
    { kind: 'tool-call', name: 'search', input: '{"q":1}' },
    { kind: 'audio', value: { id: 'a' } },
  ];
  expect(partsOf({ parts })).toEqual([
    { kind: 'thinking', title: 'thinking', text: 'Hm.' },
    { kind: 'text', text: 'Hello' },
    { kind: 'tool-call', title: 'search', text: '{\n  "q": 1\n}' },
    { kind: 'other', title: 'audio', text: '{\n  "id": "a"\n}' },
  ]);
  expect(partsOf(null)).toEqual([]);
});

test('the settings are what is neither message nor shown elsewhere', () => {
  expect(settingsOf({ model: 'm', messages: [], stream: true, temperature: 0.2 })).toEqual({
    temperature: 0.2,
  });
  expect(settingsOf({ model: 'm', messages: [] })).toBeUndefined();
});

import { expect, test } from 'vitest';
import { previewInput, previewOutput } from './preview.ts';

const said = 'What is the tide?';
const requests: [string, object][] = [
  [
    'chat',
    {
      messages: [
        { role: 'user', content: said },
        { role: 'assistant', content: 'High.' },
      ],
    },
  ],
  ['responses', { input: [{ role: 'user', content: [{ type: 'input_text', text: said }] }] }],
  ['a responses text', { input: said }],
  ['completions', { prompt: said }],
  ['messages', { messages: [{ role: 'user', content: [{ type: 'text', text: said }] }] }],
  [
    'gemini',
    {
      contents: [
        { role: 'user', parts: [{ text: said }] },
        { role: 'model', parts: [{ text: 'High.' }] },
      ],
    },
  ],
  ['a gemini turn without a role', { contents: [{ parts: [{ text: said }] }] }],
  ['a gemini embedding', { content: { parts: [{ text: said }] } }],
  ['embeddings', { input: [said] }],
];

test.each(requests)('the last words of the user are found in %s', (_what, request) => {
  expect(previewInput(JSON.stringify(request))).toBe(said);
});

test.each([
  [{}],
  [{ contents: 'x'.repeat(3) }],
  [{ contents: [[[]]] }],
  [{ content: { parts: 7 } }],
  [{ input: { parts: {} } }],
])('what is no conversation gives no preview and no failure: %j', (request) =>
  expect(previewInput(JSON.stringify(request))).toBe(''),
);

test('a refusal is what was said', () => {
  expect(previewOutput(JSON.stringify({ parts: [{ kind: 'refusal', text: 'I cannot.' }] }))).toBe(
    'I cannot.',
  );
});

import { describe, expect, test } from 'vitest';
import { pretty } from './json.ts';
import { readReply } from './read-reply.ts';

const blockOf = (part: object) => readReply({ parts: [part] })[0];

test('the parts of a reply become blocks, also of kinds nobody knew', () => {
  const parts = [
    { kind: 'thinking', text: 'Hm.', signature: { maker: 'anthropic', value: 'AAAA' } },
    { kind: 'text', text: 'Hello' },
    { kind: 'tool-call', id: 'c1', name: 'search', input: '{"q":1}' },
    { kind: 'refusal', text: 'No.' },
    { kind: 'dance', steps: 2 },
  ];
  expect(readReply({ parts })).toEqual([
    { kind: 'thinking', title: 'thinking', text: 'Hm.', note: 'signed by anthropic' },
    { kind: 'text', text: 'Hello' },
    { kind: 'tool-call', title: 'search', text: '{\n  "q": 1\n}', callId: 'c1' },
    { kind: 'refusal', title: 'refusal', text: 'No.' },
    { kind: 'other', title: 'dance', text: pretty({ kind: 'dance', steps: 2, type: 'dance' }) },
  ]);
  expect(readReply(null)).toEqual([]);
  expect(readReply({ choices: 1 })[0]?.text).toContain('choices');
});

test('thinking without a text says who can read it and how large it is', () => {
  const part = { kind: 'thinking', text: '', signature: { maker: 'openai', value: 'A'.repeat(4_096) } };
  expect(blockOf(part)?.note).toBe('sealed: only openai can read it, 3 KB');
});

test('a sound is told with its size and what it says, and is never in the page', () => {
  const block = blockOf({
    kind: 'media',
    mediaType: 'audio/wav',
    data: 'A'.repeat(40_000),
    transcript: 'Hi',
  });
  expect(block).toEqual({
    kind: 'audio',
    title: 'audio',
    text: '',
    note: 'audio/wav, 29 KB',
    blocks: [{ kind: 'text', text: 'Hi' }],
  });
});

test('each source stands once under the places where it is cited', () => {
  const wire = { dialect: 'openai-chat', value: null };
  const page = { url: 'https://a.example/x', title: 'A', wire };
  const citations = [
    { ...page, start: 0, end: 3, quote: 'one' },
    { url: 'https://b.example', wire },
    { ...page, start: 3, end: 6, quote: 'two' },
  ];
  expect(blockOf({ kind: 'text', text: 'abcdef', citations })?.sources).toEqual([
    { title: 'A', url: 'https://a.example/x', quote: 'one\n…\ntwo', ends: [3, 6] },
    { title: 'https://b.example', url: 'https://b.example/', ends: [] },
  ]);
});

test('the likelihood of each token is told in per cent, beside what might have been', () => {
  const logprobs = [
    {
      token: ' a',
      logprob: 0,
      top: [
        { token: ' a', logprob: 0 },
        { token: '\n', logprob: -Math.LN2 },
      ],
    },
  ];
  expect(blockOf({ kind: 'text', text: ' a', logprobs })?.tokens).toEqual([
    { token: '" a"', percent: '100.0 %', instead: '"\\n" 50.0 %' },
  ]);
});

describe('what only its own dialect understands', () => {
  const opaque = (dialect: string, value: object) => blockOf({ kind: 'opaque', dialect, value });

  test('is read as that dialect has it', () => {
    expect(
      opaque('openai-responses', { type: 'web_search_call', status: 'failed', action: { query: 'q' } }),
    ).toMatchObject({ kind: 'search', text: 'q', note: 'failed' });
    expect(
      opaque('anthropic-messages', {
        type: 'server_tool_use',
        id: 's1',
        name: 'web_search',
        input: { query: 'q' },
      }),
    ).toMatchObject({ kind: 'tool-call', title: 'web_search', note: 'run by the provider' });
    expect(opaque('gemini', { executableCode: { language: 'PYTHON', code: 'print(1)' } })).toMatchObject({
      kind: 'tool-call',
      title: 'code (python)',
      text: 'print(1)',
    });
  });

  test('is its type and JSON where nobody does', () => {
    const value = { type: 'shell_call', cmd: 'ls' };
    expect(opaque('openai-responses', value)).toEqual({
      kind: 'other',
      title: 'shell_call',
      text: pretty(value),
    });
  });
});

test('the answer to what is no conversation is laid out as JSON, where it is JSON', () => {
  const answer = (text: string) => readReply({ parts: [{ kind: 'text', text }] }, false)[0];
  expect(answer('{"results":[1]}')).toEqual({
    kind: 'json',
    title: 'answer',
    text: pretty({ results: [1] }),
  });
  expect(answer('a transcript')).toEqual({ kind: 'text', text: 'a transcript' });
});

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { extractContents, resolveContents } from './contents.ts';

const digestOf = (content: string) => createHash('sha256').update(content).digest('base64url');

test('any JSON comes back to the letter after its contents were taken out', () => {
  fc.assert(
    fc.property(requestTexts(), (text) => {
      const { resolved } = roundTrip(text);
      expect(resolved).toBe(text);
      expect(JSON.parse(resolved)).toEqual(JSON.parse(text));
    }),
    { seed: 3, numRuns: 1000 },
  );
});

test('each message, tool and system block is a content of its own and nothing of it stays behind', () => {
  const body = {
    model: 'm',
    system: [{ type: 'text', text: 'rules' }],
    messages: [
      { role: 'user', content: 'question' },
      { role: 'assistant', content: 'answer' },
    ],
    tools: [{ name: 'search' }],
    prompt: 'plain',
    temperature: 0.5,
  };
  const { text, contents } = extractContents(JSON.stringify(body), digestOf);
  expect(contents.map(({ content }) => JSON.parse(content))).toEqual([
    ...body.system,
    ...body.messages,
    ...body.tools,
    body.prompt,
  ]);
  expect(text).not.toMatch(/rules|question|answer|search|plain/);
  const [system] = contents;
  expect(JSON.parse(text)).toMatchObject({
    model: 'm',
    temperature: 0.5,
    system: [{ $content: system?.digest }],
  });
});

test('a key of the caller that looks like a placeholder comes back as it was, wherever it stands', () => {
  const digest = digestOf('secret of another call');
  const tricks = [
    { metadata: { $content: digest } },
    { metadata: { $$content: digest, $content: 1 } },
    { messages: [{ $content: digest }, { $$content: digest }] },
    { metadata: ['{"$content":"x"}', '\\"$content":', { 'say \\"$content': 2 }] },
  ];
  for (const trick of tricks) {
    const text = JSON.stringify(trick);
    const { contents, text: stored } = extractContents(text, digestOf);
    const known = new Map(contents.map((entry) => [entry.digest, entry.content]));
    known.set(digest, '"must never appear"');
    expect(resolveContents(stored, (name) => known.get(name))).toBe(text);
  }
});

test('numbers beyond double precision, spacing and keys written twice stay as the caller wrote them', () => {
  const text =
    ' { "seed" : 12345678901234567890 , "messages" : [ {"n":1.0} , "b" ] , "messages":["c"], "x":1e400 } ';
  expect(roundTrip(text).resolved).toBe(text);
});

test('a list of tokens is one content, not one for each number', () => {
  const { contents } = extractContents('{"input":[1,2,3,4]}', digestOf);
  expect(contents.map(({ content }) => content)).toEqual(['[1,2,3,4]']);
});

test('a body that is no JSON is kept as a JSON string', () => {
  const { resolved } = roundTrip('{"messages": [half');
  expect(JSON.parse(resolved)).toBe('{"messages": [half');
});

test('a very long message is cut between code points and comes back whole', () => {
  const text = JSON.stringify({ messages: [{ content: `a${'😀'.repeat(1_500_000)}` }] });
  const { resolved, contents } = roundTrip(text);
  expect(contents.length).toBe(2);
  for (const { content } of contents) expect(content.isWellFormed()).toBe(true);
  expect(resolved === text).toBe(true);
});

test('a body that is large outside its messages is taken out whole', () => {
  const text = JSON.stringify({ metadata: { notes: 'n'.repeat(1_100_000) }, messages: ['m'] });
  const { text: stored, contents } = extractContents(text, digestOf);
  expect(stored.length).toBeLessThan(100);
  expect(contents).toHaveLength(1);
  expect(roundTrip(text).resolved === text).toBe(true);
});

test('a content that was deleted leaves its placeholder, and the rest is still valid JSON', () => {
  const { text } = extractContents('{"messages":["gone"],"model":"m"}', digestOf);
  const resolved = resolveContents(text, () => undefined);
  expect(JSON.parse(resolved)).toEqual({ messages: [{ $content: digestOf('"gone"') }], model: 'm' });
});

test('a text of a million quotes and backslashes is taken apart in linear time', () => {
  const text = JSON.stringify({ messages: ['"\\'.repeat(500_000)], other: '\\'.repeat(500_000) });
  const startedAt = performance.now();
  expect(roundTrip(text).resolved === text).toBe(true);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

function roundTrip(text: string) {
  const { text: stored, contents } = extractContents(text, digestOf);
  const known = new Map(contents.map(({ digest, content }) => [digest, content]));
  return { resolved: resolveContents(stored, (digest) => known.get(digest)), contents };
}

/** Objects whose keys and values come near everything that the extraction looks at. */
function requestTexts() {
  const trickyText = fc.constantFrom(
    '$content',
    '"$content":',
    '{"$content":"x"}',
    '\\',
    '"',
    ']}',
    '😀',
    '\u2028',
  );
  const value = fc.oneof(
    fc.jsonValue({ depthSize: 'small' }),
    trickyText,
    fc.array(fc.oneof(trickyText, fc.integer(), fc.dictionary(trickyText, trickyText)), { maxLength: 4 }),
    fc.record({ $content: fc.oneof(trickyText, fc.constant('a'.repeat(43))) }),
  );
  const key = fc.oneof(
    fc.constantFrom(
      'messages',
      'system',
      'tools',
      'prompt',
      'input',
      'parts',
      '$content',
      '$$content',
      '__proto__',
    ),
    fc.string(),
  );
  const object = fc
    .array(fc.tuple(key, value), { maxLength: 6 })
    .map((entries) => Object.fromEntries(entries));
  const spacing = fc.constantFrom(undefined, 1, '\t');
  return fc.tuple(fc.oneof(object, value), spacing).map(([json, space]) => JSON.stringify(json, null, space));
}

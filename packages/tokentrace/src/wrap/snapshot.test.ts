import { expect, test } from 'vitest';
import { snapshot } from './snapshot.ts';

test('a snapshot does not follow what the app changes later', () => {
  const messages = [{ role: 'user', content: 'Hi' }];
  const held = snapshot({ messages });
  messages.push({ role: 'assistant', content: 'Hello' });
  expect(held).toEqual({ messages: [{ role: 'user', content: 'Hi' }] });
});

test('bytes in every form become marks of their size, and prose of any length stays', () => {
  const picture = Buffer.alloc(1_500, 9).toString('base64');
  const prose = 'word '.repeat(1_000);
  expect(
    snapshot({
      url: `data:image/png;base64,${picture}`,
      data: picture,
      bytes: new Uint8Array(7),
      buffer: new ArrayBuffer(8),
      blob: new Blob(['abc'], { type: 'audio/wav' }),
      vector: new Float32Array(5),
      numbers: Array.from({ length: 65 }, () => 0.5),
      stream: new ReadableStream(),
      prose,
      link: 'data:text/plain,hello',
    }),
  ).toEqual({
    url: '[image/png, 1500 bytes]',
    data: '[binary, 1500 bytes]',
    bytes: '[binary, 7 bytes]',
    buffer: '[binary, 8 bytes]',
    blob: '[audio/wav, 3 bytes]',
    vector: '[5 numbers]',
    numbers: '[65 numbers]',
    stream: '[stream, size unknown]',
    prose,
    link: 'data:text/plain,hello',
  });
});

test('headers and values under the name of a secret are not held, other fields of such a name are', () => {
  expect(
    snapshot({
      tools: [{ type: 'mcp', authorization: 'Bearer x', headers: { 'x-key': 'y' } }],
      schema: { properties: { password: { type: 'string' } } },
    }),
  ).toEqual({
    tools: [{ type: 'mcp', authorization: '[secret]', headers: '[secret]' }],
    schema: { properties: { password: { type: 'string' } } },
  });
});

test('a cycle, a getter that throws and what is not JSON do no harm', () => {
  const ring: { [name: string]: unknown } = { f: () => 1, s: Symbol('s'), big: 10n, nan: Number.NaN };
  ring.self = ring;
  Object.defineProperty(ring, 'bad', {
    enumerable: true,
    get: () => {
      throw new Error('no');
    },
  });
  const text = JSON.stringify(snapshot(ring));
  expect(text).toContain('"big":"10","nan":null');
  expect(text).toContain('"bad":"[unreadable]"');
  expect(text).toContain('[cut]');
  expect(snapshot(new Map([['a', 1]]))).toEqual([['a', 1]]);
  expect(snapshot(undefined)).toBeNull();
});

import { expect, test } from 'vitest';
import { GatewayError } from './error.ts';
import { openSseReader } from './open-sse-reader.ts';

function read(text: string | Uint8Array, size = 1_000): { event?: string; data: string; bytes?: string }[] {
  const reader = openSseReader();
  const bytes = Buffer.from(text);
  const frames = [];
  for (let at = 0; at < bytes.length; at += size) frames.push(...reader.read(bytes.subarray(at, at + size)));
  return [...frames, ...reader.end()].map(({ bytes: own, ...frame }) =>
    own === undefined ? frame : { ...frame, bytes: Buffer.from(own).toString() },
  );
}

test('line ends may be LF, CRLF or CR, and a frame keeps the bytes it came in', () => {
  for (const end of ['\n', '\r\n', '\r']) {
    const text = `event: a${end}data: 1${end}${end}data: 2${end}${end}`;
    for (const size of [1, 2, 3, 5, 1_000]) {
      const frames = read(text, size);
      expect(frames.map(({ event, data }) => [event, data])).toEqual([
        ['a', '1'],
        [undefined, '2'],
      ]);
      // A CR at the very end may be half a line end, so the last frame comes without bytes of its own.
      if (end !== '\r') expect(frames.map((frame) => frame.bytes).join('')).toBe(text);
    }
  }
});

test('comments, unknown fields and frames without data say nothing', () => {
  expect(read(': hello\n\nid: 7\nretry: 10\ndata: x\n\nevent: lonely\n\n\n\n: bye\n\n')).toEqual([
    { data: 'x', bytes: 'id: 7\nretry: 10\ndata: x\n\n' },
  ]);
});

test('several data lines are one text, the colon alone is an empty one, and one space is cut off', () => {
  const datas = read('data: a\ndata:b\ndata\ndata:  c\n\ndata:\n\ndatab: x\n\n').map((frame) => frame.data);
  expect(datas).toEqual(['a\nb\n\n c', '']);
});

test('a character of four bytes survives a cut in its middle', () => {
  for (const size of [1, 2, 3])
    expect(read('data: 🌸é\n\n', size).map((frame) => frame.data)).toEqual(['🌸é']);
});

test('a byte order mark at the start is no part of the first field', () => {
  expect(read('\ufeffdata: x\n\n', 1).map((frame) => frame.data)).toEqual(['x']);
});

test('what the stream leaves without its blank line is given at the end, without bytes of its own', () => {
  expect(read('data: 1\n\ndata: [DONE]')).toEqual([{ data: '1', bytes: 'data: 1\n\n' }, { data: '[DONE]' }]);
});

test('frames do not change when the memory they came in is used again', () => {
  const reader = openSseReader();
  const memory = Buffer.from('data: one\n\ndata: tw');
  reader.read(memory);
  memory.fill('z');
  expect(reader.read(Buffer.from('o\n\n')).map((frame) => frame.data)).toEqual(['two']);
});

test('a frame over the bound is a bad response, in one piece or in many', () => {
  for (const size of [10, 10_000]) {
    const reader = openSseReader({ frameBytesMax: 1_000 });
    const bytes = Buffer.from(`data: ${'x'.repeat(5_000)}`);
    const feed = (): void => {
      for (let at = 0; at < bytes.length; at += size) reader.read(bytes.subarray(at, at + size));
    };
    expect(feed).toThrow(GatewayError);
    expect(feed).toThrow(/over 1000 bytes/);
  }
});

test('a long frame in small pieces takes time in proportion to its length', () => {
  const reader = openSseReader();
  const line = Buffer.from(`data: ${'x'.repeat(20)}\n`);
  for (let count = 0; count < 50_000; count += 1) reader.read(line);
  const [frame] = reader.read(Buffer.from('\n'));
  expect(frame?.data.length).toBe(50_000 * 21 - 1);
});

import { crc32 } from 'node:zlib';
import type { Frame } from '@app/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openAwsEventStream } from './aws-event-stream.ts';

type Headers = { [name: string]: string };

/** One message as AWS writes it. `odd` are header bytes of other types that come first. */
function message(headers: Headers, payload: string, odd: Buffer = Buffer.alloc(0)): Buffer {
  const texts = Object.entries(headers).map(([name, value]) => {
    const bytes = Buffer.from(value);
    const length = Buffer.from([7, bytes.length >> 8, bytes.length & 255]);
    return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), length, bytes]);
  });
  const head = Buffer.concat([odd, ...texts]);
  const body = Buffer.from(payload);
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(16 + head.length + body.length, 0);
  prelude.writeUInt32BE(head.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const bare = Buffer.concat([prelude, head, body]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bare), 0);
  return Buffer.concat([bare, sum]);
}

const event = (type: string, payload: object, odd?: Buffer): Buffer =>
  message(
    { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' },
    JSON.stringify(payload),
    odd,
  );
const chunk = (inner: string): Buffer =>
  event('chunk', { bytes: Buffer.from(inner).toString('base64'), p: 'abcdefgh' });

/** Reads in pieces of these sizes, each overwritten after use as a socket does with its memory. */
function framesOf(bytes: Uint8Array, sizes: readonly number[]): Frame[] {
  const reader = openAwsEventStream();
  const frames: Frame[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? bytes.length);
    const piece = Uint8Array.from(bytes.subarray(at, at + size));
    frames.push(...reader.read(piece));
    piece.fill(0);
    at += size;
  }
  return [...frames, ...reader.end()];
}

test('a message is an event with its payload, whatever headers stand around its type', () => {
  // A boolean, a byte, a short, an int, a long, bytes, a time and a UUID, each named x.
  const odd = Buffer.concat(
    [[0], [1], [2, 9], [3, 9, 9], [4, 9, 9, 9, 9], [5, ...Buffer.alloc(8)], [6, 0, 2, 9, 9]]
      .concat([
        [8, ...Buffer.alloc(8)],
        [9, ...Buffer.alloc(16)],
      ])
      .map((value) => Buffer.from([1, 120, ...value])),
  );
  const bytes = event('contentBlockDelta', { delta: { text: 'Grüße 👋' } }, odd);
  expect(framesOf(bytes, [bytes.length])).toEqual([
    { event: 'contentBlockDelta', data: '{"delta":{"text":"Grüße 👋"}}' },
  ]);
});

test("a wrapped model's stream comes out as that model's own events", () => {
  const inner = [
    '{"type":"message_start","message":{}}',
    '{"index":0,"type":"content_block_stop"}',
    '{"a":1}',
  ];
  expect(framesOf(Buffer.concat(inner.map(chunk)), [7])).toEqual([
    { event: 'message_start', data: inner[0] },
    { event: 'content_block_stop', data: inner[1] },
    { data: '{"a":1}' },
  ]);
});

test('an exception is a frame that says error in both dialects that come this way', () => {
  const thrown = message(
    { ':exception-type': 'throttlingException', ':message-type': 'exception' },
    '{"message":"Too many requests"}',
  );
  const failed = message(
    { ':error-code': 'InternalFailure', ':error-message': 'gone', ':message-type': 'error' },
    '',
  );
  expect(framesOf(Buffer.concat([thrown, failed]), [11])).toEqual([
    {
      event: 'throttlingException',
      data: '{"type":"error","error":{"type":"rate_limit_error","message":"Too many requests"},"message":"Too many requests"}',
    },
    {
      event: 'internalServerException',
      data: '{"type":"error","error":{"type":"api_error","message":"gone"},"message":"gone"}',
    },
  ]);
});

const anyMessage = fc
  .tuple(fc.constantFrom('messageStart', 'contentBlockDelta', 'chunk'), fc.jsonValue())
  .map(([type, value]) =>
    type === 'chunk' ? chunk(JSON.stringify({ type: 'x', value })) : event(type, { value }),
  );

test('cut anywhere, the bytes give the same frames', () => {
  fc.assert(
    fc.property(
      fc.array(anyMessage, { minLength: 1, maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }),
      (messages, sizes) => {
        const bytes = Buffer.concat(messages);
        const whole = framesOf(bytes, [bytes.length]);
        expect(whole).toHaveLength(messages.length);
        expect(framesOf(bytes, sizes)).toEqual(whole);
        expect(framesOf(bytes, [1])).toEqual(whole);
      },
    ),
    { seed: 11, numRuns: 100 },
  );
});

test('a flipped bit is never taken for a frame of its own, and never more than an error', () => {
  const messages = [event('messageStart', { role: 'assistant' }), chunk('{"type":"ping"}')];
  const bytes = Buffer.concat(messages);
  const good = framesOf(bytes, [bytes.length]);
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: bytes.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      fc.integer({ min: 1, max: 60 }),
      (at, flip, size) => {
        const broken = Buffer.from(bytes);
        broken[at] = (broken[at] ?? 0) ^ flip;
        const frames: Frame[] = [];
        const reader = openAwsEventStream();
        expect(() => {
          for (let from = 0; from < broken.length; from += size)
            frames.push(...reader.read(broken.subarray(from, from + size)));
          reader.read(broken);
        }).toThrow(/provider sent a stream message/);
        expect(frames).toEqual(good.slice(0, frames.length));
      },
    ),
    { seed: 13, numRuns: 300 },
  );
});

test('bytes that are no stream at all are an error that names the provider, whatever they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 12, maxLength: 200 }), (bytes) => {
      expect(() => openAwsEventStream().read(bytes)).toThrow(
        expect.objectContaining({ code: 'provider_bad_response' }),
      );
    }),
    { seed: 17, numRuns: 200 },
  );
});

test('a message over the bound is refused before it is held', () => {
  const reader = openAwsEventStream({ messageBytesMax: 64 });
  const bytes = event('contentBlockDelta', { delta: { text: 'x'.repeat(100) } });
  expect(() => reader.read(bytes.subarray(0, 12))).toThrow('over 64 bytes');
});

test('frames before a damage in the same piece are given first', () => {
  const reader = openAwsEventStream();
  const good = event('messageStart', { role: 'assistant' });
  expect(reader.read(Buffer.concat([good, Buffer.alloc(12, 1)]))).toHaveLength(1);
  expect(() => reader.read(good)).toThrow('wrong checksum');
  expect(reader.end()).toEqual([]);
});

test('a message that ends too early is no frame', () => {
  const reader = openAwsEventStream();
  expect(reader.read(event('messageStop', {}).subarray(0, 30))).toEqual([]);
  expect(reader.end()).toEqual([]);
});

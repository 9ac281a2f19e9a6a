import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type Encoding, inflateBody } from './inflate-body.ts';

const MIB = 2 ** 20;
const compress: { [encoding in Exclude<Encoding, 'identity'>]: (bytes: Buffer) => Buffer } = {
  gzip: (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  zstd: (bytes) => zstdCompressSync(bytes),
};
const encodings = Object.entries(compress).map(([name, run]) => [name as Encoding, run] as const);

test.each(encodings)(
  '%s: what was compressed comes back, empty bodies and members in a row too',
  (encoding, run) => {
    for (const text of ['', 'a', 'span '.repeat(50_000)])
      expect(Buffer.from(inflateBody(run(Buffer.from(text)), encoding, MIB)).toString()).toBe(text);
  },
);

test.each(encodings)('%s: the bound is met to the byte', (encoding, run) => {
  const bytes = run(Buffer.alloc(MIB, 'x'));
  expect(inflateBody(bytes, encoding, MIB)).toHaveLength(MIB);
  expect(() => inflateBody(bytes, encoding, MIB - 1)).toThrow(`larger than ${MIB - 1} bytes`);
});

test.each(encodings)('%s: what grows beyond all reason stops before the bound', (encoding, run) => {
  const bytes = run(Buffer.alloc(64 * MIB, 'x'));
  expect(() => inflateBody(bytes, encoding, 64 * MIB)).toThrow('larger than');
});

test.each(encodings)(
  '%s: what is cut off, or is something else, is refused without a word of it',
  (encoding, run) => {
    const whole = run(Buffer.from('secret '.repeat(1_000)));
    for (const bytes of [whole.subarray(0, whole.length - 9), Buffer.from('secret')])
      expect(() => inflateBody(bytes, encoding, MIB)).toThrow(`The body is not ${encoding}, or was cut off.`);
  },
);

test('a body without compression is itself, up to the bound', () => {
  const bytes = Buffer.from('abc');
  expect(inflateBody(bytes, 'identity', 3)).toBe(bytes);
  expect(() => inflateBody(bytes, 'identity', 2)).toThrow('larger than 2 bytes');
});

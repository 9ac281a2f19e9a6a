import { gzipSync } from 'node:zlib';
import type { Random } from './open-random.ts';

type Change = (random: Random, bytes: Buffer) => Buffer;

/** Changes bytes without regard to what they mean; gives the change's name beside them. */
export function mutateBytes(random: Random, bytes: Buffer): { bytes: Buffer; name: string } {
  const name = random.pick(CHANGE_NAMES);
  return { bytes: CHANGES[name]?.(random, bytes) ?? bytes, name };
}

const CHANGES: { [name: string]: Change } = {
  'cut off': (random, bytes) => bytes.subarray(0, random.below(bytes.length + 1)),
  'a byte changed': (random, bytes) => {
    const changed = Buffer.from(bytes);
    if (changed.length > 0) changed[random.below(changed.length)] = random.below(256);
    return changed;
  },
  'a bit changed': (random, bytes) => {
    const changed = Buffer.from(bytes);
    const at = random.below(Math.max(1, changed.length));
    if (changed.length > 0) changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
    return changed;
  },
  'bytes taken out': (random, bytes) => {
    const at = random.below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(40))]);
  },
  'bytes put in': (random, bytes) => putIn(random, bytes, random.pick(ODD_BYTES)),
  'bytes put in where a text is': (random, bytes) => putInText(random, bytes, random.pick(ODD_BYTES)),
  'bytes twice': (random, bytes) => {
    const at = random.below(bytes.length + 1);
    return putIn(random, bytes, bytes.subarray(at, at + random.below(200)));
  },
  'data after the end': (random, bytes) =>
    Buffer.concat([bytes, random.pick([...ODD_BYTES, bytes.subarray(0, 400), bytes])]),
  'a very deep value': (random, bytes) => {
    const depth = random.pick([400, 600, 6_000]);
    const deep = random.pick([
      '['.repeat(depth) + ']'.repeat(depth),
      '{"x":'.repeat(depth) + 7 + '}'.repeat(depth),
    ]);
    const at = random.below(12);
    let place = 0;
    return replaced(bytes, /(?<=:)(?:"[^"\\]*"|\d+|\{\})/g, (found) => (place++ === at ? deep : found));
  },
  'a byte order mark': (_, bytes) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]),
  compressed: (_, bytes) => gzipSync(bytes, { level: 1 }),
  'odd numbers in the text': (random, bytes) =>
    replaced(bytes, /(?<=:)-?\d+(?:\.\d+)?/g, sometimes(random, 0.4, NUMBERS)),
  'a field twice': (random, bytes) => replaced(bytes, /\{(?=")/g, sometimes(random, 0.3, FIELDS)),
  'one line end another': (random, bytes) => replaced(bytes, /\n/g, sometimes(random, 0.3, LINE_ENDS)),
};
const CHANGE_NAMES = Object.keys(CHANGES);

/** Numbers as a text may hold them and a parser may not. */
const NUMBERS = [
  'NaN',
  'Infinity',
  '1e400',
  '-0',
  '1E5',
  '9007199254740993',
  '-1',
  '1e308',
  '00',
  '0x10',
  '"7"',
];
const FIELDS = [
  '{"__proto__":{"polluted":true},',
  '{"constructor":{"prototype":{"polluted":true}},',
  '{"type":"text",',
  '{"id":null,',
  '{"text":7,',
  '{"index":-1,',
  '{"index":1e9,',
  '{"usage":null,',
  '{"error":"again",',
];
const LINE_ENDS = ['\r', '\r\n', '\n\n', '\r\r', '\u2028', ''];
const ODD_BYTES: readonly Buffer[] = [
  [0],
  [0xff, 0xfe],
  [0xc3],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf0, 0x9f],
  [0xf4, 0x90, 0x80, 0x80],
  [0x1f, 0x8b, 8],
  [0x0d],
  [0x0a, 0x0a],
  [0x0d, 0x0a, 0x0d, 0x0a],
]
  .map((values) => Buffer.from(values))
  .concat(
    [
      'data: [DONE]\n\n',
      '\n\ndata: {"error":{"message":"late"}}\n\n',
      '\n\nevent: error\ndata: {"type":"error","error":{"type":"api_error","message":"late"}}\n\n',
      '\n: comment\n',
      '\nretry: 1\nid: 7\n',
      ' '.repeat(3_000),
      ': waiting\n\n'.repeat(200),
      'x'.repeat(5_000),
      '[[[[[[[[[[',
      '"',
      '\\u0000\\ud800',
      '\\',
    ].map((text) => Buffer.from(text)),
  );

function putIn(random: Random, bytes: Buffer, added: Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at)]);
}

/** Right behind the beginning of a quoted text, where bytes that are no characters stay in what is said. */
function putInText(random: Random, bytes: Buffer, added: Buffer): Buffer {
  const from = bytes.indexOf(':"', random.below(bytes.length + 1));
  const at = from === -1 ? bytes.length : from + 2;
  return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at)]);
}

/** `by` gives what stands for a place that was found, which may be the same again. */
function replaced(bytes: Buffer, pattern: RegExp, by: (found: string) => string): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(pattern, by), 'latin1');
}

/** Now and then another text. */
function sometimes(random: Random, probability: number, texts: readonly string[]): (found: string) => string {
  const text = random.pick(texts);
  return (found) => (random.chance(probability) ? text : found);
}

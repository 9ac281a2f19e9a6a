import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonDefaults, parseJsonBody } from './parse-json-body.ts';
import { scanJson } from './scan-json.ts';

const parse = (text: string | Buffer) =>
  parseJsonBody(Buffer.isBuffer(text) ? text : Buffer.from(text), jsonDefaults);

const messageOf = (text: string | Buffer): string => {
  const outcome = parse(text);
  return outcome.ok ? 'accepted' : `${outcome.error.code}: ${outcome.error.message}`;
};

test('a JSON object is given with its text as it came', () => {
  const text = ' {"a": [1, "ü", {"b": null}]} ';
  expect(parse(text)).toEqual({
    ok: true,
    value: { body: { a: [1, 'ü', { b: null }] }, text, structure: 5 },
  });
});

test.each([
  ['', /empty/],
  ['{"a":', /not valid JSON/],
  ['{"a":1}{"b":2}', /not valid JSON/],
  ["{'a':1}", /not valid JSON/],
  ['\u{feff}{"a":1}', /not valid JSON/],
  ['[]', /not a JSON object/],
  ['null', /not a JSON object/],
  ['"text"', /not a JSON object/],
  ['1', /not a JSON object/],
])('%s is refused with a sentence', (text, message) => {
  expect(messageOf(text)).toMatch(/^invalid_json/);
  expect(messageOf(text)).toMatch(message);
});

test('bytes that are not UTF-8 are refused', () => {
  expect(messageOf(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toMatch(/not valid UTF-8/);
});

test('a message never quotes the body', () => {
  expect(messageOf('{"canary-prompt')).not.toContain('canary');
});

test('nesting is allowed up to the limit and refused above it, without recursion', () => {
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  expect(messageOf(nested(128))).toBe('accepted');
  expect(messageOf(nested(129))).toMatch(/nested deeper than 128/);
  expect(messageOf('['.repeat(2_000_000))).toMatch(/nested deeper than 128/);
});

test('a body of very many small values is refused before it is parsed', () => {
  expect(messageOf(`{"a":[${'[],'.repeat(400_000)}[]]}`)).toMatch(/more than 500000 values/);
});

test('brackets inside strings do not count, whatever is escaped around them', () => {
  const text = JSON.stringify({ a: '[[[['.repeat(100), b: '"[[[[', c: '\\', d: '\\"[[', e: '' });
  expect(scanJson(Buffer.from(text))).toEqual({ depth: 1, structure: 5 });
});

test.each(['__proto__', '\\u005f_proto__', '__prot\\u006F__', '\\u005F\\u005f\\u0070roto__'])(
  'a field spelled %s sets no prototype, at any depth',
  (key) => {
    const outcome = parse(`{"a":[{"${key}" : {"polluted":true}, "b":1}], "${key}":{"polluted":true}}`);
    if (!outcome.ok) throw outcome.error;
    const { body } = outcome.value;
    expect(Object.keys(body)).toEqual(['a']);
    expect(JSON.stringify(body)).toBe('{"a":[{"b":1}]}');
    const copy: { [key: string]: unknown } = {};
    for (const [name, value] of Object.entries(body)) copy[name] = value;
    expect(copy.polluted).toBeUndefined();
  },
);

test('a field named constructor, and text about __proto__, pass as they are', () => {
  const text = '{"constructor":{"prototype":{"x":1}},"a":"say \\"__proto__\\": no"}';
  const outcome = parse(text);
  expect(outcome.ok && JSON.stringify(outcome.value.body)).toBe(text);
});

test('for any JSON the scan finds the depth that a walk finds', () => {
  const depthOf = (value: unknown): number =>
    typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      expect(scanJson(Buffer.from(JSON.stringify(value))).depth).toBe(depthOf(value));
    }),
    { seed: 7, numRuns: 300 },
  );
});

import { filterFields, filterFlags, parseFilter } from '@app/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileFilter } from './compile-filter.ts';

function compiled(text: string) {
  const parsed = parseFilter(text);
  if (!parsed.ok || parsed.filter === undefined) throw new Error(`${text} cannot be read.`);
  return compileFilter(parsed.filter, new Map([['found', 'a,b']]));
}

/** How a value of each kind of field is written. */
const samples = {
  text: '"some text"',
  tokens: '5',
  money: '0.5',
  duration: '2s',
  status: '429',
  flag: 'true',
} as const;

test('every field has a condition, and what it is compared with is bound', () => {
  for (const [name, field] of Object.entries(filterFields)) {
    if (field.kind === 'has') continue;
    const values: readonly string[] = 'values' in field ? field.values : [];
    const term =
      field.kind === 'keyed' ? `${name}.entry:"some text"` : `${name}:${values[0] ?? samples[field.kind]}`;
    const { sql, parameters } = compiled(term);
    expect(sql.length, name).toBeGreaterThan(5);
    expect(Object.keys(parameters).length, name).toBe(
      field.kind === 'flag' ? 0 : field.kind === 'keyed' ? countOf(sql) : 1,
    );
    for (const each of Object.keys(parameters)) expect(sql).toContain(`{${each}:`);
  }
  for (const flag of Object.keys(filterFlags)) expect(compiled(`has:${flag}`).sql.length).toBeGreaterThan(5);
});

const countOf = (sql: string) => new Set([...sql.matchAll(/\{(f\d+):/g)].map(([, name]) => name)).size;

test('text is looked for in contents where some hold it', () => {
  expect(compiled('found').sql).toContain('hasAny(content_digests');
  expect(compiled('absent').sql).not.toContain('content_digests');
});

test('what a caller writes never changes the words of a statement', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
  const hostile = fc.constantFrom(
    ...[
      "' OR 1 = 1 --",
      "\\' UNION SELECT 1",
      '{f0:String}',
      "'); DROP TABLE spans; --",
      '%',
      '_',
      '\\',
      '*',
      '}',
    ],
  );
  const quoted = (value: string) => `"${value.replace(/[\\"]/g, '\\$&')}"`;
  const shapes = [
    (value: string) => `user:${quoted(value)}`,
    (value: string) => `name~${quoted(value)}`,
    (value: string) => `tag:${quoted(value)} OR -${quoted(value)}`,
    (value: string) => `metadata.plan:${quoted(value)}`,
    (value: string) => `score.helpful:${quoted(value)}`,
  ];
  for (const shape of shapes) {
    const plain = compiled(shape('plain')).sql;
    fc.assert(
      fc.property(fc.oneof(text, hostile), (value) => {
        const { sql, parameters } = compiled(shape(value));
        expect(sql).toBe(plain);
        expect(Object.keys(parameters)).toHaveLength(countOf(sql));
      }),
      { seed: 6, numRuns: 200 },
    );
  }
});

test('a key that a caller names is bound too', () => {
  const keys = fc.stringMatching(/^[^\s()":=<>~!,]{1,40}$/);
  const plain = compiled('metadata.plan:"x"').sql;
  fc.assert(
    fc.property(keys, (key) => {
      expect(compiled(`metadata.${key}:"x"`).sql).toBe(plain);
    }),
    { seed: 6, numRuns: 200 },
  );
});

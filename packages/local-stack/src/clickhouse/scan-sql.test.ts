import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scanSql } from './scan-sql.ts';

const fragments = [
  "'",
  '"',
  '`',
  '\\',
  '--',
  '/*',
  '*/',
  '#',
  '$$',
  '$a$',
  '{x:String}',
  '{',
  '}',
  ';',
  '\n',
  ' ',
  'select',
  "{e:Enum8('}' = 1)}",
  'é',
  '1',
];

test('the pieces joined are the statement again', () => {
  const statements = fc.array(fc.constantFrom(...fragments)).map((parts) => parts.join(''));
  fc.assert(
    fc.property(statements, (sql) => {
      expect(
        scanSql(sql)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(sql);
    }),
    { seed: 11, numRuns: 2_000 },
  );
});

test.each([
  ['SELECT {a:UInt8}, { b : Array(String) }', ['a UInt8', 'b Array(String)']],
  ["SELECT {c:Enum8('}' = 1, 'x\\'}' = 2)}", ["c Enum8('}' = 1, 'x\\'}' = 2)"]],
  ["SELECT '{a:UInt8}', `{a:UInt8}`, \"{a:UInt8}\", 'it''s {a:UInt8}', '\\'{a:UInt8}'", []],
  ['SELECT 1 -- {a:UInt8}\n, {b:UInt8} /* {c:UInt8} */ # {d:UInt8}', ['b UInt8']],
  ['SELECT $${a:UInt8}$$, $tag${b:UInt8}$tag$, {c:UInt8}', ['c UInt8']],
  ["SELECT {'a': 1}, map('a', {b:UInt8})", ['b UInt8']],
  ["SELECT '{a:UInt8}", []],
])('only placeholders in code are placeholders: %s', (sql, expected) => {
  const found = scanSql(sql).flatMap((piece) =>
    piece.kind === 'parameter' ? [`${piece.name} ${piece.type}`] : [],
  );
  expect(found).toEqual(expected);
});

test('semicolons inside texts and comments do not end a statement', () => {
  const sql = "SELECT ';', `;` /* ; */ -- ;\n; SELECT 2";
  expect(scanSql(sql).filter((piece) => piece.kind === 'semicolon')).toHaveLength(1);
});

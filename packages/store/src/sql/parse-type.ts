import type { SqlCursor } from './sql-cursor.ts';

const plain = new Set(
  `String Bool Date Date32 DateTime DateTime64 Int8 Int16 Int32 Int64 UInt8 UInt16 UInt32 UInt64 Float32 Float64
  Decimal`.split(/\s+/),
);
const wrapping = new Set(['Nullable', 'Array']);

/** Reads a type that a value may be cast to, and writes it anew. */
export function parseType(cursor: SqlCursor): string {
  return cursor.within(() => {
    const name = cursor.needName('a type');
    if (wrapping.has(name)) {
      cursor.needSign('(');
      const inside = parseType(cursor);
      cursor.needSign(')');
      return `${name}(${inside})`;
    }
    if (!plain.has(name)) return cursor.fail(`Values are cast to ${[...plain, ...wrapping].join(', ')}.`);
    if (!cursor.takeSign('(')) return name;
    const numbers: number[] = [];
    do numbers.push(cursor.needWhole('A size'));
    while (cursor.takeSign(','));
    cursor.needSign(')');
    return `${name}(${numbers.join(', ')})`;
  });
}

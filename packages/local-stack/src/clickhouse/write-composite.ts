import { EngineError } from './engine-error.ts';
import { quoteText, readEscapes } from './quote-sql.ts';

const bareValue = /[^\s,:'"[\](){}]+/y;
const depthMax = 32;

/**
 * Reads an array, tuple or map as clients write it (`['a',NULL]`, `(1,'b')`, `{'k':1}`) and writes it as an SQL
 * expression whose leaves are all quoted texts, so that nothing in it can be read as SQL and a cast gives each leaf
 * its type. Throws an EngineError when it is not well formed.
 */
export function writeComposite(text: string): string {
  const cursor = { text, at: 0 };
  const written = writeValue(cursor, 0);
  skipSpace(cursor);
  if (cursor.at < text.length) throw malformed();
  return written;
}

interface Cursor {
  text: string;
  at: number;
}

function writeValue(cursor: Cursor, depth: number): string {
  if (depth > depthMax) throw malformed();
  skipSpace(cursor);
  switch (cursor.text[cursor.at]) {
    case '[':
      return `[${writeItems(cursor, ']', depth).join(',')}]`;
    case '(':
      return `tuple(${writeItems(cursor, ')', depth).join(',')})`;
    case '{':
      return `map(${writeItems(cursor, '}', depth).join(',')})`;
    case "'":
      return quoteText(readQuoted(cursor));
    default:
      return writeBare(cursor);
  }
}

/** The items up to the closing sign. In a map, keys and values follow one another, as `map()` takes them. */
function writeItems(cursor: Cursor, close: string, depth: number): string[] {
  const items: string[] = [];
  cursor.at += 1;
  if (takes(cursor, close)) return items;
  for (;;) {
    items.push(writeValue(cursor, depth + 1));
    if (close === '}') {
      if (!takes(cursor, ':')) throw malformed();
      items.push(writeValue(cursor, depth + 1));
    }
    if (takes(cursor, close)) return items;
    if (!takes(cursor, ',')) throw malformed();
  }
}

function writeBare(cursor: Cursor): string {
  bareValue.lastIndex = cursor.at;
  const bare = bareValue.exec(cursor.text)?.[0];
  if (bare === undefined) throw malformed();
  cursor.at += bare.length;
  if (/^null$/i.test(bare)) return 'NULL';
  return quoteText(/^(?:true|false)$/i.test(bare) ? bare.toLowerCase() : bare);
}

function readQuoted(cursor: Cursor): string {
  const from = cursor.at + 1;
  for (let at = from; at < cursor.text.length; at += 1) {
    const letter = cursor.text[at];
    if (letter === '\\') at += 1;
    else if (letter === "'" && cursor.text[at + 1] === "'") at += 1;
    else if (letter === "'") {
      cursor.at = at + 1;
      return readEscapes(cursor.text.slice(from, at).replaceAll("''", "'"));
    }
  }
  throw malformed();
}

function takes(cursor: Cursor, sign: string): boolean {
  skipSpace(cursor);
  if (cursor.text[cursor.at] !== sign) return false;
  cursor.at += 1;
  return true;
}

function skipSpace(cursor: Cursor): void {
  while (/\s/.test(cursor.text[cursor.at] ?? '')) cursor.at += 1;
}

const malformed = () =>
  new EngineError(457, 'BAD_QUERY_PARAMETER', 'An array, tuple or map among the parameters is malformed.');

import { SqlFault } from './sql-fault.ts';

/** `name` may be a word of the language or a name; `quoted` is always a name. A string's text is without its quotes. */
export type SqlToken = {
  kind: 'name' | 'quoted' | 'number' | 'string' | 'sign' | 'end';
  text: string;
  at: number;
};

const SPACE = /[ \t\r\n]+|--[^\n]*|\/\*[\s\S]*?\*\//y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const SIGN = /->|::|<=|>=|<>|!=|==|\|\||[-+*/%=<>(),.[\]?:]/y;
const QUOTED_NAME = /^[A-Za-z_][A-Za-z0-9_ .-]{0,63}$/;

const TOKENS_MAX = 5_000;
const NAME_CHARS_MAX = 64;

/** Cuts a question into its words. Throws `SqlFault` at the first character that no question needs. */
export function tokenizeSql(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  let at = 0;
  while (at < sql.length) {
    const space = match(SPACE, sql, at);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const { token, end } = readToken(sql, at);
    tokens.push(token);
    at = end;
    if (tokens.length > TOKENS_MAX) throw new SqlFault(at, `A question has at most ${TOKENS_MAX} words.`);
  }
  tokens.push({ kind: 'end', text: '', at: sql.length });
  return tokens;
}

function readToken(sql: string, at: number): { token: SqlToken; end: number } {
  const first = sql[at] ?? '';
  if (first === "'") {
    const { text, end } = readQuoted(sql, at);
    return { token: { kind: 'string', text, at }, end };
  }
  if (first === '"' || first === '`') return readQuotedName(sql, at);
  for (const [kind, pattern] of [
    ['name', NAME],
    ['number', NUMBER],
    ['sign', SIGN],
  ] as const) {
    const text = match(pattern, sql, at);
    if (text === undefined) continue;
    if (kind === 'name' && text.length > NAME_CHARS_MAX)
      throw new SqlFault(at, `A name has at most ${NAME_CHARS_MAX} characters.`);
    return { token: { kind, text, at }, end: at + text.length };
  }
  throw new SqlFault(
    at,
    remedies.get(first) ?? `The character ${JSON.stringify(first)} has no place in a question.`,
  );
}

const remedies = new Map([
  [';', 'One question at a time: leave the semicolon out.'],
  ['{', 'Parameters cannot be given: write the value itself.'],
  ['$', 'Write strings in single quotation marks.'],
  ['#', 'Comments begin with two dashes.'],
]);

function readQuotedName(sql: string, at: number): { token: SqlToken; end: number } {
  const { text, end } = readQuoted(sql, at);
  if (!QUOTED_NAME.test(text))
    throw new SqlFault(
      at,
      'A quoted name has letters, digits, spaces, points and dashes, at most 64 of them.',
    );
  return { token: { kind: 'quoted', text, at }, end };
}

const escapes = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  // They are for LIKE to read: a percent sign behind a backslash is one.
  ['%', '\\%'],
  ['_', '\\_'],
]);

/** A doubled quotation mark or one behind a backslash is part of the text. */
function readQuoted(sql: string, start: number): { text: string; end: number } {
  const mark = sql[start];
  let text = '';
  for (let at = start + 1; at < sql.length; at += 1) {
    const letter = sql[at] ?? '';
    const next = sql[at + 1] ?? '';
    if (letter === '\\') {
      text += escapes.get(next) ?? next;
      at += 1;
    } else if (letter === mark && next === mark) {
      text += mark;
      at += 1;
    } else if (letter === mark) return { text, end: at + 1 };
    else text += letter;
  }
  throw new SqlFault(start, 'A quotation mark opens here and never closes.');
}

function match(pattern: RegExp, sql: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0];
}

import { SqlFault } from './sql-fault.ts';
import type { SqlToken } from './tokenize-sql.ts';

/** Deeper than this nothing is nested. */
const DEPTH_MAX = 60;

/** Walks over the words of a question. */
export type SqlCursor = {
  peek(ahead?: number): SqlToken;
  take(): SqlToken;
  /** Takes these words, in either case, if all of them come next. */
  takeWords(...words: string[]): boolean;
  isAtWord(word: string): boolean;
  takeSign(sign: string): boolean;
  needSign(sign: string): void;
  needWords(...words: string[]): void;
  /** A name of the asker's own; words of the language are refused. */
  needName(what: string): string;
  needWhole(what: string): number;
  /** Runs a step inside; what nests too deep is refused. */
  within<T>(run: () => T): T;
  fail(message: string): never;
};

/** They begin or end a part of a question and so cannot be names without quotation marks. */
const RESERVED = new Set(
  `SELECT FROM WHERE GROUP HAVING ORDER LIMIT OFFSET UNION INTERSECT EXCEPT JOIN ON USING WITH AS AND OR NOT IN IS
  BETWEEN LIKE ILIKE CASE WHEN THEN ELSE END DISTINCT ARRAY LEFT RIGHT INNER FULL CROSS ANY ALL ASOF SEMI ANTI GLOBAL
  FINAL SAMPLE PREWHERE SETTINGS FORMAT INTO BY ASC DESC NULLS OVER WINDOW QUALIFY INTERVAL`.split(/\s+/),
);

export function createSqlCursor(tokens: readonly SqlToken[]): SqlCursor {
  const end: SqlToken = { kind: 'end', text: '', at: 0 };
  let place = 0;
  let depth = 0;
  const peek = (ahead = 0): SqlToken => tokens[place + ahead] ?? tokens.at(-1) ?? end;
  const isWord = (token: SqlToken, word: string) =>
    token.kind === 'name' && token.text.toUpperCase() === word;
  const fail = (message: string): never => {
    throw new SqlFault(peek().at, message);
  };
  const told = () => (peek().kind === 'end' ? 'the end' : `"${peek().text.slice(0, 40)}"`);
  const cursor: SqlCursor = {
    peek,
    take: () => {
      const token = peek();
      place += 1;
      return token;
    },
    isAtWord: (word) => isWord(peek(), word),
    takeWords: (...words) => {
      if (!words.every((word, ahead) => isWord(peek(ahead), word))) return false;
      place += words.length;
      return true;
    },
    takeSign: (sign) => {
      if (peek().kind !== 'sign' || peek().text !== sign) return false;
      place += 1;
      return true;
    },
    needSign: (sign) =>
      void (cursor.takeSign(sign) || fail(`Here a "${sign}" is missing, before ${told()}.`)),
    needWords: (...words) =>
      void (cursor.takeWords(...words) || fail(`Here ${words.join(' ')} is missing, before ${told()}.`)),
    needName: (what) => {
      const { kind, text } = peek();
      if (kind !== 'quoted' && (kind !== 'name' || RESERVED.has(text.toUpperCase())))
        return fail(`Here ${what} is missing, before ${told()}.`);
      place += 1;
      return text;
    },
    needWhole: (what) => {
      const { kind, text } = peek();
      if (kind !== 'number' || !/^\d{1,9}$/.test(text)) return fail(`${what} is a whole number.`);
      place += 1;
      return Number(text);
    },
    within: (run) => {
      depth += 1;
      if (depth > DEPTH_MAX) fail(`A question is nested at most ${DEPTH_MAX} deep.`);
      const value = run();
      depth -= 1;
      return value;
    },
    fail,
  };
  return cursor;
}

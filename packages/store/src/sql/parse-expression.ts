import { parseType } from './parse-type.ts';
import type { SqlCursor } from './sql-cursor.ts';
import { checkCall, findFunction } from './sql-functions.ts';
import type { SqlExpression, SqlOrder, SqlQuery, SqlWindow } from './sql-tree.ts';

/** What is known where an expression stands: the questions that `WITH` named, and how to read one inside. */
export type SqlScope = {
  names: ReadonlySet<string>;
  parseQuery: (cursor: SqlCursor, scope: SqlScope) => SqlQuery;
};

type Parse = (cursor: SqlCursor, scope: SqlScope) => SqlExpression;

const LISTED_MAX = 1_000;

/** Reads an expression, by the precedence that SQL gives its signs. */
export const parseExpression: Parse = (cursor, scope) => cursor.within(() => parseAny(cursor, scope));

const parseAny: Parse = (cursor, scope) => {
  let left = parseAll(cursor, scope);
  while (cursor.takeWords('OR')) left = { kind: 'binary', sign: 'OR', left, right: parseAll(cursor, scope) };
  return left;
};

const parseAll: Parse = (cursor, scope) => {
  let left = parseNot(cursor, scope);
  while (cursor.takeWords('AND'))
    left = { kind: 'binary', sign: 'AND', left, right: parseNot(cursor, scope) };
  return left;
};

const parseNot: Parse = (cursor, scope) =>
  cursor.takeWords('NOT')
    ? { kind: 'unary', sign: 'NOT', of: cursor.within(() => parseNot(cursor, scope)) }
    : parseComparison(cursor, scope);

const COMPARISONS = ['<=', '>=', '<>', '!=', '==', '=', '<', '>'];

const parseComparison: Parse = (cursor, scope) => {
  let left = parseSum(cursor, scope);
  for (;;) {
    const sign = COMPARISONS.find((each) => cursor.takeSign(each));
    if (sign !== undefined) {
      left = { kind: 'binary', sign, left, right: parseSum(cursor, scope) };
      continue;
    }
    const test = parseTest(cursor, scope, left);
    if (test === undefined) return left;
    left = test;
  }
};

/** `IS NULL`, and what may have a NOT before it: `IN`, `LIKE`, `BETWEEN`. */
function parseTest(cursor: SqlCursor, scope: SqlScope, of: SqlExpression): SqlExpression | undefined {
  if (cursor.takeWords('IS')) {
    const isNot = cursor.takeWords('NOT');
    cursor.needWords('NULL');
    return { kind: 'null', isNot, of };
  }
  const isNot = cursor.takeWords('NOT');
  for (const word of ['LIKE', 'ILIKE']) {
    if (!cursor.takeWords(word)) continue;
    return { kind: 'binary', sign: isNot ? `NOT ${word}` : word, left: of, right: parseSum(cursor, scope) };
  }
  if (cursor.takeWords('IN')) return { kind: 'in', isNot, of, list: parseInList(cursor, scope) };
  if (cursor.takeWords('BETWEEN')) {
    const low = parseSum(cursor, scope);
    cursor.needWords('AND');
    return { kind: 'between', isNot, of, low, high: parseSum(cursor, scope) };
  }
  return isNot ? cursor.fail('After NOT comes IN, LIKE or BETWEEN.') : undefined;
}

/** A name alone at the right of IN would be taken for a table, so there is none. */
function parseInList(cursor: SqlCursor, scope: SqlScope): SqlExpression[] | SqlQuery {
  cursor.needSign('(');
  const query = parseSubquery(cursor, scope);
  if (query !== undefined) return query;
  const list = parseArguments(cursor, scope);
  if (list.length === 0) return cursor.fail('IN needs at least one value.');
  if (list.some(({ kind }) => kind === 'name' || kind === 'star'))
    return cursor.fail('IN compares with values: for a column write = or has(...).');
  return list;
}

const sides =
  (signs: readonly string[], next: Parse): Parse =>
  (cursor, scope) => {
    let left = next(cursor, scope);
    for (;;) {
      const sign = signs.find((each) => cursor.takeSign(each));
      if (sign === undefined) return left;
      left = { kind: 'binary', sign, left, right: next(cursor, scope) };
    }
  };

const parseSigned: Parse = (cursor, scope) =>
  cursor.takeSign('-')
    ? { kind: 'unary', sign: '-', of: cursor.within(() => parseSigned(cursor, scope)) }
    : parsePostfix(cursor, scope);

const parseProduct: Parse = sides(['*', '/', '%'], (cursor, scope) => parseSigned(cursor, scope));
const parseSum: Parse = sides(['||', '+', '-'], parseProduct);

const parsePostfix: Parse = (cursor, scope) => {
  let of = parsePrimary(cursor, scope);
  for (;;) {
    if (cursor.takeSign('[')) {
      of = { kind: 'element', of, at: parseExpression(cursor, scope) };
      cursor.needSign(']');
    } else if (cursor.takeSign('::')) of = { kind: 'cast', of, type: parseType(cursor) };
    else return of;
  }
};

const WORDS = ['NULL', 'TRUE', 'FALSE'] as const;

const parsePrimary: Parse = (cursor, scope) => {
  const { kind, text } = cursor.peek();
  if (kind === 'number' || kind === 'string') {
    cursor.take();
    return { kind, text };
  }
  if (cursor.takeSign('(')) return parseParentheses(cursor, scope);
  if (cursor.takeSign('[')) {
    const items = cursor.takeSign(']') ? [] : parseUntil(cursor, scope, ']');
    return { kind: 'array', items };
  }
  if (cursor.takeSign('*')) return { kind: 'star', of: undefined };
  const word = WORDS.find((each) => cursor.takeWords(each));
  if (word !== undefined) return { kind: 'word', word };
  if (cursor.takeWords('CASE')) return parseCase(cursor, scope);
  if (cursor.takeWords('INTERVAL')) return parseInterval(cursor, scope);
  if (cursor.isAtWord('CAST') && cursor.peek(1).text === '(') return parseCast(cursor, scope);
  return parseNamed(cursor, scope);
};

const parseNamed: Parse = (cursor, scope) => {
  const { kind, at } = cursor.peek();
  const name = cursor.needName('an expression');
  const next = cursor.peek();
  if (kind === 'name' && next.kind === 'sign' && next.text === '(')
    return parseCall(cursor, scope, { name, at });
  if (cursor.takeSign('->')) return { kind: 'lambda', names: [name], body: parseExpression(cursor, scope) };
  const path = [name];
  while (cursor.takeSign('.')) {
    if (cursor.takeSign('*')) return { kind: 'star', of: name };
    path.push(cursor.needName('a column'));
    if (path.length > 2) cursor.fail('A column is written as column or table.column.');
  }
  return { kind: 'name', path };
};

/** A question, a lambda's names, one expression, or a tuple. */
const parseParentheses: Parse = (cursor, scope) => {
  const query = parseSubquery(cursor, scope);
  if (query !== undefined) return { kind: 'query', query };
  const items = parseUntil(cursor, scope, ')');
  if (cursor.takeSign('->')) {
    const names = items.map((item) =>
      item.kind === 'name' && item.path.length === 1
        ? (item.path[0] ?? '')
        : cursor.fail('Before -> stand names.'),
    );
    return { kind: 'lambda', names, body: parseExpression(cursor, scope) };
  }
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { kind: 'tuple', items };
};

/** The rest of a question in parentheses, if one begins here. */
function parseSubquery(cursor: SqlCursor, scope: SqlScope): SqlQuery | undefined {
  if (!cursor.isAtWord('SELECT') && !cursor.isAtWord('WITH')) return undefined;
  const query = scope.parseQuery(cursor, scope);
  cursor.needSign(')');
  return query;
}

function parseUntil(cursor: SqlCursor, scope: SqlScope, end: ')' | ']'): SqlExpression[] {
  const items: SqlExpression[] = [];
  do {
    items.push(parseExpression(cursor, scope));
    if (items.length > LISTED_MAX) cursor.fail(`A list has at most ${LISTED_MAX} entries.`);
  } while (cursor.takeSign(','));
  cursor.needSign(end);
  return items;
}

function parseArguments(cursor: SqlCursor, scope: SqlScope): SqlExpression[] {
  return cursor.takeSign(')') ? [] : parseUntil(cursor, scope, ')');
}

function parseCall(cursor: SqlCursor, scope: SqlScope, called: { name: string; at: number }): SqlExpression {
  const name = findFunction(called.name, called.at);
  cursor.needSign('(');
  let isDistinct = cursor.takeWords('DISTINCT');
  let given = parseArguments(cursor, scope);
  let parameters: SqlExpression[] = [];
  if (!isDistinct && cursor.takeSign('(')) {
    parameters = given;
    isDistinct = cursor.takeWords('DISTINCT');
    given = parseArguments(cursor, scope);
  }
  const over = cursor.takeWords('OVER') ? parseWindow(cursor, scope) : undefined;
  const call = { kind: 'call' as const, name, parameters, isDistinct, arguments: given, over };
  checkCall(call, called.at);
  return call;
}

const FRAMES = [
  ['ROWS', 'BETWEEN', 'UNBOUNDED', 'PRECEDING', 'AND', 'CURRENT', 'ROW'],
  ['ROWS', 'BETWEEN', 'UNBOUNDED', 'PRECEDING', 'AND', 'UNBOUNDED', 'FOLLOWING'],
  ['RANGE', 'BETWEEN', 'UNBOUNDED', 'PRECEDING', 'AND', 'CURRENT', 'ROW'],
];

function parseWindow(cursor: SqlCursor, scope: SqlScope): SqlWindow {
  cursor.needSign('(');
  const partitionBy: SqlExpression[] = [];
  if (cursor.takeWords('PARTITION', 'BY')) {
    do partitionBy.push(parseExpression(cursor, scope));
    while (cursor.takeSign(','));
  }
  const orderBy = cursor.takeWords('ORDER', 'BY') ? parseOrders(cursor, scope) : [];
  const frame = FRAMES.find((words) => cursor.takeWords(...words))?.join(' ');
  cursor.needSign(')');
  return { partitionBy, orderBy, frame };
}

/** What rows are sorted by. */
export function parseOrders(cursor: SqlCursor, scope: SqlScope): SqlOrder[] {
  const orders: SqlOrder[] = [];
  do {
    const expression = parseExpression(cursor, scope);
    const isDescending = cursor.takeWords('DESC');
    if (!isDescending) cursor.takeWords('ASC');
    const nulls = cursor.takeWords('NULLS', 'FIRST')
      ? 'FIRST'
      : cursor.takeWords('NULLS', 'LAST')
        ? 'LAST'
        : undefined;
    orders.push({ expression, isDescending, nulls });
  } while (cursor.takeSign(','));
  return orders;
}

const parseCase: Parse = (cursor, scope) => {
  const of = cursor.isAtWord('WHEN') ? undefined : parseExpression(cursor, scope);
  const whens: { when: SqlExpression; value: SqlExpression }[] = [];
  while (cursor.takeWords('WHEN')) {
    const when = parseExpression(cursor, scope);
    cursor.needWords('THEN');
    whens.push({ when, value: parseExpression(cursor, scope) });
  }
  if (whens.length === 0) return cursor.fail('CASE needs a WHEN.');
  const other = cursor.takeWords('ELSE') ? parseExpression(cursor, scope) : undefined;
  cursor.needWords('END');
  return { kind: 'case', of, whens, other };
};

const parseCast: Parse = (cursor, scope) => {
  cursor.take();
  cursor.needSign('(');
  const of = parseExpression(cursor, scope);
  cursor.needWords('AS');
  const type = parseType(cursor);
  cursor.needSign(')');
  return { kind: 'cast', of, type };
};

const UNITS = ['SECOND', 'MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'];

const parseInterval: Parse = (cursor, scope) => {
  const count = parsePostfix(cursor, scope);
  const unit = UNITS.find((each) => cursor.takeWords(each));
  return unit === undefined
    ? cursor.fail(`An interval is in one of ${UNITS.join(', ')}.`)
    : { kind: 'interval', count, unit };
};

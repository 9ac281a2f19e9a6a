import { checkSize } from './check-size.ts';
import { parseExpression, parseOrders, type SqlScope } from './parse-expression.ts';
import { publicTables } from './public-tables.ts';
import { createSqlCursor, type SqlCursor } from './sql-cursor.ts';
import { SqlFault } from './sql-fault.ts';
import type { SqlItem, SqlJoin, SqlQuery, SqlSelect, SqlSource } from './sql-tree.ts';
import { tokenizeSql } from './tokenize-sql.ts';

const LISTED_MAX = 200;

/** Reads one SELECT. Throws `SqlFault` for anything else, however harmless: what is not understood is not asked. */
export function parseQuery(sql: string): SqlQuery {
  const cursor = createSqlCursor(tokenizeSql(sql));
  if (!cursor.isAtWord('SELECT') && !cursor.isAtWord('WITH'))
    throw new SqlFault(0, 'A question begins with SELECT, or with WITH and then SELECT.');
  const query = parseSelects(cursor, { names: new Set(), parseQuery: parseSelects });
  if (cursor.peek().kind !== 'end') cursor.fail(remedyFor(cursor.peek().text));
  checkSize(query);
  return query;
}

/** A question that stands by itself or in parentheses. */
function parseSelects(cursor: SqlCursor, outer: SqlScope): SqlQuery {
  return cursor.within(() => {
    const names = new Set(outer.names);
    const named = parseWith(cursor, { ...outer, names }, names);
    const scope = { ...outer, names };
    const selects = [parseSelect(cursor, scope)];
    let union: SqlQuery['union'] | undefined;
    while (cursor.takeWords('UNION')) {
      const how = cursor.takeWords('ALL') ? 'ALL' : cursor.takeWords('DISTINCT') ? 'DISTINCT' : undefined;
      if (how === undefined) return cursor.fail('Write UNION ALL or UNION DISTINCT.');
      if (union !== undefined && union !== how)
        return cursor.fail('All unions of a question are ALL or all are DISTINCT.');
      union = how;
      selects.push(parseSelect(cursor, scope));
      if (selects.length > LISTED_MAX) return cursor.fail('These are too many unions.');
    }
    return { with: named, selects, union: union ?? 'ALL' };
  });
}

function parseWith(cursor: SqlCursor, scope: SqlScope, names: Set<string>): SqlQuery['with'] {
  const named: SqlQuery['with'] = [];
  if (!cursor.takeWords('WITH')) return named;
  if (cursor.isAtWord('RECURSIVE')) cursor.fail('A question cannot refer to itself.');
  do {
    const name = cursor.needName('a name');
    if (publicTables.has(name.toLowerCase()))
      cursor.fail(`${name} is a table already: give it another name.`);
    cursor.needWords('AS');
    cursor.needSign('(');
    // Its own name is in scope only afterwards.
    named.push({ name, query: parseSelects(cursor, scope) });
    cursor.needSign(')');
    names.add(name);
  } while (cursor.takeSign(','));
  return named;
}

function parseSelect(cursor: SqlCursor, scope: SqlScope): SqlSelect {
  if (cursor.takeSign('(')) return cursor.fail('Write the selects of a union without parentheses.');
  cursor.needWords('SELECT');
  const isDistinct = cursor.takeWords('DISTINCT');
  const items = parseItems(cursor, scope);
  const from = cursor.takeWords('FROM') ? parseSource(cursor, scope) : undefined;
  const joins: SqlJoin[] = [];
  let arrayJoin: SqlSelect['arrayJoin'];
  for (;;) {
    const isLeft = cursor.takeWords('LEFT', 'ARRAY', 'JOIN');
    if (isLeft || cursor.takeWords('ARRAY', 'JOIN')) {
      if (arrayJoin !== undefined) return cursor.fail('A select has one ARRAY JOIN.');
      arrayJoin = { isLeft, items: parseItems(cursor, scope) };
      continue;
    }
    const join = parseJoin(cursor, scope);
    if (join === undefined) break;
    joins.push(join);
    if (joins.length > 8) return cursor.fail('A select has at most 8 joins.');
  }
  const where = cursor.takeWords('WHERE') ? parseExpression(cursor, scope) : undefined;
  const groupBy = cursor.takeWords('GROUP', 'BY') ? parseList(cursor, scope) : [];
  const having = cursor.takeWords('HAVING') ? parseExpression(cursor, scope) : undefined;
  const orderBy = cursor.takeWords('ORDER', 'BY') ? parseOrders(cursor, scope) : [];
  return {
    isDistinct,
    items,
    from,
    joins,
    arrayJoin,
    where,
    groupBy,
    having,
    orderBy,
    ...parseLimits(cursor, scope),
  };
}

function parseLimits(cursor: SqlCursor, scope: SqlScope): Pick<SqlSelect, 'limitBy' | 'limit' | 'offset'> {
  let limitBy: SqlSelect['limitBy'];
  let limit: number | undefined;
  let offset: number | undefined;
  while (limit === undefined && cursor.takeWords('LIMIT')) {
    const first = cursor.needWhole('A limit');
    if (cursor.takeWords('BY')) {
      limitBy = { count: first, by: parseList(cursor, scope) };
      continue;
    }
    limit = first;
    if (cursor.takeSign(',')) {
      offset = first;
      limit = cursor.needWhole('A limit');
    }
  }
  if (cursor.takeWords('OFFSET')) offset = cursor.needWhole('An offset');
  return { limitBy, limit, offset };
}

function parseItems(cursor: SqlCursor, scope: SqlScope): SqlItem[] {
  const items: SqlItem[] = [];
  do {
    const expression = parseExpression(cursor, scope);
    items.push({ expression, alias: parseAlias(cursor) });
    if (items.length > LISTED_MAX) cursor.fail(`A list has at most ${LISTED_MAX} entries.`);
  } while (cursor.takeSign(','));
  return items;
}

function parseAlias(cursor: SqlCursor): string | undefined {
  return cursor.takeWords('AS') ? cursor.needName('a name') : undefined;
}

function parseList(cursor: SqlCursor, scope: SqlScope) {
  return parseItems(cursor, scope).map(({ expression }) => expression);
}

function parseSource(cursor: SqlCursor, scope: SqlScope): SqlSource {
  if (cursor.takeSign('(')) {
    const query = parseSelects(cursor, scope);
    cursor.needSign(')');
    return { kind: 'query', query, alias: parseSourceAlias(cursor) };
  }
  const at = cursor.peek();
  const name = cursor.needName('a table');
  if (cursor.peek().kind === 'sign' && ['(', '.'].includes(cursor.peek().text)) throw noTable(at.at, name);
  const alias = parseSourceAlias(cursor);
  if (scope.names.has(name)) return { kind: 'with', name, alias };
  if (publicTables.has(name.toLowerCase())) return { kind: 'table', name: name.toLowerCase(), alias };
  throw noTable(at.at, name);
}

const noTable = (at: number, name: string) =>
  new SqlFault(at, `There is no table ${name} here. There are ${[...publicTables.keys()].join(', ')}.`);

/** `AS` may be left out where a name follows. */
function parseSourceAlias(cursor: SqlCursor): string | undefined {
  const alias = parseAlias(cursor);
  if (alias !== undefined) return alias;
  const { kind, text } = cursor.peek();
  if (kind === 'quoted' || (kind === 'name' && !FOLLOW.has(text.toUpperCase())))
    return cursor.needName('a name');
  return undefined;
}

/** What may follow a table and is no name for it. */
const FOLLOW = new Set(
  `WHERE GROUP HAVING ORDER LIMIT OFFSET UNION JOIN ON USING LEFT RIGHT INNER FULL CROSS ANY ALL ASOF SEMI ANTI ARRAY
  GLOBAL FINAL SAMPLE PREWHERE SETTINGS FORMAT INTO INTERSECT EXCEPT WINDOW QUALIFY`.split(/\s+/),
);

const KINDS = ['INNER', 'LEFT', 'RIGHT', 'FULL'];
const STRICTNESSES = ['ANY', 'ALL', 'SEMI', 'ANTI', 'OUTER'];

function parseJoin(cursor: SqlCursor, scope: SqlScope): SqlJoin | undefined {
  const words: string[] = [];
  for (;;) {
    const word = [...KINDS, ...STRICTNESSES].find((each) => cursor.isAtWord(each));
    if (word === undefined) break;
    cursor.take();
    if (words.includes(word) || words.length === 2) cursor.fail('This is no kind of join.');
    words.push(word);
  }
  if (words.length === 0 && !cursor.isAtWord('JOIN')) return undefined;
  cursor.needWords('JOIN');
  const source = parseSource(cursor, scope);
  if (cursor.takeWords('USING')) {
    const inParentheses = cursor.takeSign('(');
    const using: string[] = [];
    do using.push(cursor.needName('a column'));
    while (cursor.takeSign(','));
    if (inParentheses) cursor.needSign(')');
    return { how: words.join(' '), source, on: undefined, using };
  }
  if (!cursor.takeWords('ON')) cursor.fail('A join says by what: ON or USING.');
  return { how: words.join(' '), source, on: parseExpression(cursor, scope), using: [] };
}

function remedyFor(text: string): string {
  const word = text.toUpperCase();
  if (['SETTINGS', 'FORMAT', 'INTO'].includes(word))
    return `${word} cannot be given: the answer is always JSON.`;
  if (word === 'FINAL') return 'Leave FINAL out: rows are always the newest.';
  if (word === 'CROSS' || text === ',') return 'Join with JOIN ... ON, so that rows are not multiplied.';
  return text === ''
    ? 'The question ends too early.'
    : `Nothing was expected here, but there is "${text.slice(0, 40)}".`;
}

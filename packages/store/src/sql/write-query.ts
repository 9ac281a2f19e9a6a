import { publicTables, writePublicTable } from './public-tables.ts';
import type {
  SqlExpression,
  SqlItem,
  SqlOrder,
  SqlQuery,
  SqlSelect,
  SqlSource,
  SqlWindow,
} from './sql-tree.ts';

/**
 * A question in ClickHouse's words, made of its tree alone. Every table in it is one of ours, confined to the project that
 * `{project_id:String}` is bound to.
 */
export function writeQuery(query: SqlQuery): string {
  return writeWith(query, query.selects);
}

/** No question has a name with this sign, so none can stand for it. */
const ROW_MARK: SqlItem = { expression: { kind: 'number', text: '1' }, alias: '#' };

/** The same with a 1 at the end of every row, by which rows are told from heads that the engine repeats between them. */
export function writeMarkedQuery(query: SqlQuery): string {
  const selects = query.selects.map((select) => ({ ...select, items: [...select.items, ROW_MARK] }));
  return writeWith(query, selects);
}

function writeWith(query: SqlQuery, from: readonly SqlSelect[]): string {
  const named = query.with.map(({ name, query: inner }) => `${withName(name)} AS (${writeQuery(inner)})`);
  const selects = from.map(writeSelect).join(` UNION ${query.union} `);
  return named.length === 0 ? selects : `WITH ${named.join(', ')} ${selects}`;
}

/** Never the name of a table that exists, wherever ClickHouse looks for it. */
const withName = (name: string): string => quoteName(`with ${name}`);

function writeSelect(select: SqlSelect): string {
  const { items, from, joins, arrayJoin, where, groupBy, having, orderBy, limitBy, limit, offset } = select;
  return [
    `SELECT${select.isDistinct ? ' DISTINCT' : ''} ${items.map(writeItem).join(', ')}`,
    from && `FROM ${writeSource(from)}`,
    ...joins.map(
      ({ how, source, on, using }) =>
        `${how} JOIN ${writeSource(source)} ${on ? `ON ${write(on)}` : `USING (${using.map(quoteName).join(', ')})`}`,
    ),
    arrayJoin && `${arrayJoin.isLeft ? 'LEFT ' : ''}ARRAY JOIN ${arrayJoin.items.map(writeItem).join(', ')}`,
    where && `WHERE ${write(where)}`,
    groupBy.length > 0 && `GROUP BY ${groupBy.map(write).join(', ')}`,
    having && `HAVING ${write(having)}`,
    orderBy.length > 0 && `ORDER BY ${writeOrders(orderBy)}`,
    limitBy && `LIMIT ${limitBy.count} BY ${limitBy.by.map(write).join(', ')}`,
    limit !== undefined && `LIMIT ${limit}`,
    offset !== undefined && `OFFSET ${offset}`,
  ]
    .filter((part) => typeof part === 'string')
    .join(' ');
}

function writeItem({ expression, alias }: SqlItem): string {
  return alias === undefined ? write(expression) : `${write(expression)} AS ${quoteName(alias)}`;
}

function writeSource(source: SqlSource): string {
  const alias = (fallback: string) => ` AS ${quoteName(source.alias ?? fallback)}`;
  if (source.kind === 'with') return withName(source.name) + alias(source.name);
  if (source.kind === 'query')
    return `(${writeQuery(source.query)})${source.alias === undefined ? '' : alias('')}`;
  const table = publicTables.get(source.name);
  if (table === undefined) throw new Error(`There is no public table ${source.name}.`);
  return writePublicTable(table) + alias(source.name);
}

const writeOrders = (orders: readonly SqlOrder[]): string =>
  orders
    .map(
      ({ expression, isDescending, nulls }) =>
        write(expression) + (isDescending ? ' DESC' : '') + (nulls === undefined ? '' : ` NULLS ${nulls}`),
    )
    .join(', ');

function writeOver({ partitionBy, orderBy, frame }: SqlWindow): string {
  const parts = [
    ...(partitionBy.length > 0 ? [`PARTITION BY ${partitionBy.map(write).join(', ')}`] : []),
    ...(orderBy.length > 0 ? [`ORDER BY ${writeOrders(orderBy)}`] : []),
    ...(frame === undefined ? [] : [frame]),
  ];
  return ` OVER (${parts.join(' ')})`;
}

const writeList = (expressions: readonly SqlExpression[]): string => expressions.map(write).join(', ');

type Writers = { [Kind in SqlExpression['kind']]: (of: Extract<SqlExpression, { kind: Kind }>) => string };

const writers: Writers = {
  number: ({ text }) => text,
  string: ({ text }) => quoteString(text),
  word: ({ word }) => word,
  name: ({ path }) => path.map(quoteName).join('.'),
  star: ({ of }) => (of === undefined ? '*' : `${quoteName(of)}.*`),
  call: ({ name, parameters, isDistinct, arguments: given, over }) =>
    name +
    (parameters.length > 0 ? `(${writeList(parameters)})` : '') +
    `(${isDistinct ? 'DISTINCT ' : ''}${writeList(given)})` +
    (over === undefined ? '' : writeOver(over)),
  unary: ({ sign, of }) => `(${sign} ${write(of)})`,
  binary: ({ sign, left, right }) => `(${write(left)} ${sign} ${write(right)})`,
  between: ({ isNot, of, low, high }) =>
    `(${write(of)} ${isNot ? 'NOT ' : ''}BETWEEN ${write(low)} AND ${write(high)})`,
  in: ({ isNot, of, list }) =>
    `(${write(of)} ${isNot ? 'NOT ' : ''}IN (${Array.isArray(list) ? writeList(list) : writeQuery(list)}))`,
  null: ({ isNot, of }) => `(${write(of)} IS ${isNot ? 'NOT ' : ''}NULL)`,
  case: ({ of, whens, other }) =>
    `(CASE ${of === undefined ? '' : write(of)} ${whens
      .map(({ when, value }) => `WHEN ${write(when)} THEN ${write(value)}`)
      .join(' ')} ${other === undefined ? '' : `ELSE ${write(other)}`} END)`,
  cast: ({ of, type }) => `CAST(${write(of)} AS ${type})`,
  interval: ({ count, unit }) => `(INTERVAL ${write(count)} ${unit})`,
  lambda: ({ names, body }) => `((${names.map(quoteName).join(', ')}) -> ${write(body)})`,
  array: ({ items }) => `[${writeList(items)}]`,
  tuple: ({ items }) => `tuple(${writeList(items)})`,
  element: ({ of, at }) => `arrayElement(${write(of)}, ${write(at)})`,
  query: ({ query }) => `(${writeQuery(query)})`,
};

function write(expression: SqlExpression): string {
  return (writers[expression.kind] as (of: SqlExpression) => string)(expression);
}

const quoteName = (name: string): string => `\`${name.replace(/[\\`]/g, '\\$&')}\``;

/** Control characters are escaped too, so that a string is one line whatever is in it. */
function quoteString(text: string): string {
  const escaped = text.replace(/[\\']/g, '\\$&').replace(/\p{Cc}/gu, (letter) => {
    const code = letter.charCodeAt(0);
    return code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : letter;
  });
  return `'${escaped}'`;
}

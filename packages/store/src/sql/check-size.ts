import { SqlFault } from './sql-fault.ts';
import type { SqlExpression, SqlItem, SqlQuery, SqlSelect, SqlSource } from './sql-tree.ts';

/** The engine plans all of a question before any of its limits holds, so what it would have to plan is bounded here. */
const SIZE_MAX = { reads: 64, parts: 5_000 };

/** `reads` counts tables, `parts` everything else, with what a name stands for in its place. */
type Size = { reads: number; parts: number };
/** How large that is what a name stands for: earlier `WITH`, and aliases. Asked for the first time, it is counted. */
type Names = { sources: ReadonlyMap<string, Size>; aliases: ReadonlyMap<string, () => Size> };

/**
 * Throws `SqlFault` for a question that is short and becomes huge: the engine puts an earlier `WITH` and an alias wherever
 * its name stands, so that thirty lines, each of which names the one before twice, are a billion.
 */
export function checkSize(query: SqlQuery): void {
  const { reads, parts } = sizeOfQuery(query, { sources: new Map(), aliases: new Map() });
  if (reads > SIZE_MAX.reads)
    throw new SqlFault(
      0,
      `A question reads its tables at most ${SIZE_MAX.reads} times, counting each use of what WITH named.`,
    );
  if (parts > SIZE_MAX.parts)
    throw new SqlFault(
      0,
      `A question has at most ${SIZE_MAX.parts} parts, counting what each alias stands for.`,
    );
}

const sum = (sizes: readonly Size[], parts = 0): Size => ({
  reads: sizes.reduce((all, size) => all + size.reads, 0),
  parts: sizes.reduce((all, size) => all + size.parts, parts),
});

function sizeOfQuery(query: SqlQuery, outer: Names): Size {
  const sources = new Map(outer.sources);
  const names: Names = { ...outer, sources };
  // What is named and never used is planned as well.
  const named = query.with.map(({ name, query: inner }) => {
    const size = sizeOfQuery(inner, names);
    sources.set(name, size);
    return size;
  });
  return sum([...named, ...query.selects.map((select) => sizeOfSelect(select, names))], 1);
}

function sizeOfSelect(select: SqlSelect, outer: Names): Size {
  const items = [...select.items, ...(select.arrayJoin?.items ?? [])];
  const names: Names = { ...outer, aliases: aliasesOf(items, outer) };
  const joined = select.joins.flatMap(({ source, on }) => [
    sizeOfSource(source, names),
    ...(on === undefined ? [] : [sizeOf(on, names)]),
  ]);
  const expressions = [
    ...items.map(({ expression }) => expression),
    ...(select.where === undefined ? [] : [select.where]),
    ...(select.having === undefined ? [] : [select.having]),
    ...select.groupBy,
    ...select.orderBy.map(({ expression }) => expression),
    ...(select.limitBy?.by ?? []),
  ];
  const from = select.from === undefined ? [] : [sizeOfSource(select.from, names)];
  return sum([...from, ...joined, ...expressions.map((each) => sizeOf(each, names))], 1);
}

/** An alias may name another that stands anywhere in the same select; one that names itself is told by the engine. */
function aliasesOf(items: readonly SqlItem[], outer: Names): Names['aliases'] {
  const aliases = new Map(outer.aliases);
  const names: Names = { ...outer, aliases };
  for (const { alias, expression } of items) {
    if (alias === undefined) continue;
    let known: Size | undefined;
    const size = () => {
      if (known !== undefined) return known;
      known = { reads: 0, parts: 1 };
      known = sizeOf(expression, names);
      return known;
    };
    aliases.set(alias, size);
  }
  return aliases;
}

function sizeOfSource(source: SqlSource, names: Names): Size {
  if (source.kind === 'table') return { reads: 1, parts: 1 };
  if (source.kind === 'query') return sizeOfQuery(source.query, names);
  return names.sources.get(source.name) ?? { reads: 0, parts: 1 };
}

const isQuery = (list: SqlExpression[] | SqlQuery): list is SqlQuery => !Array.isArray(list);

function sizeOf(expression: SqlExpression, names: Names): Size {
  const all = (...parts: readonly SqlExpression[]): Size =>
    sum(
      parts.map((part) => sizeOf(part, names)),
      1,
    );
  switch (expression.kind) {
    case 'name':
      return names.aliases.get(expression.path[0] ?? '')?.() ?? { reads: 0, parts: 1 };
    case 'query':
      return sizeOfQuery(expression.query, names);
    case 'in':
      return isQuery(expression.list)
        ? sum([sizeOf(expression.of, names), sizeOfQuery(expression.list, names)], 1)
        : all(expression.of, ...expression.list);
    default:
      return all(...partsOf(expression));
  }
}

type Plain = Exclude<SqlExpression, { kind: 'name' | 'query' | 'in' }>;

function partsOf(expression: Plain): readonly SqlExpression[] {
  switch (expression.kind) {
    case 'call': {
      const { parameters, arguments: given, over } = expression;
      const sorted = over?.orderBy.map((order) => order.expression) ?? [];
      return [...parameters, ...given, ...(over?.partitionBy ?? []), ...sorted];
    }
    case 'binary':
      return [expression.left, expression.right];
    case 'between':
      return [expression.of, expression.low, expression.high];
    case 'case':
      return [
        ...(expression.of === undefined ? [] : [expression.of]),
        ...expression.whens.flatMap(({ when, value }) => [when, value]),
        ...(expression.other === undefined ? [] : [expression.other]),
      ];
    case 'array':
    case 'tuple':
      return expression.items;
    case 'element':
      return [expression.of, expression.at];
    case 'lambda':
      return [expression.body];
    case 'interval':
      return [expression.count];
    case 'unary':
    case 'null':
    case 'cast':
      return [expression.of];
    default:
      return [];
  }
}

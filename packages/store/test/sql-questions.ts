import fc from 'fast-check';

/** Names that a question may give to its own things, those that mean something elsewhere first. */
const names = fc.constantFrom(
  ...[
    'project_id',
    'kind',
    'default',
    'system',
    'contents',
    'trace_index',
    'mine',
    'a',
    'b',
    '`with a`',
    '"a.b"',
  ],
);
const columns = fc.constantFrom('name', 'trace_id', 'span_id');
const texts = fc.constantFrom("'mine'", "'other'", "'{project_id:String}'", "'\\' OR 1 --'", "''");

type Made = { query: string; source: string; text: string; truth: string };

/**
 * Questions of the whole language, made of its own rules: with names that would take the place of what confines them, in every place
 * where a name may stand. Most of them are answered.
 */
export const { query: sqlQuestions } = fc.letrec<Made>((tie) => ({
  text: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    columns,
    texts,
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `concat(${a}, ${b})`),
    fc.tuple(tie('truth'), tie('text'), tie('text')).map(([when, a, b]) => `if(${when}, ${a}, ${b})`),
    fc
      .tuple(names, tie('text'), texts)
      .map(([name, body, text]) => `arrayMap(${name} -> concat(${name}, ${body}), [${text}])[1]`),
    tie('query').map((query) => `toString((SELECT count() FROM (${query}) AS counted))`),
  ),
  truth: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `${a} != ${b}`),
    fc.constant('1'),
    fc.tuple(tie('truth'), tie('truth')).map(([a, b]) => `(${a} OR NOT ${b})`),
    fc.tuple(columns, tie('source')).map(([column, source]) => `${column} IN (SELECT name FROM ${source})`),
  ),
  source: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('spans', 'calls', 'scores', '`spans`'),
    fc.tuple(fc.constantFrom('spans', 'calls'), names).map(([table, name]) => `${table} AS ${name}`),
    fc.tuple(fc.constantFrom('spans', 'calls')).map(([table]) => `(SELECT * FROM ${table}) AS inner`),
    fc
      .tuple(fc.constantFrom('spans', 'calls'), fc.constantFrom('LEFT', 'INNER', 'RIGHT', 'FULL', 'ANY LEFT'))
      .map(
        ([table, how]) =>
          `${table} AS one ${how} JOIN (SELECT trace_id AS t FROM spans) AS two ON one.trace_id = two.t`,
      ),
  ),
  query: fc
    .record({
      named: fc.option(fc.tuple(names, tie('source')), { nil: undefined }),
      item: tie('text'),
      alias: names,
      other: fc.option(fc.tuple(texts, names), { nil: undefined }),
      source: tie('source'),
      where: fc.option(tie('truth'), { nil: undefined }),
      arrays: fc.option(names, { nil: undefined }),
      union: fc.boolean(),
    })
    .map(({ named, item, alias, other, source, where, arrays, union }) => {
      const first = named === undefined ? '' : `WITH ${named[0]} AS (SELECT name FROM ${named[1]}) `;
      const more = other === undefined || other[1] === alias ? '' : `, ${other[0]} AS ${other[1]}`;
      const joined = arrays === undefined ? '' : ` ARRAY JOIN ['other'] AS ${arrays}`;
      const select = `SELECT ${item} AS ${alias}${more} FROM ${source}${joined}${where === undefined ? '' : ` WHERE ${where}`}`;
      return `${first}${select}${union ? ` UNION ALL ${select}` : ''}`;
    }),
}));

import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allowedFunctions, allowedSettings, allowedTypes } from './allowed-sql.ts';

const folder = import.meta.dirname;
const sqlFiles = globSync('migrations/*.sql', { cwd: folder });
const codeFiles = globSync('**/*.ts', { cwd: folder }).filter((path) => !path.endsWith('.test.ts'));
const read = (path: string) => readFileSync(`${folder}/${path}`, 'utf8');

const migrations = sqlFiles.map((path) => read(path).replace(/--.*$/gm, ''));

/** What is written as SQL: migrations without their comments, and the texts of queries. */
const statements = [
  ...migrations,
  ...codeFiles.flatMap((path) =>
    [...read(path).matchAll(/`([^`]*)`|'([^'\n]*\([^'\n]*)'|"([^"\n]*\([^"\n]*)"/g)].map(
      ([, text, single, double]) => text ?? single ?? double ?? '',
    ),
  ),
].filter((text) =>
  /\b(SELECT|CREATE|INSERT|started_at|ifNull|intDiv|LIKE|toString|JSONType)\b|\b(has|\w+If|\w+State|array\w+|uniq|hasAny|multiSearchAny|toFloat64OrNull)\(/.test(
    text,
  ),
);

/** Interpolations are statements' parts that are read by themselves. */
const functionsOf = (text: string) =>
  [...text.replace(/\$\{[^}]*(\}|$)/g, '').matchAll(/\b([A-Za-z_]\w*)\s?\(/g)].map(([, name]) => name ?? '');

test('the statements are found at all', () => {
  expect(statements.length).toBeGreaterThan(15);
  expect(new Set(statements.flatMap(functionsOf)).size).toBeGreaterThan(15);
});

test('no statement calls a function that is not on the list', () => {
  const called = new Set(statements.flatMap(functionsOf));
  const columns = [
    'migrations',
    'spans',
    'repriced',
    'trace_index',
    'contents',
    'erasures',
    'hour_builds',
    'day_builds',
    'spans_finer',
    'trace_index_finer',
    'hour_changes',
    'hour_sums',
    'day_sums',
    'span_parts',
    'gateway_claims',
    'load_touched',
    'gateway_calls',
    'ingest_losses',
    'scores',
    'schema_migrations',
  ];
  const strangers = [...called].filter(
    (name) => !allowedFunctions.has(name) && !allowedTypes.has(name) && !columns.includes(name),
  );
  expect(strangers).toEqual([]);
});

test('no setting is sent that is not on the list', () => {
  const code = read('open-clickhouse.ts');
  const blocks = [...code.matchAll(/Settings: ClickHouseSettings = \{([^}]*)\}/g)].map(
    ([, block]) => block ?? '',
  );
  const sent = blocks.flatMap((block) => [...block.matchAll(/^\s*(\w+):/gm)].map(([, name]) => name ?? ''));
  const written = statements.flatMap((text) => [...text.matchAll(/SETTINGS ([^;]*)/g)]);
  const named = written.flatMap(([, list]) =>
    [...(list ?? '').matchAll(/(\w+) = /g)].map(([, name]) => name ?? ''),
  );
  expect(sent.length).toBeGreaterThan(5);
  expect(named.length).toBeGreaterThan(2);
  expect([...sent, ...named].filter((name) => !allowedSettings.has(name))).toEqual([]);
});

test('every word on the list is used, so that the list says what is needed', () => {
  const text = [...statements, read('open-clickhouse.ts')].join('\n');
  const unused = [...allowedFunctions, ...allowedSettings, ...allowedTypes].filter(
    (name) => !new RegExp(`\\b${name}\\b`).test(text),
  );
  expect(unused).toEqual([]);
});

test('every query on traces names its project and has a bound', () => {
  // Migrations are of every project, and so is the look at parts that were written when the store went down.
  const ours = statements.filter((text) => !migrations.includes(text) && !/FROM system\.parts/.test(text));
  const queries = ours.filter((text) => /\bFROM (spans|trace_index|contents)\b/.test(text));
  expect(queries.length).toBeGreaterThan(5);
  expect(queries.filter((text) => !/\bLIMIT\b/.test(text))).toEqual([]);
  const scoped = /project_id = \{project_id:String\}|\$\{within(?:Trace)?\}|\$\{where\b/;
  expect(queries.filter((text) => !scoped.test(text))).toEqual([]);
});

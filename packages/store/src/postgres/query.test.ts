import { globSync } from 'node:fs';
import { expect, test } from 'vitest';

type AnyQuery = { scope: string; sql: string };

const files = globSync('queries/*.ts', { cwd: import.meta.dirname }).filter(
  (path) => !path.endsWith('.test.ts'),
);
const queries = await Promise.all(
  files.map(async (path) => {
    const module: Record<string, unknown> = await import(`${import.meta.dirname}/${path}`);
    return Object.values(module).filter(isQuery);
  }),
);

function isQuery(value: unknown): value is AnyQuery {
  return typeof value === 'function' && 'scope' in value && 'sql' in value;
}

test('every file exports one query, made so that it cannot forget its scope', () => {
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((_, index) => queries[index]?.length !== 1)).toEqual([]);
});

/** What `$1` must be compared with, or inserted into, in a statement of that scope. */
const columns: Record<string, RegExp> = {
  project:
    /project_id = \$1|insert into \w+ \(project_id,[^$]*values \(\$1,|(from|update) projects( set capture = \$2| set name = coalesce\(\$2, name\), capture = coalesce\(\$3, capture\))? where id = \$1/,
  organization:
    /organization_id = \$1|update organizations set name = coalesce\(\$2, name\), zone = coalesce\(\$3, zone\) where id = \$1|insert into \w+ \(organization_id,[^$]*values \(\$1,/,
  user: /user_id = \$1|"userId" = \$1|auth\."user"[\s\S]* where (u\.)?id = \$1|insert into used_codes as t \(user_id,[^$]*values \(\$1,/,
};

test('every query of a project, organization or user holds its rows to that one', () => {
  const loose = queries
    .flat()
    .filter(({ scope, sql }) => scope !== 'installation' && !columns[scope]?.test(sql));
  expect(loose.map(({ sql }) => sql)).toEqual([]);
});

test('no statement has text put into it', () => {
  const quoted = queries.flat().filter(({ sql }) => /\$\{/.test(sql) || /\bundefined\b/.test(sql));
  expect(quoted).toEqual([]);
});

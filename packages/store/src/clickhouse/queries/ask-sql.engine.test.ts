import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { useClickhouse } from '../../../test/clickhouse-engine.ts';
import { explainTree, listReadTables } from '../../../test/explain-tree.ts';
import { segment, spanRow } from '../../../test/span-rows.ts';
import { canary } from '../../../test/sql-attacks.ts';
import { sqlQuestions } from '../../../test/sql-questions.ts';
import { parseQuery } from '../../sql/parse-query.ts';
import { SqlFault } from '../../sql/sql-fault.ts';
import { writeQuery } from '../../sql/write-query.ts';
import { createLoadSegment } from '../load-segment.ts';
import { askSql, isRunning } from './ask-sql.ts';

const clickhouse = useClickhouse();
const ask = (sql: string) => askSql(clickhouse.get())('mine', { sql, rowsMax: 100 });
const tablesOf = async (sql: string) => {
  const tree = await explainTree(clickhouse.place(), { sql, parameters: { project_id: 'mine' } });
  return listReadTables(tree, 'mine');
};

beforeAll(async () => {
  const own = [1, 2, 3].map((at) =>
    spanRow({ project_id: 'mine', span_id: `${at}`.repeat(16), model: String(at), tags: ['beta'] }),
  );
  const foreign = spanRow({
    ...{ project_id: 'other', span_id: '9'.repeat(16), trace_id: '9'.repeat(32), name: canary },
    ...{ model: canary, user_id: canary, input_preview: canary, tags: [canary] },
  });
  await createLoadSegment(clickhouse.get())(segment('sql', [...own, foreign]));
});

test('the engine itself reads only what is confined to the project, whatever is asked', async () => {
  let answered = 0;
  let read = 0;
  await fc.assert(
    fc.asyncProperty(sqlQuestions, async (sql) => {
      let written = '';
      try {
        written = writeQuery(parseQuery(sql));
      } catch (error) {
        expect(error).toBeInstanceOf(SqlFault);
        return;
      }
      const tables = await tablesOf(written).catch(() => []);
      read += tables.length;
      for (const { name, isConfined } of tables) {
        expect(name).toMatch(/^\w+\.(?:spans|scores)$/);
        expect(isConfined, written).toBe(true);
      }
      const answer = await ask(sql).catch(() => undefined);
      expect(JSON.stringify(answer?.rows ?? [])).not.toContain(canary);
      answered += answer === undefined ? 0 : 1;
    }),
    { seed: 7, numRuns: 60 },
  );
  expect(answered).toBeGreaterThan(12);
  expect(read).toBeGreaterThan(40);
});

test('what is not confined is seen as such', async () => {
  expect(await tablesOf('SELECT name FROM spans')).toMatchObject([{ isConfined: false }]);
  expect(
    await tablesOf('SELECT name FROM spans WHERE project_id = {project_id:String} OR status = 200'),
  ).toMatchObject([{ isConfined: false }]);
  expect(
    await tablesOf("SELECT name FROM spans WHERE name = 'mine' AND project_id != {project_id:String}"),
  ).toMatchObject([{ isConfined: false }]);
  expect(
    await tablesOf('SELECT name FROM spans WHERE project_id = {project_id:String} AND status = 200'),
  ).toMatchObject([{ isConfined: true }]);
});

/** Each fails over the row of the other project, and over none of ours. */
test.each([
  'SELECT count() FROM spans WHERE toInt64(model) > 0',
  'SELECT count() FROM spans WHERE NOT (toInt64(model) < 0)',
  'SELECT count() FROM spans WHERE CAST(model AS Int64) > 0 OR status = 0',
  `SELECT count() FROM spans WHERE intDiv(1, model != '${canary}') = 1`,
  "SELECT count() FROM spans WHERE parseDateTimeBestEffort(concat('2020-01-0', model)) < now()",
  'SELECT sum(toInt64(model) > 0) FROM spans',
  'SELECT count() FROM spans AS a JOIN spans AS b ON toInt64(a.model) = toInt64(b.model)',
  'SELECT count() FROM spans WHERE toInt64(model) IN (SELECT toInt64(model) FROM spans)',
  'SELECT count() FROM spans ARRAY JOIN tags AS tag WHERE toInt64(model) > 0',
  'SELECT count() FROM (SELECT toInt64(model) AS n FROM spans ORDER BY n) AS sorted WHERE n > 0',
])('no mistake tells that another project has a row: %s', async (sql) => {
  expect((await ask(sql)).rows).toEqual([['3']]);
});

test('a question whose asker has left is given up by the engine too', async () => {
  const leaving = new AbortController();
  const list = (from: number) => `[${Array.from({ length: 200 }, (_, at) => from + at).join(',')}]`;
  const numbers = `(SELECT arrayJoin(${list(0)}) + arrayJoin(${list(1_000)}) AS x)`;
  const sql = `SELECT count() FROM ${numbers} AS a JOIN ${numbers} AS b ON 1 JOIN ${numbers} AS c ON 1`;
  const id = 'sql_test';
  const asked = askSql(clickhouse.get())('mine', { sql, rowsMax: 1, id, signal: leaving.signal });
  const settled = asked.then(
    () => 'answered',
    () => 'given up',
  );
  const deadline = performance.now() + 4_000;
  while (!(await isRunning(clickhouse.get(), id)) && performance.now() < deadline);
  expect(await isRunning(clickhouse.get(), id)).toBe(true);
  leaving.abort();
  expect(await settled).toBe('given up');
  expect(await isRunning(clickhouse.get(), id)).toBe(false);
});

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { useClickhouse } from '../../../test/clickhouse-engine.ts';
import { segment, spanRow } from '../../../test/span-rows.ts';
import { canary, sqlAttacks } from '../../../test/sql-attacks.ts';
import { parseQuery } from '../../sql/parse-query.ts';
import { SqlFault } from '../../sql/sql-fault.ts';
import { listFunctions } from '../../sql/sql-functions.ts';
import { writeQuery } from '../../sql/write-query.ts';
import { createLoadSegment } from '../load-segment.ts';
import { askSql } from './ask-sql.ts';

/** What people and agents ask for. */
const questions = [
  'SELECT count() FROM spans',
  "SELECT model, count() AS calls, sum(cost_usd) AS cost FROM calls WHERE outcome = 'ok' GROUP BY model ORDER BY cost DESC LIMIT 10",
  'SELECT toStartOfHour(started_at) AS hour, quantile(0.99)(duration_ms) FROM calls GROUP BY hour ORDER BY hour',
  "SELECT countIf(outcome = 'failed') / count() FROM calls WHERE started_at > now() - INTERVAL 400 DAY",
  'WITH dear AS (SELECT trace_id, sum(cost_usd) AS cost FROM calls GROUP BY trace_id) SELECT s.name, d.cost FROM spans AS s JOIN dear AS d ON s.trace_id = d.trace_id',
  "SELECT DISTINCT user_id FROM spans WHERE user_id LIKE '%a%' AND tags[1] != 'x' AND model NOT IN ('a', 'b')",
  'SELECT trace_id, row_number() OVER (PARTITION BY model ORDER BY started_at DESC) AS place FROM calls',
  "SELECT CASE WHEN status >= 500 THEN 'bad' ELSE 'good' END AS word, count() FROM calls GROUP BY word",
  'SELECT arrayMap(x -> upper(x), tags) FROM spans',
  'SELECT arraySum((x, y) -> x + y, [1, 2], [3, 4])',
  'SELECT tag, count() FROM spans ARRAY JOIN tags AS tag GROUP BY tag',
  'SELECT count() FROM calls WHERE trace_id IN (SELECT trace_id FROM scores WHERE value > 0.5)',
  'SELECT 1 AS one UNION ALL SELECT 2',
  'SELECT CAST(status AS String), status::Float64, toDate(started_at) FROM spans -- the last word is a comment',
  'SELECT count(DISTINCT user_id), uniq(session_id), argMax(model, started_at) FROM calls',
  'SELECT name FROM spans WHERE ttft_ms IS NULL OR ttft_ms BETWEEN 1 AND 1e9 ORDER BY name ASC NULLS LAST LIMIT 2 BY model LIMIT 5 OFFSET 0',
  'SELECT max(cost) FROM (SELECT sum(cost_usd) AS cost FROM calls GROUP BY session_id) AS sessions',
  'SELECT `trace_id` FROM "spans" WHERE NOT (status = 200) HAVING 1',
  "SELECT count() FROM spans WHERE hasAny(tags, ['beta', 'x']) AND name LIKE '100\\\\%'",
];

const shown = sqlAttacks.map((sql, at) => [`${at} ${sql.replace(/\W+/g, ' ').slice(0, 60)}`, sql] as const);

describe('a question in SQL', () => {
  const clickhouse = useClickhouse();
  const ask = (sql: string, rowsMax = 100) => askSql(clickhouse.get())('mine', { sql, rowsMax });
  beforeAll(async () => {
    const own = [1, 2, 3].map((at) =>
      spanRow({ project_id: 'mine', span_id: `${at}`.repeat(16), model: `model-${at}`, tags: ['beta'] }),
    );
    const foreign = spanRow({
      ...{ project_id: 'other', span_id: '9'.repeat(16), trace_id: '9'.repeat(32), name: canary },
      ...{ model: canary, user_id: canary, input_preview: canary, tags: [canary] },
    });
    await createLoadSegment(clickhouse.get())(segment('sql', [...own, foreign]));
  });

  test.each(questions)('is answered: %s', async (sql) => {
    expect((await ask(sql)).columns.length).toBeGreaterThan(0);
  });

  test('has the rows of its project and of no other', async () => {
    expect(await ask('SELECT model FROM spans ORDER BY model')).toMatchObject({
      columns: [{ name: 'model' }],
      rows: [['model-1'], ['model-2'], ['model-3']],
      is_cut: false,
    });
  });

  test('has no names and types among its rows, however many parts it is answered in', async () => {
    const sql = "SELECT 'x' AS a UNION ALL SELECT 'a' UNION ALL SELECT 'String' UNION ALL SELECT '1'";
    const { columns, rows } = await ask(sql);
    expect(columns).toEqual([{ name: 'a', type: 'String' }]);
    expect(rows.flat().map(String).sort()).toEqual(['1', 'String', 'a', 'x']);
  });

  test('says when there are more rows than were asked for', async () => {
    expect(await ask('SELECT model FROM spans ORDER BY model', 2)).toMatchObject({
      rows: [['model-1'], ['model-2']],
      is_cut: true,
    });
  });

  test('says where it is wrong and what to write instead', async () => {
    await expect(ask('SELECT a\nFROM contents')).rejects.toMatchObject({
      code: 'invalid_sql',
      message: 'There is no table contents here. There are spans, calls, scores. (line 2, character 6)',
    });
    await expect(ask('SELECT sleep(1)')).rejects.toMatchObject({
      message:
        'There is no function sleep here. docs/sql.md lists those that there are. (line 1, character 8)',
    });
    await expect(ask('SELECT no_such FROM spans')).rejects.toMatchObject({
      code: 'invalid_sql',
      message: 'There is no column no_such there.',
    });
  });

  test.each(shown)('leaves nothing and nobody: %s', async (_title, sql) => {
    const answer = await ask(sql, 1_000).catch((error: unknown) => error);
    const told = JSON.stringify(answer instanceof Error ? answer.message : answer);
    expect(told).not.toContain(canary);
    expect(told).not.toMatch(/project_id =|project_id:|FINAL WHERE|root:|\/tmp|\/etc/);
  });

  test('is refused before it is planned where it is short and becomes huge', async () => {
    const twice = (at: number) => `a${at + 1} AS (SELECT * FROM a${at} UNION ALL SELECT * FROM a${at})`;
    const named = Array.from({ length: 25 }, (_, at) => twice(at)).join(', ');
    await expect(ask(`WITH a0 AS (SELECT 1), ${named} SELECT count() FROM a25`)).rejects.toThrow(
      'has at most',
    );
    const reading = `WITH a0 AS (SELECT name FROM spans), ${named} SELECT count() FROM a25`;
    await expect(ask(reading)).rejects.toThrow('reads its tables at most 64 times');
    const aliases = Array.from({ length: 25 }, (_, at) => `b${at} + b${at} AS b${at + 1}`).join(', ');
    await expect(ask(`SELECT status AS b0, ${aliases} FROM spans`)).rejects.toThrow(
      'what each alias stands for',
    );
  });

  test('has all of its rows or none: what is too large to answer is not cut in silence', async () => {
    const long = `replaceAll('${'a'.repeat(1_000)}', 'a', '${'b'.repeat(10)}')`;
    const list = (from: number) => `[${Array.from({ length: 100 }, (_, at) => from + at).join(',')}]`;
    const sql = `SELECT ${long}, arrayJoin(${list(0)}) AS a, arrayJoin(${list(1_000)}) AS b`;
    await expect(ask(sql, 10_000)).rejects.toMatchObject({ code: 'store_limit' });
    expect((await ask(sql, 100)).is_cut).toBe(true);
  });

  test('takes no more memory and time than it may', async () => {
    const many = (first: number) => `[${Array.from({ length: 200 }, (_, at) => first + at).join(',')}]`;
    const columns = Array.from({ length: 5 }, (_, at) => `arrayJoin(${many(at * 1_000)}) AS a${at}`);
    const sql = `SELECT length(groupArray(a0 * a1 * a2 * a3 * a4)) FROM (SELECT ${columns.join(', ')})`;
    await expect(ask(sql)).rejects.toMatchObject({ code: 'store_limit' });
  });
});

test('a percent sign behind a backslash is one for LIKE', () => {
  expect(writeQuery(parseQuery("SELECT 'a\\%b\\_c'"))).toBe("SELECT 'a\\\\%b\\\\_c'");
});

test('the page of the documentation lists the functions that there are', () => {
  const page = readFileSync(new URL('../../../../../docs/sql.md', import.meta.url), 'utf8');
  const [, list = ''] = /## Functions\n[\s\S]*?```text\n([\s\S]*?)```/.exec(page) ?? [];
  expect(list.split(/\s+/).filter(Boolean)).toEqual(listFunctions());
});

test('whatever is understood, every table of it stands behind the condition on the project', () => {
  const words = fc.constantFrom(
    ...'SELECT FROM WHERE spans calls scores contents system . , ( ) * AS a IN NOT = 1 WITH UNION ALL JOIN ON ; `b`'.split(
      ' ',
    ),
  );
  const text = fc
    .array(words, { minLength: 3, maxLength: 25 })
    .map((all) => `SELECT * FROM ${all.join(' ')}`);
  fc.assert(
    fc.property(text, (sql) => {
      let written = '';
      try {
        written = writeQuery(parseQuery(sql));
      } catch (error) {
        expect(error).toBeInstanceOf(SqlFault);
        return;
      }
      const froms = [...written.matchAll(/\b(?:FROM|JOIN) (\S+)/g)].map(([, after = '']) => after);
      for (const after of froms) expect(after).toMatch(/^\(|^`with |^(?:spans|scores)$/);
      const physical = froms.filter((after) => /^(?:spans|scores)$/.test(after)).length;
      expect(written.split('FINAL WHERE project_id = {project_id:String}')).toHaveLength(physical + 1);
    }),
    { seed: 11, numRuns: 3_000 },
  );
});

test('a string stays a string, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
      const quoted = `'${text.replace(/[\\']/g, '\\$&')}'`;
      const written = writeQuery(parseQuery(`SELECT ${quoted}`));
      expect(written).toMatch(/^SELECT '(?:[^'\\]|\\.)*'$/su);
    }),
    { seed: 5 },
  );
});

import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { useClickhouse } from '../../../test/clickhouse-engine.ts';
import { segment, spanRow } from '../../../test/span-rows.ts';
import { parseQuery } from '../../sql/parse-query.ts';
import { SqlFault } from '../../sql/sql-fault.ts';
import { writeQuery } from '../../sql/write-query.ts';
import { createLoadSegment } from '../load-segment.ts';
import { askSql } from './ask-sql.ts';

const canary = 'canary-of-the-other-project';

/** Each tries to leave the project, to read a file, the network or a setting, or to take what it should not. */
const attacks = [
  'SELECT * FROM system.tables',
  'SELECT * FROM system.query_log',
  'SELECT * FROM information_schema.tables',
  'SELECT * FROM `system`.`settings`',
  'SELECT * FROM "system.tables"',
  'SELECT * FROM default.spans',
  'SELECT * FROM contents',
  'SELECT * FROM trace_index',
  'SELECT * FROM schema_migrations',
  'SELECT * FROM gateway_calls',
  "SELECT * FROM file('/etc/passwd', 'LineAsString')",
  "SELECT * FROM url('http://127.0.0.1/', 'LineAsString')",
  "SELECT * FROM remote('127.0.0.1', default.spans)",
  "SELECT * FROM s3('http://127.0.0.1/x')",
  "SELECT * FROM mysql('127.0.0.1', 'a', 'b', 'c', 'd')",
  "SELECT * FROM postgresql('127.0.0.1', 'a', 'b', 'c', 'd')",
  "SELECT * FROM executable('id', 'TSV', 'x String')",
  "SELECT * FROM input('x String')",
  'SELECT * FROM numbers(100000000000)',
  'SELECT * FROM generateRandom()',
  "SELECT * FROM merge('.*')",
  'SELECT * FROM cluster(default, spans)',
  'SELECT * FROM loop(spans)',
  'SELECT * FROM view(SELECT 1)',
  "SELECT * FROM dictionary('x')",
  "SELECT file('/etc/passwd')",
  "SELECT getSetting('max_memory_usage')",
  "SELECT joinGet('spans', 'name', 'x')",
  "SELECT dictGet('x', 'y', 1)",
  'SELECT sleep(3)',
  'SELECT sleepEachRow(1) FROM spans',
  'SELECT currentUser()',
  'SELECT hostName()',
  'SELECT version()',
  'SELECT currentDatabase()',
  "SELECT getMacro('x')",
  'SELECT filesystemAvailable()',
  'SELECT serverUUID()',
  "SELECT reverseDNSQuery('127.0.0.1')",
  'SELECT addressToLine(1)',
  'SELECT throwIf(1)',
  "SELECT repeat('x', 1000000000)",
  'SELECT range(100000000)',
  'SELECT randomString(1000000000)',
  "SELECT hasColumnInTable('default', 'spans', 'x')",
  'SELECT nullIn(1, spans)',
  'SELECT 1 SETTINGS readonly = 0',
  'SELECT * FROM spans SETTINGS max_execution_time = 0',
  'SELECT 1 FORMAT TSV',
  "SELECT 1 INTO OUTFILE '/tmp/x'",
  'SELECT 1; SELECT 2',
  'SELECT 1; DROP TABLE spans',
  'DROP TABLE spans',
  'INSERT INTO spans SELECT * FROM spans',
  'ALTER TABLE spans DELETE WHERE 1',
  'SHOW TABLES',
  'DESCRIBE spans',
  'EXPLAIN SELECT 1',
  'SET readonly = 0',
  'SYSTEM SHUTDOWN',
  "SELECT * FROM spans WHERE project_id = 'other'",
  'SELECT project_id FROM spans',
  "SELECT * FROM (SELECT * FROM spans WHERE 1 OR project_id = 'other')",
  'SELECT * FROM spans AS contents, contents',
  'SELECT * FROM spans CROSS JOIN spans AS b CROSS JOIN spans AS c',
  'SELECT * FROM spans, spans AS b',
  'SELECT * FROM spans JOIN contents USING (digest)',
  'SELECT * FROM spans WHERE trace_id IN contents',
  'SELECT * FROM spans WHERE trace_id IN (contents)',
  'SELECT * FROM spans WHERE trace_id IN (SELECT digest FROM contents)',
  'SELECT (SELECT count() FROM contents)',
  'SELECT exists((SELECT 1 FROM system.one))',
  'WITH spans AS (SELECT 1) SELECT * FROM spans',
  'WITH contents AS (SELECT 1 AS digest) SELECT * FROM contents UNION ALL SELECT digest FROM default.contents',
  'WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT * FROM r) SELECT * FROM r',
  'WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a',
  'SELECT * FROM (WITH c AS (SELECT 1) SELECT * FROM c) JOIN c ON 1',
  'SELECT {project_id:String}',
  'SELECT * FROM {table:Identifier}',
  'SELECT $$x$$',
  "SELECT '\\'; DROP TABLE spans; --'",
  'SELECT `a``b` FROM spans',
  'SELECT "a\\" FROM contents --" FROM spans',
  'SELECT * FROM ѕpans',
  'SELECT * FROM spans FINAL',
  'SELECT * FROM spans SAMPLE 0.1',
  'SELECT * FROM spans PREWHERE 1',
  'SELECT * REPLACE (1 AS name) FROM spans',
  "SELECT * EXCEPT ('x') FROM spans",
  "SELECT COLUMNS('.*') FROM spans",
  'SELECT 1 AS x QUALIFY x = 1',
  'SELECT * FROM spans ORDER BY name WITH FILL FROM 1 TO 1000000000',
  'SELECT _part, _path FROM spans',
  'SELECT * FROM spans AS s WHERE s._table = 1',
  '/* */ SELECT 1 /* unclosed',
  "SELECT 'unclosed",
  '((((',
  `SELECT ${'('.repeat(500)}1${')'.repeat(500)}`,
  `SELECT ${'- '.repeat(500)}1`,
  `SELECT ${'1,'.repeat(5_000)}1`,
  `SELECT ${'NOT '.repeat(500)}1`,
  '',
  ' ',
  '\0',
];

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
];

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
    await expect(ask('SELECT no_such FROM spans')).rejects.toMatchObject({
      code: 'invalid_sql',
      message: 'There is no column no_such there.',
    });
  });

  test.each(attacks)('leaves nothing and nobody: %s', async (sql) => {
    const answer = await ask(sql, 1_000).catch((error: unknown) => error);
    const told = JSON.stringify(answer instanceof Error ? answer.message : answer);
    expect(told).not.toContain(canary);
    expect(told).not.toMatch(/project_id =|project_id:|FINAL WHERE|root:|\/tmp|\/etc/);
  });

  test('takes no more memory and time than it may', async () => {
    const many = (first: number) => `[${Array.from({ length: 200 }, (_, at) => first + at).join(',')}]`;
    const columns = Array.from({ length: 5 }, (_, at) => `arrayJoin(${many(at * 1_000)}) AS a${at}`);
    const sql = `SELECT length(groupArray(a0 * a1 * a2 * a3 * a4)) FROM (SELECT ${columns.join(', ')})`;
    await expect(ask(sql)).rejects.toMatchObject({ code: 'store_limit' });
  });
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

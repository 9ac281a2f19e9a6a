import { expect, test } from 'vitest';
import { planInsert, planQuery, readInsertTarget } from './plan-query.ts';
import { readRequest } from './read-request.ts';

const request = (query = '') => readRequest(new URL(`http://localhost/?${query}`), {});

test('a select carries its settings, the limits and its mark among them', () => {
  const job = planQuery(
    '/* why */ (SELECT 1) -- end\n;\nFORMAT JSON'.replace(';\n', ''),
    request('max_threads=1&query_id=q'),
    'mark',
  );
  expect(job).toMatchObject({ kind: 'stream', before: [], after: [] });
  expect(
    job &&
      'sql' in job &&
      job.sql.endsWith(
        "FORMAT JSON\nSETTINGS max_threads = '1', max_execution_time = '30', max_memory_usage = '400000000', log_comment = 'mark'",
      ),
  ).toBe(true);
});

test('another statement is run between settings that are put back', () => {
  const job = planQuery(
    "ALTER TABLE t DELETE WHERE a = ';'",
    request('mutations_sync=2&database=other'),
    'mark',
  );
  expect(job).toMatchObject({
    kind: 'whole',
    before: ['USE `other`', expect.stringContaining("mutations_sync = '2'")],
    after: [
      'USE default',
      'SET mutations_sync = DEFAULT, max_execution_time = 30, max_memory_usage = 400000000, log_comment = DEFAULT',
    ],
  });
});

test('SET and USE are accepted and do nothing', () => {
  expect(planQuery('SET max_threads = 1', request(), 'mark')).toBeUndefined();
  expect(planQuery('use system;', request(), 'mark')).toBeUndefined();
});

test.each([
  [
    'INSERT INTO t FORMAT JSONEachRow',
    { table: 't', columns: undefined, format: 'JSONEachRow', settings: {} },
  ],
  [
    'insert into table `db`.`t` (a, `b.c`) format tsv',
    { table: 'db.t', columns: ['a', 'b.c'], format: 'TSV', settings: {} },
  ],
  [
    "INSERT INTO t (a) SETTINGS x = 1, y='z' FORMAT CSV",
    { table: 't', columns: ['a'], format: 'CSV', settings: { x: '1', y: 'z' } },
  ],
])('the target of %s is read', (sql, expected) => {
  expect(readInsertTarget(sql, request())).toEqual(expected);
});

test.each([
  'INSERT INTO t SELECT 1',
  'INSERT INTO `a b` FORMAT CSV',
  'INSERT INTO t FORMAT CSV; DROP TABLE t',
  'INSERT INTO t SETTINGS a = f(1) FORMAT CSV',
])('a target that cannot be read is refused: %s', (sql) => {
  expect(() => readInsertTarget(sql, request())).toThrow();
});

test('every piece of an insert has its own deduplication token, the same ones at a repeat', () => {
  const target = readInsertTarget('INSERT INTO t FORMAT JSONEachRow', request());
  const read = request('insert_deduplication_token=segment');
  const tokens = [0, 1, 2].map((piece) => {
    const job = planInsert(target, { request: read, mark: 'm', values: new Uint8Array(1), piece });
    return job.kind === 'insert' ? job.settings.insert_deduplication_token : undefined;
  });
  expect(tokens).toEqual(['segment', 'segment:1', 'segment:2']);
});

test.each([
  'session_id=1',
  'role=admin',
  'a%20b=1',
  'x%3D1;=2',
  'max_memory_usage=much',
  'default_format=JSON%0A',
])('an address with %s is refused', (query) => {
  expect(() => request(query)).toThrow();
});

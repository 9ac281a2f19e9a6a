import { Readable } from 'node:stream';
import { TupleParam } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestClickhouse, type TestClickhouse } from '../../test/open-test-clickhouse.ts';

let store: TestClickhouse;

beforeAll(async () => {
  store = await openTestClickhouse();
});

afterAll(() => store.close());

const rows = async <T>(query: string, query_params: Record<string, unknown> = {}): Promise<T[]> =>
  (await store.client.query({ query, query_params, format: 'JSONEachRow' })).json<T>();

const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(() => undefined).catch((error: unknown) => error);

describe('the official client cannot tell it from a server', () => {
  test('ping answers, also with a query', async () => {
    expect(await store.client.ping()).toEqual({ success: true });
    expect(await store.client.ping({ select: true })).toEqual({ success: true });
  });

  test('DDL, insert, select and delete work and report what was written', async () => {
    await store.client.command({
      query:
        'CREATE TABLE spans (id UInt64, name String, at DateTime64(9)) ENGINE = MergeTree ORDER BY id SETTINGS index_granularity = 1024;',
    });
    const values = [
      { id: '18446744073709551615', name: 'größer "quoted" \\ \n', at: '2026-01-02 03:04:05.123456789' },
    ];
    const done = await store.client.insert({
      table: 'spans',
      values,
      columns: ['id', 'name', 'at'],
      format: 'JSONEachRow',
    });
    expect(done.summary).toMatchObject({ written_rows: '1' });
    const settings = { output_format_json_quote_64bit_integers: 1 as const };
    const read = await store.client.query({
      query: 'SELECT * FROM spans',
      format: 'JSONEachRow',
      clickhouse_settings: settings,
    });
    expect(await read.json()).toEqual(values);
    await store.client.command({
      query: 'ALTER TABLE spans DELETE WHERE 1',
      clickhouse_settings: { mutations_sync: '2' },
    });
    expect(await rows('SELECT count() AS n FROM spans')).toEqual([{ n: 0 }]);
  });

  test.each(['JSON', 'JSONCompact', 'CSV', 'TabSeparated', 'JSONEachRow'] as const)(
    'reads %s',
    async (format) => {
      const read = await store.client.query({ query: "SELECT 1 AS one, 'a\tb' AS text", format });
      const expected = {
        JSON: '"one": 1',
        JSONCompact: '[1, "a\\tb"]',
        CSV: '1,"a\tb"',
        TabSeparated: '1\ta\\tb',
        JSONEachRow: '{"one":1,"text":"a\\tb"}',
      };
      expect(await read.text()).toContain(expected[format]);
    },
  );

  test('RowBinary arrives byte by byte as the engine wrote it', async () => {
    const read = await store.client.exec({
      query: "SELECT toUInt32(number), 'a\\0b' FROM numbers(3) FORMAT RowBinary",
    });
    const bytes = Buffer.concat(await read.stream.toArray());
    expect(bytes.toString('hex')).toBe('000000000361006201000000036100620200000003610062');
  });

  test('200,000 rows are streamed whole and in order', async () => {
    const read = await store.client.query({
      query: 'SELECT number AS n FROM numbers(200000) ORDER BY n',
      format: 'JSONEachRow',
    });
    let next = 0;
    for await (const part of read.stream<{ n: number }>()) {
      for (const row of part) if (row.json().n === next) next += 1;
    }
    expect(next).toBe(200_000);
  });

  test('50,000 rows are inserted from a stream', async () => {
    await store.client.command({
      query: 'CREATE TABLE many (n UInt32, text String) ENGINE = MergeTree ORDER BY n',
    });
    const text = 'x'.repeat(100);
    const values = Readable.from(
      (function* () {
        for (let n = 0; n < 50_000; n += 1) yield { n, text };
      })(),
    );
    const done = await store.client.insert({ table: 'many', values, format: 'JSONEachRow' });
    expect(done.summary).toMatchObject({ written_rows: '50000' });
    expect(await rows('SELECT count() AS all, max(n) AS last FROM many')).toEqual([
      { all: 50_000, last: 49_999 },
    ]);
  });

  test('an insert larger than one piece is cut between rows, and a repeat with the same token is a no-op', async () => {
    await store.client.command({
      query:
        'CREATE TABLE large (n UInt32, text String) ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 100',
    });
    const text = 'ü'.repeat(1_000);
    const values = Array.from({ length: 12_000 }, (_, n) => ({ n, text }));
    for (let repeat = 0; repeat < 2; repeat += 1) {
      await store.client.insert({
        table: 'large',
        values,
        format: 'JSONEachRow',
        clickhouse_settings: { insert_deduplication_token: 'segment-1' },
      });
    }
    expect(await rows('SELECT count() AS all, uniqExact(n) AS kinds FROM large')).toEqual([
      { all: 12_000, kinds: 12_000 },
    ]);
  });

  test('rows that are bytes already are inserted as they are, through exec', async () => {
    await store.client.command({ query: 'CREATE TABLE raw (n UInt32) ENGINE = MergeTree ORDER BY n' });
    const values = Readable.from([Buffer.from('{"n":1}\n{"n"'), Buffer.from(':2}\n')], { objectMode: false });
    const done = await store.client.exec({ query: 'INSERT INTO raw FORMAT JSONEachRow', values });
    expect(await done.stream.toArray()).toEqual([]);
    expect(done.summary).toMatchObject({ written_rows: '2' });
    expect(await rows('SELECT sum(n) AS sum FROM raw')).toEqual([{ sum: 3 }]);
  });

  test('gzip works in both directions', async () => {
    const client = store.connect({ compression: true });
    await client.command({ query: 'CREATE TABLE zipped (text String) ENGINE = MergeTree ORDER BY text' });
    await client.insert({ table: 'zipped', values: [{ text: 'é'.repeat(5_000) }], format: 'JSONEachRow' });
    const read = await client.query({ query: 'SELECT text FROM zipped', format: 'JSONEachRow' });
    expect(read.response_headers['content-encoding']).toBe('gzip');
    expect(await read.json()).toEqual([{ text: 'é'.repeat(5_000) }]);
    const error = await failure(client.query({ query: 'SELECT * FROM missing', format: 'JSONEachRow' }));
    expect(error).toMatchObject({ code: '60' });
  });
});

describe('typed parameters', () => {
  const tricky = [
    "it's",
    'tab\tand\nline',
    'back\\slash',
    '{x:String}',
    '',
    '\\N',
    'NULL',
    "');DROP TABLE spans;--",
    '日本 🎉',
    'a\0b',
    '"`$$',
  ];

  test.each(tricky)('a text comes back as it was: %j', async (value) => {
    expect(await rows('SELECT {value:String} AS value', { value })).toEqual([{ value }]);
    expect(await rows('SELECT {value:Nullable(String)} AS value', { value })).toEqual([{ value }]);
    expect(await rows('SELECT {value:Array(String)} AS value', { value: [value, value] })).toEqual([
      { value: [value, value] },
    ]);
    expect(await rows('SELECT {value:Map(String, String)} AS value', { value: { [value]: value } })).toEqual([
      { value: { [value]: value } },
    ]);
  });

  test.each([
    ['UInt8', 200, 200],
    ['Int64', -5, -5],
    ['UInt64', 2n ** 53n + 2n, 9007199254740994],
    ['Float64', 1.5, 1.5],
    ['Bool', true, true],
    ['Nullable(UInt32)', null, null],
    ['Decimal(18, 4)', '12.3456', 12.3456],
    ['UUID', '6f1a9b1e-0000-4000-8000-000000000001', '6f1a9b1e-0000-4000-8000-000000000001'],
    ['Date', '2026-01-31', '2026-01-31'],
    ["DateTime('UTC')", new Date('2026-01-31T10:00:00Z'), '2026-01-31 10:00:00'],
    ["DateTime64(3, 'UTC')", new Date('2026-01-31T10:00:00.123Z'), '2026-01-31 10:00:00.123'],
    ["Enum8('a}' = 1, 'b' = 2)", 'a}', 'a}'],
    ['LowCardinality(String)', 'low', 'low'],
    ['FixedString(3)', 'abc', 'abc'],
    ['Array(UInt16)', [1, 2, 3], [1, 2, 3]],
    ['Array(Nullable(String))', ['a', null], ['a', null]],
    ['Array(Array(Int8))', [[1], [], [2, 3]], [[1], [], [2, 3]]],
    ['Map(String, UInt8)', new Map([['k', 1]]), { k: 1 }],
    ['Tuple(String, UInt8)', new TupleParam(["it's", 3]), ["it's", 3]],
  ])('%s', async (type, value, expected) => {
    expect(await rows(`SELECT {value:${type}} AS value`, { value })).toEqual([{ value: expected }]);
    const [row] = await rows<{ type: string }>(`SELECT toTypeName({value:${type}}) AS type`, { value });
    expect(row?.type).toBe(type);
  });

  test('they work as LIMIT, in IN, as names, and more than 100 KB of them', async () => {
    const ids = Array.from({ length: 20_000 }, (_, n) => n);
    const query =
      'SELECT count() AS n FROM (SELECT number FROM {table:Identifier}.{name:Identifier} WHERE number IN {ids:Array(UInt32)} LIMIT {limit:UInt32})';
    expect(await rows(query, { table: 'system', name: 'numbers', ids, limit: 15_000 })).toEqual([
      { n: 15_000 },
    ]);
  });

  test('a missing one is refused by name, and one inside a text is no parameter', async () => {
    expect(await failure(rows('SELECT {absent:String}'))).toMatchObject({
      code: '456',
      message: expect.stringContaining('absent'),
    });
    expect(await rows("SELECT '{absent:String}' AS text -- {absent:String}")).toEqual([
      { text: '{absent:String}' },
    ]);
  });
});

describe('errors', () => {
  test.each([
    ['SELECT * FROM missing', '60', 'UNKNOWN_TABLE'],
    ['SELEC 1', '62', 'SYNTAX_ERROR'],
    ['SELECT 1; SELECT 2', '62', 'SYNTAX_ERROR'],
    ['SELECT missing', '47', 'UNKNOWN_IDENTIFIER'],
    ["SELECT * FROM url('http://127.0.0.1:9/', 'TSV', 'a String')", '497', 'ACCESS_DENIED'],
    ["SELECT * FROM file('/etc/passwd', 'LineAsString')", '497', 'ACCESS_DENIED'],
    ["SELECT 1 INTO OUTFILE '/dev/null'", '48', 'NOT_IMPLEMENTED'],
    ['SYSTEM SHUTDOWN', '497', 'ACCESS_DENIED'],
    ['SELECT 1 SETTINGS max_memory_usage = 0', '452', 'SETTING_CONSTRAINT_VIOLATION'],
    ['SELECT 1 SETTINGS max_bytes_before_external_sort = 1', '452', 'SETTING_CONSTRAINT_VIOLATION'],
  ])('%s', async (query, code, type) => {
    expect(await failure(store.client.command({ query }))).toMatchObject({ code, type });
  });

  test('an insert that fails half-way tells the row and the type', async () => {
    await store.client.command({ query: 'CREATE TABLE strict (n UInt8) ENGINE = MergeTree ORDER BY n' });
    const values = [{ n: 1 }, { n: 'no number' }];
    expect(
      await failure(store.client.insert({ table: 'strict', values, format: 'JSONEachRow' })),
    ).toMatchObject({ code: expect.stringMatching(/^(27|26|6|72)$/) });
    expect(await rows('SELECT count() AS n FROM strict')).toEqual([{ n: 0 }]);
  });

  test('in mid-stream they arrive typed, after the rows before them', async () => {
    const read = await store.client.query({
      query:
        "SELECT number AS n, throwIf(number = 300000, 'größer') AS x FROM numbers(1000000) SETTINGS max_block_size = 10000",
      format: 'JSONEachRow',
    });
    let count = 0;
    const reading = async () => {
      for await (const part of read.stream()) count += part.length;
    };
    expect(await failure(reading())).toMatchObject({
      code: '395',
      type: 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO',
      message: expect.stringContaining('größer'),
    });
    expect(count).toBeGreaterThan(1_000);
  });

  test('SET and USE end with their request', async () => {
    await store.client.command({ query: 'SET max_block_size = 1' });
    await store.client.command({ query: 'USE system' });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        rows("SELECT getSetting('max_block_size') > 1 AS ok, currentDatabase() AS db"),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set(['[{"ok":1,"db":"default"}]']),
    );
  });
});

describe('limits', () => {
  const slow = 'SELECT count() FROM numbers(100000000000) WHERE cityHash64(number) = 1';

  test('a query ends when its time is over', async () => {
    const query = store.client.query({ query: slow, clickhouse_settings: { max_execution_time: 1 } });
    expect(await failure(query)).toMatchObject({ code: '159', type: 'TIMEOUT_EXCEEDED' });
  });

  test('more time and memory than may be had is lowered, none at all is the default', async () => {
    const query =
      "SELECT toUInt64(getSetting('max_execution_time')) AS s, getSetting('max_memory_usage') AS b";
    const read = await store.client.query({
      query,
      format: 'JSONEachRow',
      clickhouse_settings: { max_execution_time: 9_999, max_memory_usage: '0' },
    });
    expect(await read.json()).toEqual([{ s: 300, b: 800_000_000 }]);
    expect(await rows(query)).toEqual([{ s: 30, b: 400_000_000 }]);
  });

  test('a query that outgrows its memory fails instead of spilling', async () => {
    const query =
      'SELECT a FROM (SELECT toString(number) AS a FROM numbers(20000000)) GROUP BY a ORDER BY a LIMIT 1';
    expect(await failure(store.client.query({ query }))).toMatchObject({
      code: '241',
      type: 'MEMORY_LIMIT_EXCEEDED',
    });
  });
});

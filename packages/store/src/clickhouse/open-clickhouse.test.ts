import { describe, expect, test } from 'vitest';
import { useClickhouse } from '../../test/clickhouse-engine.ts';
import { ndjson } from '../../test/span-rows.ts';
import { migrateClickhouse } from './migrate-clickhouse.ts';
import { openClickhouse } from './open-clickhouse.ts';

describe('ClickHouse', () => {
  const clickhouse = useClickhouse({ migrated: false });

  test('gets the newest schema once, and a second migration has nothing to do', async () => {
    expect(await migrateClickhouse(clickhouse.get(), () => 0)).toEqual([
      '0001_spans',
      '0002_output_image',
      '0003_billing',
      '0004_limits',
      '0005_sessions',
      '0006_replaced_parts',
      '0007_received',
      '0008_search',
      '0009_hour_sums',
      '0010_lighter_loads',
      '0011_index_old_parts',
      '0012_cheaper_search',
      '0013_finer_granules',
      '0014_day_sums',
      '0015_finer_trace_index',
      '0016_wider_merges',
      '0017_day_sums',
    ]);
    expect(await migrateClickhouse(clickhouse.get(), () => 0)).toEqual([]);
  });

  test('refuses a start after a migration that ran was edited', async () => {
    await clickhouse.get().insert('schema_migrations', {
      ndjson: ndjson([{ name: '0001_spans', digest: 'edited', applied_at: '2030-01-01T00:00:00.000Z' }]),
      token: 'edited',
    });
    await expect(migrateClickhouse(clickhouse.get(), () => 0)).rejects.toThrow('0001_spans');
  });

  test.each([
    'CREATE TABLE stolen (a String) ENGINE = Memory',
    'DROP TABLE spans',
    "INSERT INTO contents (project_id) VALUES ('x')",
    "SELECT * FROM file('/etc/passwd', 'LineAsString') LIMIT 1",
    "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString') LIMIT 1",
  ])('cannot be made to do more than read: %s', async (sql) => {
    await expect(clickhouse.get().rows(sql, {})).rejects.toThrow();
  });

  test('a query that would run without end is stopped', async () => {
    const hasty = openClickhouse({ ...clickhouse.place(), queryTimeoutMs: 1_000 });
    const endless = hasty.rows('SELECT count() FROM numbers(1e15) WHERE cityHash64(number) = 1', {});
    await expect(endless).rejects.toMatchObject({ code: 'store_limit' });
    await hasty.close();
  });

  test('a query that would answer without end is stopped', async () => {
    await expect(clickhouse.get().rows('SELECT number FROM numbers(1000000)', {})).rejects.toMatchObject({
      code: 'store_limit',
    });
  });

  test('64-bit integers and times arrive exactly', async () => {
    const rows = await clickhouse
      .get()
      .rows(
        `SELECT toInt64(9223372036854775807) AS big, toDateTime64('2026-05-01 10:00:00.123456789', 9, 'UTC') AS at LIMIT 1`,
        {},
      );
    expect(rows).toEqual([{ big: '9223372036854775807', at: '2026-05-01T10:00:00.123456789Z' }]);
  });

  test('a mistake in a statement is not taken for an absent server', async () => {
    await expect(clickhouse.get().rows('SELECT nothing FROM nowhere LIMIT 1', {})).rejects.toMatchObject({
      code: '60',
    });
  });

  test('that does not answer rejects with store_unavailable, at once, for reads, inserts and statements', async () => {
    const absent = openClickhouse({ url: 'http://localhost', socketPath: '/nowhere/clickhouse.sock' });
    const rows = { ndjson: Buffer.from('{}\n'), token: 't' };
    for (const asked of [
      absent.rows('SELECT 1', {}),
      absent.command('SELECT 1'),
      absent.insert('spans', rows),
    ]) {
      await expect(asked).rejects.toMatchObject({ code: 'store_unavailable' });
    }
    expect(await absent.ping()).toBe(false);
    await absent.close();
  });
});

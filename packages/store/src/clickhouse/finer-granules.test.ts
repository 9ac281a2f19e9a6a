import { expect, test } from 'vitest';
import { useClickhouse } from '../../test/clickhouse-engine.ts';
import { ndjson, numberedSpan } from '../../test/span-rows.ts';
import { readMigrations } from '../read-migrations.ts';
import { migrateClickhouse, statementsOf } from './migrate-clickhouse.ts';
import type { Clickhouse } from './open-clickhouse.ts';

const clickhouse = useClickhouse({ migrated: false });

/** What comes before, as a store has it that is upgraded. */
async function migrateTo(store: Clickhouse, first: string) {
  const files = await readMigrations(new URL('./migrations/', import.meta.url));
  for (const file of files.filter(({ name }) => name < first))
    for (const statement of statementsOf(file)) await store.command(statement);
  return files.filter(({ name }) => /finer/.test(name));
}

async function countRows(store: Clickhouse) {
  const [row] = await store.rows<{ spans: string; ids: string; gone: string; traces: string }>(
    `SELECT count() AS spans, uniq(span_id) AS ids, countIf(project_id = 'gone') AS gone,
      (SELECT count() FROM trace_index FINAL) AS traces FROM spans FINAL LIMIT 1`,
    {},
  );
  return row;
}

const granularity = `SELECT name, extract(engine_full, 'index_granularity = ([0-9]+)') AS rows FROM system.tables
  WHERE database = currentDatabase() AND name LIKE '%spans%' OR name LIKE '%trace_index%' ORDER BY name LIMIT 10`;

test('a store that stops after any statement of the move to finer granules has all its rows, and once after it ran again', async () => {
  const store = clickhouse.get();
  const files = await migrateTo(store, '0013');
  const rows = Array.from({ length: 40 }, (_, id) => numberedSpan(id, { project_id: 'kept' }));
  const gone = Array.from({ length: 5 }, (_, id) => numberedSpan(id, { project_id: 'gone' }));
  await store.insert('spans', { ndjson: ndjson(rows.slice(0, 30)), token: 'first' });
  await store.insert('spans', { ndjson: ndjson([...rows.slice(20), ...gone]), token: 'second' });
  const traces = rows.map(({ project_id, trace_id, started_at, ended_at }) => ({
    project_id,
    trace_id,
    first_at: started_at,
    last_at: ended_at,
    first_token: 'a',
    last_token: 'a',
  }));
  await store.insert('trace_index', { ndjson: ndjson(traces), token: 'third' });
  // What is being deleted when the store is opened does not come back.
  await store.command(`ALTER TABLE spans DELETE WHERE project_id = 'gone'`);
  const ids = String(new Set(rows.map(({ trace_id }) => trace_id)).size);
  const whole = { spans: '40', ids: '40', gone: '0', traces: ids };
  for (const file of files) {
    const statements = statementsOf(file);
    const last = statements.findLastIndex((statement) => /DROP TABLE/.test(statement));
    for (let count = 1; count <= last + 1; count += 1) {
      for (const statement of statements.slice(0, count)) await store.command(statement);
      expect(await countRows(store)).toMatchObject({ ids: '40', traces: ids });
    }
  }
  await migrateClickhouse(store, () => 0);
  expect(await countRows(store)).toEqual(whole);
  expect(await store.rows(granularity, {})).toEqual([
    { name: 'spans', rows: '1024' },
    { name: 'trace_index', rows: '128' },
  ]);
  // What is stored from now on is noted, as it was before.
  const noted = () =>
    store.rows<{ noted: string }>('SELECT sum(changes) AS noted FROM hour_changes LIMIT 1', {});
  const [before] = await noted();
  await store.insert('spans', { ndjson: ndjson([numberedSpan(99, {})]), token: 'fourth' });
  expect(Number((await noted())[0]?.noted)).toBe(Number(before?.noted) + 1);
}, 30_000);

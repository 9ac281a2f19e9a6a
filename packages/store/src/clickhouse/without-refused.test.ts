import type { LossRow } from '@app/tracing';
import { ClickHouseError } from '@clickhouse/client';
import { describe, expect, test } from 'vitest';
import { useClickhouse } from '../../test/clickhouse-engine.ts';
import { segment } from '../../test/span-rows.ts';
import { StoreError } from '../error.ts';
import { createLoadSegment } from './load-segment.ts';
import type { Clickhouse } from './open-clickhouse.ts';

const clickhouse = useClickhouse();

/** Rows of a table that forgets none that is the same as another. */
function lossRow(projectId: string, n: number): string {
  const row: LossRow = {
    ...{ project_id: projectId, key_id: 'key', source: 'sdk', sdk: '', reason: `reason ${n}`, spans: n },
    at: '2026-05-01T10:00:00.000Z',
  };
  return JSON.stringify(row);
}

/** What no column can hold, each in another way. */
const BAD = [
  '{"project_id":"bad","spans":"no number"}',
  '{"project_id":"bad","spans":{"a":1}}',
  '{"project_id":"bad","at":"no time"}',
  '{"project_id":"bad","at":[1]}',
  'no JSON at all',
  '{"project_id":"bad","reason":"\\ud800"}',
  '{"project_id":"bad","spans":1e400}',
];

function loadOf(token: string, lines: readonly string[]) {
  return {
    ...segment(token, []),
    received: { losses: Buffer.from(lines.map((line) => `${line}\n`).join('')) },
  };
}

async function storedOf(projectId: string): Promise<string[]> {
  const sql =
    'SELECT reason FROM ingest_losses WHERE project_id = {project_id:String} ORDER BY spans LIMIT 1000';
  return (await clickhouse.get().rows<{ reason: string }>(sql, { project_id: projectId })).map(
    ({ reason }) => reason,
  );
}

/** Good rows with bad ones between them. */
function mixed(projectId: string, bad: readonly string[]): { lines: string[]; good: string[] } {
  const good = Array.from({ length: 100 }, (_, n) => n);
  const lines = good.flatMap((n) => [
    lossRow(projectId, n),
    ...(n % 12 === 5 ? bad.slice((n - 5) / 12, (n - 5) / 12 + 1) : []),
  ]);
  return { lines, good: good.map((n) => `reason ${n}`) };
}

const collect = () => {
  const refused: string[] = [];
  return {
    refused,
    onRefused: ({ table, code }: { table: string; code: string }) => refused.push(`${table} ${code}`),
  };
};

describe('rows that ClickHouse refuses', () => {
  test('are left out alone and told one by one, however often the load is tried', async () => {
    const { lines, good } = mixed('alone', BAD);
    const load = createLoadSegment(clickhouse.get());
    for (let tries = 0; tries < 2; tries += 1) {
      const { refused, onRefused } = collect();
      await load(loadOf('alone-1', lines), onRefused);
      expect(refused).toHaveLength(BAD.length);
      expect(new Set(refused)).toEqual(new Set(['ingest_losses 25', 'ingest_losses 27', 'ingest_losses 41']));
      expect(await storedOf('alone')).toEqual(good);
    }
  });

  test('lose and double nothing of the others, wherever the load stops and begins again', async () => {
    const { lines, good } = mixed('stopped', BAD.slice(0, 2));
    for (let stop = 1; ; stop += 1) {
      let stored = 0;
      const dying: Clickhouse = {
        ...clickhouse.get(),
        insert: async (table, rows) => {
          await clickhouse.get().insert(table, rows);
          stored += 1;
          // As when the process is killed after rows were stored and before it heard of it.
          if (stored === stop) throw new StoreError('store_unavailable', 'gone');
        },
      };
      const { refused, onRefused } = collect();
      const ended = await createLoadSegment(dying)(loadOf('stopped-1', lines), onRefused).then(
        () => 'whole',
        (error: unknown) => error,
      );
      if (ended === 'whole') {
        expect(refused).toHaveLength(2);
        expect(stop).toBeGreaterThan(5);
        break;
      }
      expect(refused).toEqual([]);
    }
    expect(await storedOf('stopped')).toEqual(good);
  });

  test('make the load fail as a whole where nobody hears of them, or where there are too many to be about rows', async () => {
    const load = createLoadSegment(clickhouse.get());
    const { lines } = mixed('unheard', BAD);
    await expect(load(loadOf('unheard-1', lines))).rejects.toBeInstanceOf(ClickHouseError);
    expect(await storedOf('unheard')).toEqual([]);
    const many = Array.from({ length: 400 }, () => BAD[0] ?? '');
    const { refused, onRefused } = collect();
    await expect(load(loadOf('many-1', many), onRefused)).rejects.toBeInstanceOf(ClickHouseError);
    expect(refused).toEqual([]);
  });

  test('are not what a fault of the store is taken for: it fails the load at once', async () => {
    for (const code of ['60', '241', '252', '33', '999']) {
      let inserts = 0;
      const failing: Clickhouse = {
        ...clickhouse.get(),
        insert: async () => {
          inserts += 1;
          throw new ClickHouseError({ code, message: 'no', type: 'NO' });
        },
      };
      const { refused, onRefused } = collect();
      const { lines } = mixed('fault', []);
      await expect(createLoadSegment(failing)(loadOf('fault-1', lines), onRefused)).rejects.toMatchObject({
        code,
      });
      expect([inserts, refused]).toEqual([1, []]);
    }
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestClickhouse, type TestClickhouse } from '../../test/open-test-clickhouse.ts';
import { waitUntil } from '../../test/wait-until.ts';

let store: TestClickhouse;
const events: string[] = [];

beforeAll(async () => {
  store = await openTestClickhouse({
    onDown: () => events.push('down'),
    onUp: () => events.push('up'),
  });
});

afterAll(() => store.close());

const count = async (): Promise<number> => {
  const read = await store.client.query({ query: 'SELECT count() AS n FROM kept', format: 'JSONEachRow' });
  const [row] = await read.json<{ n: number }>();
  return row?.n ?? -1;
};

test('killed during inserts it comes back, with every acknowledged row', async () => {
  await store.client.command({ query: 'CREATE TABLE kept (n UInt64) ENGINE = MergeTree ORDER BY n' });
  const first = store.clickhouse.pid() ?? 0;
  let acknowledged = 0;
  const insertUntilKilled = async () => {
    for (;;) {
      await store.client.insert({ table: 'kept', values: [{ n: acknowledged }], format: 'JSONEachRow' });
      acknowledged += 1;
      if (acknowledged === 20) process.kill(first, 'SIGKILL');
    }
  };
  await expect(insertUntilKilled()).rejects.toThrow();
  await waitUntil(
    async () => (await store.client.ping({ select: true })).success && store.clickhouse.pid() !== first,
  );
  // The insert that was under way may have been written without its acknowledgement.
  expect([acknowledged, acknowledged + 1]).toContain(await count());
  expect(events).toEqual(['up', 'down', 'up']);
});

test('a process that is frozen is killed and replaced', async () => {
  const frozen = await openTestClickhouse({
    timing: {
      backOff: { firstMs: 10, maxMs: 100, healthyAfterMs: 1_000 },
      startTimeoutMs: 60_000,
      probeEveryMs: 50,
      probeTimeoutMs: 2_000,
      probeFailuresMax: 1,
      stopGraceMs: 5_000,
      firstStartsMax: 3,
    },
  });
  const first = frozen.clickhouse.pid() ?? 0;
  process.kill(first, 'SIGSTOP');
  await waitUntil(() => frozen.clickhouse.pid() !== undefined && frozen.clickhouse.pid() !== first);
  await waitUntil(async () => (await frozen.client.ping({ select: true })).success);
  await frozen.close();
});

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTestFolder, openTestClickhouse, type TestClickhouse } from '../../test/open-test-clickhouse.ts';
import { waitUntil } from '../../test/wait-until.ts';
import { findProcess } from '../supervision/process-identity.ts';
import { defaultTiming } from '../supervision/supervise.ts';

let store: TestClickhouse;
const events: string[] = [];

beforeAll(async () => {
  store = await openTestClickhouse({
    onDown: () => events.push('down'),
    onUp: () => events.push('up'),
    timing: { ...defaultTiming, probeEveryMs: 200, probeTimeoutMs: 2_000, probeFailuresMax: 2 },
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
  const first = store.clickhouse.pid() ?? 0;
  process.kill(first, 'SIGSTOP');
  await waitUntil(() => store.clickhouse.pid() !== undefined && store.clickhouse.pid() !== first);
  await waitUntil(async () => (await store.client.ping({ select: true })).success);
});

test('when the parent is killed the engine process ends too', async () => {
  const folder = makeTestFolder();
  const entry = fileURLToPath(new URL('./open-local-clickhouse.ts', import.meta.url));
  const script = `import { openLocalClickhouse } from ${JSON.stringify(entry)};
    const log = { info() {}, warn() {}, error() {} };
    const places = { dataDir: ${JSON.stringify(folder.path)}, runDir: ${JSON.stringify(folder.path)} };
    await openLocalClickhouse({ ...places, key: Buffer.alloc(32), log, sessions: 1 });
    setInterval(() => {}, 1e6);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
  const { pid } = await waitUntil(() =>
    JSON.parse(readFileSync(join(folder.path, 'clickhouse-process.json'), 'utf8')),
  );
  owner.kill('SIGKILL');
  await waitUntil(() => findProcess(pid) === undefined);
  folder.remove();
});

import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isExternalClickhouse, useClickhouse } from '../test/clickhouse-engine.ts';
import { describeOnEveryPostgres } from '../test/postgres-engines.ts';
import { silentLog } from '../test/silent-log.ts';
import { segment, spanRow } from '../test/span-rows.ts';
import { openStore } from './open-store.ts';

const clickhouse = useClickhouse({ migrated: false });

describeOnEveryPostgres('the store', (engine) => {
  const open = async (socketPath: string) =>
    openStore({
      postgres: await engine.create(),
      clickhouse: { url: 'http://localhost', socketPath },
      log: silentLog,
      nowMs: () => 0,
    });

  // What stands between can be opened late, as a ClickHouse that is started late.
  test.skipIf(isExternalClickhouse)(
    'opens while ClickHouse is down and has traces once it is up',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'tr-proxy-'));
      const socketPath = join(folder, 'late.sock');
      const store = await open(socketPath);
      expect(await store.ready()).toEqual({ postgres: true, clickhouse: false });
      for (const asked of [
        store.traces.listTraces('proj_1', { limit: 10 }),
        store.traces.findTrace('proj_1', spanRow().trace_id),
        store.traces.readOverview('proj_1', { range: '1h', nowMs: 0 }),
        store.traces.loadSegment(segment('late', [spanRow()])),
      ]) {
        await expect(asked).rejects.toMatchObject({ code: 'store_unavailable' });
      }
      expect(await store.tenants.countOwners()).toBe(0);

      const behind = clickhouse.place().socketPath ?? '';
      const proxy = createServer((client) => {
        const server = connect(behind);
        client.pipe(server).pipe(client);
        for (const side of [client, server]) {
          side.on('error', () => {
            client.destroy();
            server.destroy();
          });
        }
      }).listen(socketPath);
      await store.whenTracesReady();
      expect(await store.ready()).toEqual({ postgres: true, clickhouse: true });
      await store.traces.loadSegment(segment('late', [spanRow()]));
      expect((await store.traces.listTraces('proj_1', { limit: 10 })).data).toHaveLength(1);
      await store.close();
      proxy.close();
      await rm(folder, { recursive: true, force: true });
    },
  );

  test('closes while it still waits for ClickHouse, and who waits is told', async () => {
    const store = await open('/nowhere/clickhouse.sock');
    const waiting = expect(store.whenTracesReady()).rejects.toMatchObject({ code: 'store_unavailable' });
    await store.close();
    await waiting;
  });

  test('closes while somebody listens and a pool of the sign-in library is open', async () => {
    const store = await open('/nowhere/clickhouse.sock');
    store.keys.listenKeyChanges({ onSequence: () => undefined, onGap: () => undefined });
    const auth = store.openAuthPool();
    await auth.query('select 1');
    await store.close();
    expect(auth.ended).toBe(true);
  });
});

test('an absent PostgreSQL is a rejection with its code', async () => {
  const opening = openStore({
    postgres: { host: '/nowhere', user: 'x', database: 'x' },
    clickhouse: { url: 'http://localhost', socketPath: '/nowhere/clickhouse.sock' },
    log: silentLog,
    nowMs: () => 0,
  });
  await expect(opening).rejects.toMatchObject({ code: 'store_unavailable' });
});

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalClickhouse } from '@app/local-stack';
import { openStore, type PostgresOptions, type Store } from '@app/store';
import { createPriceOf, mergeParts, NO_PRICES } from '@app/tracing';
import { silentLog } from './open-test-store.ts';

export type TestTraces = { traces: Store['traces']; stopClickhouse(): Promise<void>; close(): Promise<void> };

/** The embedded ClickHouse in folders of its own, with the newest schema. */
export async function openTestTraces(postgres: PostgresOptions): Promise<TestTraces> {
  const dataDir = await mkdtemp(join(tmpdir(), 'traces-data-'));
  const runDir = await mkdtemp(join(tmpdir(), 'traces-run-'));
  const local = await openLocalClickhouse({ dataDir, runDir, key: randomBytes(32), log: silentLog });
  const clickhouse = { url: 'http://localhost', socketPath: local.socketPath };
  const priceOf = createPriceOf(NO_PRICES);
  const store = await openStore({
    ...{ postgres, clickhouse, log: silentLog, nowMs: Date.now },
    mergeParts: (parts) => mergeParts(parts, priceOf),
  });
  await store.whenTracesReady();
  let isStopped = false;
  const stopClickhouse = async () => {
    if (!isStopped) await local.stop();
    isStopped = true;
  };
  return {
    traces: store.traces,
    stopClickhouse,
    close: async () => {
      await store.close();
      await stopClickhouse();
      await Promise.all([dataDir, runDir].map((path) => rm(path, { recursive: true, force: true })));
    },
  };
}

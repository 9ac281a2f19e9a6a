import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalClickhouse } from '@app/local-stack';
import { openStore, type PostgresOptions, type Store } from '@app/store';
import { createPriceOf, mergeParts, NO_PRICES } from '@app/tracing';
import { silentLog } from './open-test-store.ts';

export type TestTraces = {
  traces: Store['traces'];
  /** All that is in any table, as JSON. */
  dump(): Promise<string>;
  stopClickhouse(): Promise<void>;
  close(): Promise<void>;
};

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
    dump: () => dumpTables((sql) => askClickhouse(local.socketPath, sql)),
    stopClickhouse,
    close: async () => {
      await store.close();
      await stopClickhouse();
      await Promise.all([dataDir, runDir].map((path) => rm(path, { recursive: true, force: true })));
    },
  };
}

async function dumpTables(ask: (sql: string) => Promise<string>): Promise<string> {
  const names = await ask(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' FORMAT TSV",
  );
  const tables = names.split('\n').filter((name) => name !== '');
  const dumps = await Promise.all(tables.map((name) => ask(`SELECT * FROM \`${name}\` FORMAT JSONEachRow`)));
  return dumps.join('\n');
}

function askClickhouse(socketPath: string, sql: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const sent = request({ socketPath, method: 'POST', path: '/' }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    response.on('end', () => (response.statusCode === 200 ? resolve(text) : reject(new Error(text))));
  });
  sent.on('error', reject);
  sent.end(sql);
  return promise;
}

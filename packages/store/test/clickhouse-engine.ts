import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalClickhouse } from '@app/local-stack';
import { afterAll, beforeAll } from 'vitest';
import { migrateClickhouse } from '../src/clickhouse/migrate-clickhouse.ts';
import {
  type Clickhouse,
  type ClickhouseOptions,
  openClickhouse,
} from '../src/clickhouse/open-clickhouse.ts';
import { silentLog } from './silent-log.ts';

export type TestClickhouse = {
  /** An open ClickHouse whose database has the newest schema and belongs to this file alone. */
  get(): Clickhouse;
  place(): ClickhouseOptions;
};

/** True when the tests run on a server that somebody named instead of the embedded engine. */
export const isExternalClickhouse = process.env.CLICKHOUSE_TEST_URL !== undefined;

/** The embedded engine, or the server that `CLICKHOUSE_TEST_URL` names, for the tests of one file. */
export function useClickhouse(options: { migrated: boolean } = { migrated: true }): TestClickhouse {
  let place: ClickhouseOptions;
  let clickhouse: Clickhouse;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    ({ place, stop } = isExternalClickhouse ? await openExternal() : await openEmbedded());
    clickhouse = openClickhouse(place);
    if (options.migrated) await migrateClickhouse(clickhouse, () => 0);
  });
  afterAll(async () => {
    await clickhouse?.close();
    await stop?.();
  });
  return { get: () => clickhouse, place: () => place };
}

async function openEmbedded() {
  const dataDir = await mkdtemp(join(tmpdir(), 'tr-data-'));
  const runDir = await mkdtemp(join(tmpdir(), 'tr-run-'));
  const local = await openLocalClickhouse({ dataDir, runDir, key: randomBytes(32), log: silentLog });
  return {
    place: { url: 'http://localhost', socketPath: local.socketPath },
    stop: async () => {
      await local.stop();
      await rm(dataDir, { recursive: true, force: true });
      await rm(runDir, { recursive: true, force: true });
    },
  };
}

async function openExternal() {
  const url = new URL(process.env.CLICKHOUSE_TEST_URL ?? '');
  const server = {
    url: url.origin,
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
  };
  const database = `tokenrouter_test_${randomBytes(6).toString('hex')}`;
  const admin = openClickhouse(server);
  await admin.command(`CREATE DATABASE ${database}`);
  return {
    place: { ...server, database },
    stop: async () => {
      await admin.command(`DROP DATABASE ${database} SYNC`);
      await admin.close();
    },
  };
}

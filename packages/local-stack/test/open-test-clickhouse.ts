import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import {
  createSocketAgent,
  type LocalClickhouse,
  type LocalClickhouseOptions,
  openLocalClickhouse,
} from '../src/index.ts';

/** A log that keeps nothing. */
export const silentLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A folder that is removed again. */
export function makeTestFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'ls-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

export interface TestClickhouse {
  clickhouse: LocalClickhouse;
  dataDir: string;
  client: ClickHouseClient;
  connect(settings?: { compression?: boolean }): ClickHouseClient;
  close(): Promise<void>;
}

/** The embedded ClickHouse on a fresh folder, with a client of the official package. */
export async function openTestClickhouse(
  options: Partial<LocalClickhouseOptions> = {},
): Promise<TestClickhouse> {
  const data = makeTestFolder();
  const run = makeTestFolder();
  const clickhouse = await openLocalClickhouse({
    dataDir: data.path,
    runDir: run.path,
    key: Buffer.alloc(32, 5),
    log: silentLog,
    sessions: 2,
    ...options,
  });
  const clients: ClickHouseClient[] = [];
  const connect = ({ compression = false } = {}) => {
    const client = createClient({
      url: 'http://localhost',
      http_agent: createSocketAgent(clickhouse.socketPath, 100),
      compression: { request: compression, response: compression },
      log: { level: ClickHouseLogLevel.OFF },
    });
    clients.push(client);
    return client;
  };
  return {
    clickhouse,
    dataDir: data.path,
    client: connect(),
    connect,
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await clickhouse.stop();
      data.remove();
      run.remove();
    },
  };
}

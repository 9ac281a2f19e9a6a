import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Instance, Log } from '@app/local-stack';
import { openLocalClickhouse, openLocalPostgres } from '@app/local-stack';
import type { ClickhouseOptions, PostgresOptions } from '@app/store';
import type { Environment } from '../config.ts';
import { readClickhouseAddress } from './clickhouse-address.ts';
import type { ClosingStack } from './closing-stack.ts';
import { readDatabaseAddress } from './database-address.ts';

export type StorePlaces = { postgres: PostgresOptions; clickhouse: ClickhouseOptions };

export type OpenStoresOptions = {
  databaseUrl: string | undefined;
  clickhouseUrl: string | undefined;
  /** Whom we believe to be those stores. */
  settings: Pick<Environment, 'DATABASE_CA_FILE' | 'CLICKHOUSE_CA_FILE'>;
  dataDir: string;
  instance: Instance;
  /** Encrypts the embedded ClickHouse's disk; 32 bytes. */
  diskKey: Buffer;
  log: Log;
};

/** Where the stores are: those that were named, and an embedded one in the place of each that was not. */
export async function openStores(options: OpenStoresOptions, stack: ClosingStack): Promise<StorePlaces> {
  const [postgres, clickhouse] = await Promise.all([
    postgresPlace(options, stack),
    clickhousePlace(options, stack),
  ]);
  options.instance.publish({
    ...(options.databaseUrl === undefined && postgres.host !== undefined
      ? { postgresHost: postgres.host }
      : {}),
    ...(clickhouse.socketPath === undefined ? {} : { clickhouseSocketPath: clickhouse.socketPath }),
  });
  return { postgres, clickhouse };
}

async function postgresPlace(options: OpenStoresOptions, stack: ClosingStack): Promise<PostgresOptions> {
  const { databaseUrl, dataDir, instance, log } = options;
  if (databaseUrl !== undefined) return readDatabaseAddress(databaseUrl, options.settings);
  const local = await openLocalPostgres({ dataDir, runDir: instance.runDir, log });
  stack.add(() => local.stop());
  return { host: local.host, port: local.port, user: local.user, database: local.database };
}

async function clickhousePlace(options: OpenStoresOptions, stack: ClosingStack): Promise<ClickhouseOptions> {
  const { clickhouseUrl, dataDir, instance, diskKey, log } = options;
  if (clickhouseUrl !== undefined) return readClickhouseAddress(clickhouseUrl, options.settings);
  // Calls are served without it. The first start waits, so that an engine that cannot run here is told at once.
  const awaited = !existsSync(join(dataDir, 'clickhouse/data/store'));
  const local = await openLocalClickhouse({ dataDir, runDir: instance.runDir, key: diskKey, log, awaited });
  stack.add(() => local.stop());
  return { url: 'http://localhost', socketPath: local.socketPath };
}

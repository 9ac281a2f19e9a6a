import {
  findInstance,
  type Instance,
  openInstance,
  openLocalClickhouse,
  openLocalPostgres,
} from '@app/local-stack';
import {
  type ClickhouseOptions,
  type Log,
  openRelationalStore,
  openStore,
  type PostgresOptions,
  type RelationalStore,
  type TraceStore,
} from '@app/store';
import type { Config } from '../config.ts';
import { readClickhouseAddress } from '../start/clickhouse-address.ts';
import { type ClosingStack, createClosingStack } from '../start/closing-stack.ts';
import { readDatabaseAddress } from '../start/database-address.ts';

export type CliStore = {
  store: RelationalStore;
  /**
   * Opens ClickHouse too: the one that was named, that of the running server, or the embedded one for this command alone,
   * whose disk the key opens.
   */
  openTraces(diskKey: () => Promise<Buffer>): Promise<TraceStore>;
  close(): Promise<void>;
};

/** Takes over the closing of what a command opened. */
export type KeepStore = (opened: CliStore, config: Config) => Promise<CliStore>;

/**
 * PostgreSQL for a command: the one that was named, the one of the server that runs on the data folder, or, when
 * none runs, the embedded one started for this command alone.
 */
export async function openCliStore(config: Config, log: Log, keepStore?: KeepStore): Promise<CliStore> {
  const opened = await openOwn(config, log);
  return keepStore === undefined ? opened : keepStore(opened, config);
}

async function openOwn(config: Config, log: Log): Promise<CliStore> {
  const stack = createClosingStack((error) => log.warn({ error }, 'Something could not be closed.'));
  try {
    const places = findPlaces({ config, log, stack });
    const postgres = await places.postgres();
    const store = await openRelationalStore({ postgres, log });
    stack.add(() => store.close());
    const openTraces = async (diskKey: () => Promise<Buffer>) => {
      const clickhouse = await places.clickhouse(diskKey);
      const both = await openStore({ postgres, clickhouse, log, nowMs: Date.now });
      stack.add(() => both.close());
      await both.whenTracesReady();
      return both.traces;
    };
    return { store, openTraces, close: stack.close };
  } catch (error) {
    await stack.close();
    throw error;
  }
}

type PlacesDeps = { config: Config; log: Log; stack: ClosingStack };

function findPlaces({ config: { environment }, log, stack }: PlacesDeps) {
  const { DATABASE_URL, CLICKHOUSE_URL, TOKENROUTER_DATA_DIR: dataDir } = environment;
  let opened: Promise<Instance> | undefined;
  const ownInstance = (): Promise<Instance> => {
    opened ??= openInstance({ dataDir }).then((instance) => {
      stack.add(() => instance.close());
      return instance;
    });
    return opened;
  };
  const postgres = async (): Promise<PostgresOptions> => {
    if (DATABASE_URL !== undefined) return readDatabaseAddress(DATABASE_URL, environment);
    const running = await findInstance({ dataDir });
    if (running?.postgresHost !== undefined) return localPlace(running.postgresHost);
    const { runDir } = await ownInstance();
    const local = await openLocalPostgres({ dataDir, runDir, log });
    stack.add(() => local.stop());
    return { host: local.host, port: local.port, user: local.user, database: local.database };
  };
  const clickhouse = async (diskKey: () => Promise<Buffer>): Promise<ClickhouseOptions> => {
    if (CLICKHOUSE_URL !== undefined) return readClickhouseAddress(CLICKHOUSE_URL, environment);
    const running = opened === undefined ? await findInstance({ dataDir }) : undefined;
    const socketPath = running?.clickhouseSocketPath;
    if (socketPath !== undefined) return { url: 'http://localhost', socketPath };
    const { runDir } = await ownInstance();
    const local = await openLocalClickhouse({ dataDir, runDir, key: await diskKey(), log, awaited: true });
    stack.add(() => local.stop());
    return { url: 'http://localhost', socketPath: local.socketPath };
  };
  return { postgres, clickhouse };
}

const localPlace = (host: string) => ({ host, user: 'tokenrouter', database: 'postgres' });

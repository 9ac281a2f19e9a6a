import { findInstance, openInstance, openLocalPostgres } from '@app/local-stack';
import { type Log, openRelationalStore, type RelationalStore } from '@app/store';
import type { Config } from '../config.ts';
import { createClosingStack } from '../start/closing-stack.ts';

export type CliStore = { store: RelationalStore; close(): Promise<void> };

/**
 * PostgreSQL for a command: the one that was named, the one of the server that runs on the data folder, or, when
 * none runs, the embedded one started for this command alone.
 */
export async function openCliStore({ environment }: Config, log: Log): Promise<CliStore> {
  const stack = createClosingStack((error) => log.warn({ error }, 'Something could not be closed.'));
  try {
    const store = await openRelationalStore({ postgres: await findPostgres(), log });
    stack.add(() => store.close());
    return { store, close: stack.close };
  } catch (error) {
    await stack.close();
    throw error;
  }

  async function findPostgres() {
    const { DATABASE_URL: connectionString, TOKENROUTER_DATA_DIR: dataDir } = environment;
    if (connectionString !== undefined) return { connectionString };
    const running = await findInstance({ dataDir });
    if (running?.postgresHost !== undefined) return localPlace(running.postgresHost);
    const instance = await openInstance({ dataDir });
    stack.add(() => instance.close());
    const local = await openLocalPostgres({ dataDir, runDir: instance.runDir, log });
    stack.add(() => local.stop());
    return { host: local.host, port: local.port, user: local.user, database: local.database };
  }
}

const localPlace = (host: string) => ({ host, user: 'tokenrouter', database: 'postgres' });

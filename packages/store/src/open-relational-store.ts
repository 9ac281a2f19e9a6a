import type pg from 'pg';
import type { Log } from './log.ts';
import { migratePostgres } from './postgres/migrate-postgres.ts';
import { withMigrationLock } from './postgres/migration-lock.ts';
import { openPostgres, type PostgresOptions } from './postgres/open-postgres.ts';
import { openTables, type Tables } from './postgres/open-tables.ts';

/** PostgreSQL alone: what the command line needs, which must not wait for the trace store. */
export type RelationalStore = Omit<Tables, 'closeFeed'> & {
  /** Runs `run` while nobody else changes a schema. Not to be nested. */
  withMigrationLock<T>(run: () => Promise<T>): Promise<T>;
  /** A pool whose tables live in the schema `auth`, which exists. Closed with the store. */
  openAuthPool(): pg.Pool;
  close(): Promise<void>;
};

/** Opens PostgreSQL and brings its schema up to date; rejects when it does not answer. */
export async function openRelationalStore(options: {
  postgres: PostgresOptions;
  log: Log;
}): Promise<RelationalStore> {
  const { log } = options;
  const postgres = openPostgres(options.postgres, (error) =>
    log.warn({ error }, 'A connection to PostgreSQL was lost.'),
  );
  try {
    await withMigrationLock(postgres, () => migratePostgres(postgres));
  } catch (error) {
    await postgres.close();
    throw error;
  }
  const { closeFeed, ...tables } = openTables(postgres, log);
  return {
    ...tables,
    withMigrationLock: (run) => withMigrationLock(postgres, run),
    openAuthPool: () => postgres.openPool({ schema: 'auth' }),
    close: async () => {
      await closeFeed();
      await postgres.close();
    },
  };
}

import type pg from 'pg';
import type { Log } from './log.ts';
import { migratePostgres } from './postgres/migrate-postgres.ts';
import { withMigrationLock } from './postgres/migration-lock.ts';
import { openPostgres, type Postgres, type PostgresOptions } from './postgres/open-postgres.ts';
import { openTables, type Tables } from './postgres/open-tables.ts';
import { withLoneLock } from './postgres/with-lone-lock.ts';

/** PostgreSQL alone: what the command line needs, which must not wait for the trace store. */
export type RelationalStore = Omit<Tables, 'closeFeed'> & {
  /** Runs `run` while nobody else changes a schema, for the sign-in library's own tables. Not to be nested. */
  withMigrationLock<T>(run: () => Promise<T>): Promise<T>;
  /** Runs `run` if no other server deletes what is due just now; false when one does. */
  withDataLock(run: () => Promise<void>): Promise<boolean>;
  /** A pool whose tables live in the schema `auth`, which exists. Closed with the store. */
  openAuthPool(): pg.Pool;
  close(): Promise<void>;
};

/** Opens PostgreSQL and brings its schema up to date; rejects when it does not answer. */
export async function openRelationalStore(options: {
  postgres: PostgresOptions;
  log: Log;
}): Promise<RelationalStore> {
  const postgres = await openMigratedPostgres(options.postgres, options.log);
  return createRelationalStore(postgres, options.log);
}

/** PostgreSQL with the newest schema; rejects when it does not answer. */
export async function openMigratedPostgres(place: PostgresOptions, log: Log): Promise<Postgres> {
  const postgres = openPostgres(place, (error) =>
    log.warn({ reason: error.message }, 'A connection to PostgreSQL was lost.'),
  );
  try {
    const ran = await withMigrationLock(postgres, () => migratePostgres(postgres));
    if (ran.length > 0) log.info({ migrations: ran }, 'PostgreSQL has the newest schema.');
    return postgres;
  } catch (error) {
    await postgres.close();
    throw error;
  }
}

/** The queries of an open PostgreSQL, which is closed with them. */
export function createRelationalStore(postgres: Postgres, log: Log): RelationalStore {
  const { closeFeed, ...tables } = openTables(postgres, log);
  return {
    ...tables,
    withMigrationLock: (run) => withMigrationLock(postgres, run),
    withDataLock: (run) => withLoneLock(postgres, 'data', run),
    openAuthPool: () => postgres.openPool({ schema: 'auth' }),
    close: async () => {
      await closeFeed();
      await postgres.close();
    },
  };
}

import type { LoadSegment } from '@app/tracing';
import type pg from 'pg';
import { createLoadSegment } from './clickhouse/load-segment.ts';
import { type Clickhouse, type ClickhouseOptions, openClickhouse } from './clickhouse/open-clickhouse.ts';
import { findTrace } from './clickhouse/queries/find-trace.ts';
import { listTraces } from './clickhouse/queries/list-traces.ts';
import { readOverview } from './clickhouse/queries/read-overview.ts';
import type { Log } from './log.ts';
import { openTraceSchema } from './open-trace-schema.ts';
import { migratePostgres } from './postgres/migrate-postgres.ts';
import { withMigrationLock } from './postgres/migration-lock.ts';
import { openPostgres, type PostgresOptions } from './postgres/open-postgres.ts';
import { openTables, type Tables } from './postgres/open-tables.ts';

export type StoreOptions = {
  postgres: PostgresOptions;
  clickhouse: ClickhouseOptions;
  log: Log;
  /** Epoch milliseconds. */
  nowMs: () => number;
};

export type Store = Omit<Tables, 'closeFeed'> & {
  traces: {
    listTraces: ReturnType<typeof listTraces>;
    findTrace: ReturnType<typeof findTrace>;
    readOverview: ReturnType<typeof readOverview>;
    loadSegment: LoadSegment;
  };
  /** Which stores answer now; the trace store counts once its schema is the newest. */
  ready(): Promise<{ postgres: boolean; clickhouse: boolean }>;
  /** Resolves once the trace store's schema is the newest; rejects when the store closes before. */
  whenTracesReady(): Promise<void>;
  /** Runs `run` while nobody else changes a schema, for the sign-in library's own tables. Not to be nested. */
  withMigrationLock<T>(run: () => Promise<T>): Promise<T>;
  /** A pool whose tables live in the schema `auth`, which exists. Closed with the store. */
  openAuthPool(): pg.Pool;
  close(): Promise<void>;
};

/**
 * Opens both stores and brings PostgreSQL's schema up to date; rejects when PostgreSQL does not answer. ClickHouse
 * may be down: its schema follows when it is up, and until then everything about traces rejects with
 * `store_unavailable`.
 */
export async function openStore({
  postgres: place,
  clickhouse: tracePlace,
  log,
  nowMs,
}: StoreOptions): Promise<Store> {
  const postgres = openPostgres(place, (error) =>
    log.warn({ error }, 'A connection to PostgreSQL was lost.'),
  );
  try {
    const ran = await withMigrationLock(postgres, () => migratePostgres(postgres));
    if (ran.length > 0) log.info({ migrations: ran }, 'PostgreSQL has the newest schema.');
  } catch (error) {
    await postgres.close();
    throw error;
  }
  const clickhouse = openClickhouse(tracePlace);
  const { closeFeed, ...tables } = openTables(postgres, log);
  const schema = openTraceSchema({ postgres, clickhouse, log, nowMs });
  const migrated: Clickhouse = {
    ...clickhouse,
    rows: (sql, parameters) => schema.whenMigrated(() => clickhouse.rows(sql, parameters)),
    insert: (table, rows) => schema.whenMigrated(() => clickhouse.insert(table, rows)),
  };
  return {
    ...tables,
    traces: {
      listTraces: listTraces(migrated),
      findTrace: findTrace(migrated),
      readOverview: readOverview(migrated),
      loadSegment: createLoadSegment(migrated),
    },
    ready: async () => {
      const [relational, traces] = await Promise.all([postgres.ping(), clickhouse.ping()]);
      return { postgres: relational, clickhouse: traces && schema.isMigrated() };
    },
    whenTracesReady: () => schema.done,
    withMigrationLock: (run) => withMigrationLock(postgres, run),
    openAuthPool: () => postgres.openPool({ schema: 'auth' }),
    close: async () => {
      await schema.close();
      await closeFeed();
      await Promise.all([clickhouse.close(), postgres.close()]);
    },
  };
}

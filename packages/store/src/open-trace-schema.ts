import { setTimeout as wait } from 'node:timers/promises';
import { migrateClickhouse } from './clickhouse/migrate-clickhouse.ts';
import type { Clickhouse } from './clickhouse/open-clickhouse.ts';
import { reasonOf, StoreError } from './error.ts';
import type { Log } from './log.ts';
import { withMigrationLock } from './postgres/migration-lock.ts';
import type { Postgres } from './postgres/open-postgres.ts';

export type TraceSchema = {
  /** Resolves once the schema is the newest; rejects when closed before. */
  done: Promise<void>;
  isMigrated(): boolean;
  /** Runs `run` if the schema is the newest, else rejects with `store_unavailable`. */
  whenMigrated<T>(run: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

export type TraceSchemaDeps = { postgres: Postgres; clickhouse: Clickhouse; log: Log; nowMs: () => number };

const delayMsMin = 200;
const delayMsMax = 5_000;

/** Brings ClickHouse to the newest schema in the background, however long it is down, and one server at a time. */
export function openTraceSchema({ postgres, clickhouse, log, nowMs }: TraceSchemaDeps): TraceSchema {
  const closing = new AbortController();
  let migrated = false;

  const migrateOnce = async () => {
    // Asked before the lock is taken, so that nobody waits for it while ClickHouse is down.
    if (!(await clickhouse.ping())) throw new StoreError('store_unavailable', 'ClickHouse does not answer.');
    const ran = await withMigrationLock(postgres, () => migrateClickhouse(clickhouse, nowMs));
    migrated = true;
    if (ran.length > 0) log.info({ migrations: ran }, 'ClickHouse has the newest schema.');
  };

  const run = async () => {
    let told = '';
    for (let delayMs = delayMsMin; ; delayMs = Math.min(delayMs * 2, delayMsMax)) {
      try {
        return await migrateOnce();
      } catch (error) {
        const reason = reasonOf(error);
        if (reason !== told) log.warn({ reason }, 'ClickHouse is not ready; trying again until it is.');
        told = reason;
      }
      await wait(delayMs, undefined, { signal: closing.signal }).catch(() => undefined);
      if (closing.signal.aborted) throw new StoreError('store_unavailable', 'The store was closed.');
    }
  };

  const done = run();
  // Nobody has to wait for it; who does, hears of the rejection.
  done.catch(() => undefined);
  return {
    done,
    isMigrated: () => migrated,
    whenMigrated: async (query) => {
      if (!migrated) throw new StoreError('store_unavailable', 'ClickHouse is not ready yet.');
      return query();
    },
    close: async () => {
      closing.abort();
      await done.catch(() => undefined);
    },
  };
}

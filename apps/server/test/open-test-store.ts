import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalPostgres } from '@app/local-stack';
import { type Log, openRelationalStore, type PostgresOptions, type RelationalStore } from '@app/store';
import { cloneDatabase } from '@app/store/test/clone-database';
import '@app/store/test/shared-databases';
import { inject } from 'vitest';

/** Says nothing: tests look at what happens, not at what is logged. */
export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

type TestPostgres = {
  place: PostgresOptions;
  /** Stops PostgreSQL and starts it again in the same place. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  close(): Promise<void>;
};

/** The embedded PostgreSQL in folders of its own, removed at the end. */
async function openTestPostgres(): Promise<TestPostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), 'server-data-'));
  const runDir = await mkdtemp(join(tmpdir(), 'server-run-'));
  const start = () => openLocalPostgres({ dataDir, runDir, log: silentLog });
  let postgres = await start();
  const stop = () => postgres.stop();
  return {
    place: { host: postgres.host, port: postgres.port, user: postgres.user, database: postgres.database },
    restart: async () => {
      postgres = await start();
    },
    stop,
    close: async () => {
      await stop();
      await Promise.all([dataDir, runDir].map((path) => rm(path, { recursive: true, force: true })));
    },
  };
}

export type TestStore = { store: RelationalStore; place: PostgresOptions; close(): Promise<void> };

/** A migrated store on a database of its own, of the PostgreSQL that the whole run shares. */
export async function openTestStore(): Promise<TestStore> {
  const clone = await cloneDatabase(inject('databases').embedded, 'template_store');
  const store = await openRelationalStore({ postgres: clone.place, log: silentLog });
  return {
    store,
    place: clone.place,
    close: async () => {
      await store.close();
      await clone.drop();
    },
  };
}

export type OwnTestStore = TestStore & { postgres: TestPostgres };

/** A migrated store on a PostgreSQL of its own, for tests that stop it. */
export async function openOwnTestStore(): Promise<OwnTestStore> {
  const postgres = await openTestPostgres();
  const store = await openRelationalStore({ postgres: postgres.place, log: silentLog });
  return {
    store,
    postgres,
    place: postgres.place,
    close: async () => {
      await store.close();
      await postgres.close();
    },
  };
}

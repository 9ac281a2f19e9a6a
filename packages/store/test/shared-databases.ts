import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalPostgres } from '@app/local-stack';
import type { TestProject } from 'vitest/node';
import { migratePostgres } from '../src/postgres/migrate-postgres.ts';
import { openPostgres, type PostgresOptions } from '../src/postgres/open-postgres.ts';
import { hasDebianPostgres, openDebianPostgres } from './debian-postgres.ts';
import { silentLog } from './silent-log.ts';

/** Where the databases of a test run are. Each holds `template_store`, with the newest schema, to be cloned. */
export type SharedDatabases = { embedded: PostgresOptions; debian: PostgresOptions | undefined };

declare module 'vitest' {
  export interface ProvidedContext {
    databases: SharedDatabases;
  }
}

type Engine = { place: PostgresOptions; stop(): Promise<void> };

/** Starts each PostgreSQL once for the whole run: an engine of its own costs a test file more than its tests. */
export default async function openSharedDatabases(project: TestProject): Promise<() => Promise<void>> {
  const embedded = await openEmbedded();
  const debian = hasDebianPostgres() ? await openDebianPostgres() : undefined;
  const engines = [embedded, debian].filter((engine) => engine !== undefined);
  await Promise.all(engines.map(({ place }) => makeTemplate(place)));
  project.provide('databases', { embedded: embedded.place, debian: debian?.place });
  return async () => void (await Promise.all(engines.map((engine) => engine.stop())));
}

async function openEmbedded(): Promise<Engine> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tr-data-'));
  const runDir = await mkdtemp(join(tmpdir(), 'tr-run-'));
  const { host, port, user, database, stop } = await openLocalPostgres({ dataDir, runDir, log: silentLog });
  return {
    place: { host, port, user, database },
    stop: async () => {
      await stop();
      await Promise.all([dataDir, runDir].map((path) => rm(path, { recursive: true, force: true })));
    },
  };
}

async function makeTemplate(place: PostgresOptions): Promise<void> {
  const admin = openPostgres(place, () => undefined);
  await admin.rows('create database template_store', []);
  await admin.close();
  const template = openPostgres({ ...place, database: 'template_store' }, () => undefined);
  await migratePostgres(template);
  await template.close();
}

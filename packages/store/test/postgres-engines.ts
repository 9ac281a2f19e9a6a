import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalPostgres } from '@app/local-stack';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { migratePostgres } from '../src/postgres/migrate-postgres.ts';
import { openPostgres, type Postgres, type PostgresOptions } from '../src/postgres/open-postgres.ts';
import { hasDebianPostgres, openDebianPostgres } from './debian-postgres.ts';
import { silentLog } from './silent-log.ts';

type Engine = { place: PostgresOptions; stop(): Promise<void> };

export type TestPostgres = {
  /** An empty database. */
  createEmpty(): Promise<PostgresOptions>;
  /** A database with the newest schema, cloned from a template. */
  create(): Promise<PostgresOptions>;
  /** The same, already open; closed after the file's tests. */
  open(): Promise<Postgres>;
};

/**
 * Runs the same tests on the embedded PostgreSQL and on Debian's PostgreSQL 15, each started once for the file. A
 * missing Debian package skips its half loudly, and fails where everything is required.
 */
export function describeOnEveryPostgres(title: string, define: (postgres: TestPostgres) => void): void {
  describe(`${title}, embedded PostgreSQL`, () => define(useEngine(openEmbedded)));
  if (hasDebianPostgres()) {
    describe(`${title}, PostgreSQL 15 of Debian`, () => define(useEngine(openDebianPostgres)));
  } else if (process.env.TESTS_REQUIRE_ALL === '1') {
    test(`${title}, PostgreSQL 15 of Debian`, () => {
      throw new Error("Debian's package postgresql-15 is not installed, and TESTS_REQUIRE_ALL is 1.");
    });
  } else {
    // biome-ignore lint/suspicious/noConsole: a skipped half must be seen.
    console.warn(`SKIPPED: ${title}, because Debian's package postgresql-15 is not installed.`);
  }
}

async function openEmbedded(): Promise<Engine> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tr-data-'));
  const runDir = await mkdtemp(join(tmpdir(), 'tr-run-'));
  const local = await openLocalPostgres({ dataDir, runDir, log: silentLog });
  return {
    place: { host: local.host, port: local.port, user: local.user, database: local.database },
    stop: async () => {
      await local.stop();
      await rm(dataDir, { recursive: true, force: true });
      await rm(runDir, { recursive: true, force: true });
    },
  };
}

function useEngine(openEngine: () => Promise<Engine>): TestPostgres {
  let engine: Engine;
  let admin: Postgres;
  const opened: Postgres[] = [];

  beforeAll(async () => {
    engine = await openEngine();
    admin = openPostgres(engine.place, () => undefined);
    await admin.rows('create database template_store', []);
    const template = openPostgres({ ...engine.place, database: 'template_store' }, () => undefined);
    await migratePostgres(template);
    await template.close();
  });

  afterAll(async () => {
    await Promise.all(opened.map((each) => each.close()));
    await admin?.close();
    await engine?.stop();
  });

  const createFrom = async (template: string) => {
    const database = `test_${randomBytes(6).toString('hex')}`;
    await admin.rows(`create database ${database} template ${template}`, []);
    return { ...engine.place, database };
  };
  const create = () => createFrom('template_store');
  return {
    createEmpty: () => createFrom('template0'),
    create,
    open: async () => {
      const postgres = openPostgres(await create(), () => undefined);
      opened.push(postgres);
      return postgres;
    },
  };
}

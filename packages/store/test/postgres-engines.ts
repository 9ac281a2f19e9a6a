import { afterAll, describe, inject, test } from 'vitest';
import { openPostgres, type Postgres, type PostgresOptions } from '../src/postgres/open-postgres.ts';
import { type ClonedDatabase, cloneDatabase } from './clone-database.ts';
import './shared-databases.ts';

export type TestPostgres = {
  /** An empty database. */
  createEmpty(): Promise<PostgresOptions>;
  /** A database with the newest schema, cloned from a template. */
  create(): Promise<PostgresOptions>;
  /** The same, already open; closed after the file's tests. */
  open(): Promise<Postgres>;
};

/**
 * Runs the same tests on the embedded PostgreSQL and on Debian's PostgreSQL 15, both started once for the run. A
 * missing Debian package skips its half loudly, and fails where everything is required.
 */
export function describeOnEveryPostgres(title: string, define: (postgres: TestPostgres) => void): void {
  const { embedded, debian } = inject('databases');
  describe(`${title}, embedded PostgreSQL`, () => define(useEngine(embedded)));
  if (debian !== undefined) {
    describe(`${title}, PostgreSQL 15 of Debian`, () => define(useEngine(debian)));
  } else if (process.env.TESTS_REQUIRE_ALL === '1') {
    test(`${title}, PostgreSQL 15 of Debian`, () => {
      throw new Error("Debian's package postgresql-15 is not installed, and TESTS_REQUIRE_ALL is 1.");
    });
  } else {
    // biome-ignore lint/suspicious/noConsole: a skipped half must be seen.
    console.warn(`SKIPPED: ${title}, because Debian's package postgresql-15 is not installed.`);
  }
}

function useEngine(engine: PostgresOptions): TestPostgres {
  const cloned: ClonedDatabase[] = [];
  const opened: Postgres[] = [];

  afterAll(async () => {
    await Promise.all(opened.map((each) => each.close()));
    await Promise.all(cloned.map((each) => each.drop()));
  });

  const createFrom = async (template: 'template_store' | 'template0') => {
    const clone = await cloneDatabase(engine, template);
    cloned.push(clone);
    return clone.place;
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

import { Kysely, PostgresDialect, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { MigrationFile } from '../read-migrations.ts';
import type { Postgres } from './open-postgres.ts';
import { toStoreError } from './to-store-error.ts';

/** An index on a large table takes its time; what blocks for longer than this is a mistake. */
const statementTimeoutMs = 1_800_000;

/** Runs those of the migrations that did not run yet, all or none, and names them. */
export async function runMigrations(postgres: Postgres, files: readonly MigrationFile[]): Promise<string[]> {
  const migrations = Object.fromEntries(
    files.map((file): [string, Migration] => [
      file.name,
      { up: async (db) => void (await sql.raw(file.sql).execute(db)) },
    ]),
  );
  const pool = postgres.openPool({ statementTimeoutMs, connectionsMax: 1 });
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
    const { error, results } = await migrator.migrateToLatest();
    if (error !== undefined) throw toStoreError(error);
    return (results ?? []).map((result) => result.migrationName);
  } finally {
    await db.destroy();
  }
}

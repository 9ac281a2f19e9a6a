import { randomBytes } from 'node:crypto';
import { openPostgres, type PostgresOptions } from '../src/postgres/open-postgres.ts';

export type ClonedDatabase = { place: PostgresOptions; drop(): Promise<void> };

/** A new database at `engine` like `template`: `template_store` has the newest schema, `template0` nothing. */
export async function cloneDatabase(
  engine: PostgresOptions,
  template: 'template_store' | 'template0',
): Promise<ClonedDatabase> {
  const database = `test_${randomBytes(6).toString('hex')}`;
  await run(engine, `create database ${database} template ${template}`);
  return {
    place: { ...engine, database },
    drop: () => run(engine, `drop database ${database} with (force)`),
  };
}

async function run(engine: PostgresOptions, sql: string): Promise<void> {
  const admin = openPostgres(engine, () => undefined);
  try {
    await admin.rows(sql, []);
  } finally {
    await admin.close();
  }
}

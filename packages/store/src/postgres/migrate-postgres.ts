import { readMigrations } from '../read-migrations.ts';
import type { Postgres } from './open-postgres.ts';

/**
 * Brings PostgreSQL to the newest schema, all or nothing, and names the migrations that ran. Runs under the
 * migration lock. What runs migrations is loaded only when there are some, because a start should be short.
 */
export async function migratePostgres(postgres: Postgres): Promise<string[]> {
  const files = await readMigrations(new URL('./migrations/', import.meta.url));
  const applied = await listApplied(postgres);
  if (applied.join() === files.map((file) => file.name).join()) return [];
  const { runMigrations } = await import('./run-migrations.ts');
  return runMigrations(postgres, files);
}

/** The names of the migrations that ran, in their order; none in an empty database. */
async function listApplied({ rows }: Postgres): Promise<string[]> {
  const [table] = await rows<{ name: string | null }>('select to_regclass($1) as name', ['kysely_migration']);
  if (table?.name == null) return [];
  const applied = await rows<{ name: string }>('select name from kysely_migration order by name', []);
  return applied.map(({ name }) => name);
}

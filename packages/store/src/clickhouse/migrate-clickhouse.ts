import { createHash } from 'node:crypto';
import { type MigrationFile, readMigrations } from '../read-migrations.ts';
import type { Clickhouse } from './open-clickhouse.ts';

/**
 * Brings ClickHouse to the newest schema and names the migrations that ran. ClickHouse has no transactions for
 * this, so the caller holds PostgreSQL's migration lock, and every statement can be repeated after a crash.
 */
export async function migrateClickhouse(clickhouse: Clickhouse, nowMs: () => number): Promise<string[]> {
  const files = await readMigrations(new URL('./migrations/', import.meta.url));
  await clickhouse.command(
    `CREATE TABLE IF NOT EXISTS schema_migrations (name String, digest String, applied_at DateTime64(3, 'UTC'))
    ENGINE = ReplacingMergeTree ORDER BY name SETTINGS non_replicated_deduplication_window = 100`,
  );
  const applied = await clickhouse.rows<{ name: string; digest: string }>(
    'SELECT name, digest FROM schema_migrations FINAL ORDER BY name LIMIT 10000',
    {},
  );
  const digests = new Map(applied.map((row) => [row.name, row.digest]));
  const ran: string[] = [];
  for (const file of files) {
    const digest = createHash('sha256').update(file.sql).digest('hex');
    const known = digests.get(file.name);
    if (known !== undefined && known !== digest) {
      throw new Error(`The migration ${file.name} of ClickHouse was edited after it ran.`);
    }
    if (known !== undefined) continue;
    for (const statement of statementsOf(file)) await clickhouse.command(statement);
    const row = { name: file.name, digest, applied_at: new Date(nowMs()).toISOString() };
    await clickhouse.insert('schema_migrations', {
      ndjson: Buffer.from(`${JSON.stringify(row)}\n`),
      token: file.name,
    });
    ran.push(file.name);
  }
  return ran;
}

/** ClickHouse takes one statement at a time; each ends with a semicolon at the end of a line. */
export function statementsOf(file: MigrationFile): string[] {
  return file.sql
    .split(/;[ \t]*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

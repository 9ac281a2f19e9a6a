import { dumpClickhouseSchema } from './clickhouse/dump-clickhouse-schema.ts';
import { migrateClickhouse } from './clickhouse/migrate-clickhouse.ts';
import { type ClickhouseOptions, openClickhouse } from './clickhouse/open-clickhouse.ts';
import { dumpPostgresSchema } from './postgres/dump-postgres-schema.ts';
import { migratePostgres } from './postgres/migrate-postgres.ts';
import { openPostgres, type PostgresOptions } from './postgres/open-postgres.ts';

/** Both schemas as text, after all migrations. The databases are empty before. */
export async function dumpSchemas(places: {
  postgres: PostgresOptions;
  clickhouse: ClickhouseOptions;
}): Promise<{ postgres: string; clickhouse: string }> {
  const postgres = openPostgres(places.postgres, () => undefined);
  const clickhouse = openClickhouse(places.clickhouse);
  try {
    await migratePostgres(postgres);
    await migrateClickhouse(clickhouse, () => 0);
    return {
      postgres: await dumpPostgresSchema(postgres),
      clickhouse: await dumpClickhouseSchema(clickhouse),
    };
  } finally {
    await clickhouse.close();
    await postgres.close();
  }
}

import type { Clickhouse } from './open-clickhouse.ts';

/** The schema as text: how ClickHouse itself would create each table of the current database. */
export async function dumpClickhouseSchema(clickhouse: Clickhouse): Promise<string> {
  const tables = await clickhouse.rows<{ statement: string }>(
    `SELECT formatQuery(create_table_query) AS statement FROM system.tables
    WHERE database = currentDatabase() ORDER BY name LIMIT 1000`,
    {},
  );
  return `${tables.map((table) => `${table.statement.replaceAll(/\b(CREATE (?:TABLE|MATERIALIZED VIEW)|TO|FROM) \w+\./g, '$1 ')};`).join('\n\n')}\n`;
}

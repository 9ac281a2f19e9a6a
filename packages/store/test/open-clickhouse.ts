/** A bare client, for tests of the connection itself. */
export { openClickhouse } from '../src/clickhouse/open-clickhouse.ts';

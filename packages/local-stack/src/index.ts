export { createSocketAgent } from './clickhouse/create-socket-agent.ts';
export {
  type LocalClickhouse,
  type LocalClickhouseOptions,
  openLocalClickhouse,
} from './clickhouse/open-local-clickhouse.ts';
export { findInstance, type Instance, openInstance } from './instance/open-instance.ts';
export type { RunRecord } from './instance/run-record.ts';
export type { Log } from './log.ts';
export {
  type LocalPostgres,
  type LocalPostgresOptions,
  openLocalPostgres,
} from './postgres/open-local-postgres.ts';
export type { SupervisionTiming } from './supervision/supervise.ts';

import { StoreError } from '../error.ts';
import type { Clickhouse } from './open-clickhouse.ts';

/** Waits between two looks at what ClickHouse is doing. */
export type Pause = () => Promise<void>;

const undoneSql = `SELECT mutation_id, latest_fail_reason FROM system.mutations
  WHERE database = currentDatabase() AND table = {table:String} AND is_done = 0 LIMIT 1000`;

type Table =
  | 'spans'
  | 'contents'
  | 'trace_index'
  | 'repriced'
  | 'scores'
  | 'span_parts'
  | 'gateway_calls'
  | 'gateway_claims'
  | 'ingest_losses'
  | 'hour_sums'
  | 'day_sums'
  | 'hour_changes'
  | 'hour_builds'
  | 'day_builds';

/**
 * Starts a change of a table's rows and resolves once every part is written anew. ClickHouse goes on with it through its own
 * restarts; one that fails is taken back, and the reason told.
 */
export function changeRows(clickhouse: Clickhouse, pause: Pause) {
  return async (
    table: Table,
    change: { sql: string; parameters: Readonly<Record<string, string | number>> },
  ): Promise<void> => {
    await clickhouse.write(change.sql, change.parameters);
    await untilDone(clickhouse, pause, table);
  };
}

async function untilDone(clickhouse: Clickhouse, pause: Pause, table: Table): Promise<void> {
  for (;;) {
    const undone = await clickhouse.rows<{ mutation_id: string; latest_fail_reason: string }>(undoneSql, {
      table,
    });
    if (undone.length === 0) return;
    const failed = undone.find(({ latest_fail_reason }) => latest_fail_reason !== '');
    if (failed !== undefined) {
      await clickhouse.write(
        'KILL MUTATION WHERE database = currentDatabase() AND table = {table:String} AND mutation_id = {id:String}',
        { table, id: failed.mutation_id },
      );
      throw new StoreError('store_limit', `ClickHouse could not change rows: ${failed.latest_fail_reason}`);
    }
    await pause();
  }
}

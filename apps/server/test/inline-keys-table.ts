import type { RelationalStore } from '@app/store';

type Table = RelationalStore['inlineKeys'];
type Row = Awaited<ReturnType<Table['listInlineKeys']>>[number];

/** The table of key pairs, in memory, as several servers would share it. */
export function createInlineKeysTable(rows: Row[] = []): Table & { rows: Row[]; reads: () => number } {
  let reads = 0;
  return {
    rows,
    reads: () => reads,
    insertInlineKey: async (row) => {
      if (rows.some(({ generation, kid }) => generation === row.generation || kid === row.kid)) return false;
      rows.push(row);
      return true;
    },
    listInlineKeys: async () => {
      reads += 1;
      return rows.toSorted((one, other) => other.generation - one.generation).slice(0, 2);
    },
    deleteExpiredInlineKeys: async ({ nowMs }) => {
      const newest = Math.max(...rows.map(({ generation }) => generation));
      const kept = rows.filter((row) => row.expiresAtMs > nowMs || row.generation === newest);
      rows.splice(0, rows.length, ...kept);
      return undefined;
    },
  };
}

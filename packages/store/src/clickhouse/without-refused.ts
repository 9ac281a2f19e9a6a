import { createHash } from 'node:crypto';
import type { OnRefused } from '@app/tracing';
import { ClickHouseError } from '@clickhouse/client';
import type { Clickhouse, InsertTable } from './open-clickhouse.ts';

/**
 * What ClickHouse answers of rows that it cannot read: texts, numbers, times, lists and JSON that are none, values that a column
 * cannot hold. Everything else is about it, its place or its time, and not about rows.
 */
const REFUSALS: ReadonlySet<string> = new Set([
  ...['6', '25', '26', '27', '38', '41', '53', '69', '70', '72', '117', '130', '131', '321', '349', '376'],
  ...['407', '441', '469', '675', '676', '691'],
]);

/** With more of them it is not the rows: the load fails whole, and nothing of it is given up. */
const REFUSED_MAX = 200;

/**
 * The same ClickHouse, into which rows can be put of which it refuses some: they are divided until those alone are left out that it
 * refuses, and each is told. A part is named by its own bytes, so that the same token stands for the same lines, however often it
 * is tried.
 */
export function withoutRefused(clickhouse: Clickhouse, onRefused: OnRefused): Clickhouse {
  return {
    ...clickhouse,
    insert: async (table, { ndjson, token }) => {
      for (const code of await insertAllBut(clickhouse, table, { ndjson, token })) onRefused({ table, code });
    },
  };
}

/** By which codes single rows were refused. */
async function insertAllBut(
  clickhouse: Clickhouse,
  table: InsertTable,
  rows: { ndjson: Buffer; token: string },
): Promise<string[]> {
  const refused: string[] = [];
  const insert = async (ndjson: Buffer, token: string): Promise<void> => {
    try {
      await clickhouse.insert(table, { ndjson, token });
    } catch (error) {
      if (!isRefusal(error) || refused.length >= REFUSED_MAX) throw error;
      const middle = middleOf(ndjson);
      if (middle === undefined) refused.push(error.code);
      else {
        for (const half of [ndjson.subarray(0, middle), ndjson.subarray(middle)])
          await insert(half, `${rows.token}-${createHash('sha256').update(half).digest('base64url')}`);
      }
    }
  };
  await insert(rows.ndjson, rows.token);
  return refused;
}

function isRefusal(error: unknown): error is ClickHouseError {
  return error instanceof ClickHouseError && REFUSALS.has(error.code);
}

const LINE_FEED = 10;

/** The end of a line near the middle; undefined for one line. */
function middleOf(ndjson: Buffer): number | undefined {
  const half = ndjson.length >> 1;
  const before = ndjson.lastIndexOf(LINE_FEED, half - 1);
  if (before !== -1) return before + 1;
  const after = ndjson.indexOf(LINE_FEED, half);
  return after === -1 || after + 1 >= ndjson.length ? undefined : after + 1;
}

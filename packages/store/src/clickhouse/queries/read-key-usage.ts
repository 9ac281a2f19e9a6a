import type { KeyUsage, KeyUsageList, KeyUsageRange } from '@app/contract';
import type { Clickhouse } from '../open-clickhouse.ts';
import { inputTokens, outputTokens, sumOf } from '../token-sums.ts';
import { writeMoney } from '../write-money.ts';

export type KeyUsageQuestion = {
  /** Ids of keys, at most 200. One that the project does not have has no usage. */
  keyIds: readonly string[];
  range: KeyUsageRange;
  /** Epoch milliseconds of the range's end. */
  nowMs: number;
};

const hourS = 3_600;

/** Buckets begin at multiples of their length since 1970; the last one is still filling. */
const ranges: Readonly<Record<KeyUsageRange, { bucketS: number; bucketCount: number }>> = {
  '24h': { bucketS: hourS, bucketCount: 24 },
  '7d': { bucketS: 6 * hourS, bucketCount: 28 },
  '30d': { bucketS: 24 * hourS, bucketCount: 30 },
};

const keysMax = 200;

/** What the calls of some keys of a project add up to, each key's totals and buckets; in the order they were asked for. */
export function readKeyUsage(clickhouse: Clickhouse) {
  return async (projectId: string, question: KeyUsageQuestion): Promise<KeyUsageList> => {
    const { bucketS, bucketCount } = ranges[question.range];
    const firstS = (Math.floor(question.nowMs / 1000 / bucketS) - bucketCount + 1) * bucketS;
    const times = Array.from({ length: bucketCount }, (_, index) => firstS + index * bucketS);
    const keyIds = [...new Set(question.keyIds)].slice(0, keysMax);
    const rows =
      keyIds.length === 0
        ? []
        : await clickhouse.rows<BucketRow>(bucketsSql, {
            project_id: projectId,
            key_ids: keyIds.join(','),
            from_nanos: nanos(firstS * 1000),
            to_nanos: nanos(question.nowMs),
            bucket_s: bucketS,
          });
    return {
      from: new Date(firstS * 1000).toISOString(),
      to: new Date(question.nowMs).toISOString(),
      times,
      data: keyIds.map((id) => usageOf(id, times, rows)),
    };
  };
}

type BucketRow = { key_id: string } & {
  [name in 'bucket' | 'calls' | 'failed' | 'input' | 'output' | 'nanos' | 'last_nanos']: string;
};

const bucketsSql = `SELECT key_id,
    intDiv(toUnixTimestamp(started_at), {bucket_s:UInt32}) * {bucket_s:UInt32} AS bucket,
    count() AS calls, countIf(outcome = 'failed') AS failed, sum(cost_nanos) AS nanos,
    ${sumOf(inputTokens)} AS input, ${sumOf(outputTokens)} AS output,
    max(toUnixTimestamp64Nano(started_at)) AS last_nanos
  FROM spans FINAL
  WHERE project_id = {project_id:String} AND kind = 'call'
    AND key_id IN (SELECT arrayJoin(splitByChar(',', {key_ids:String})) AS id LIMIT ${keysMax})
    AND started_at >= fromUnixTimestamp64Nano({from_nanos:Int64}, 'UTC')
    AND started_at <= fromUnixTimestamp64Nano({to_nanos:Int64}, 'UTC')
  GROUP BY key_id, bucket ORDER BY key_id, bucket LIMIT 6200`;

function usageOf(keyId: string, times: readonly number[], rows: readonly BucketRow[]): KeyUsage {
  const own = new Map(rows.filter((row) => row.key_id === keyId).map((row) => [Number(row.bucket), row]));
  const series = (read: (row: BucketRow) => number) =>
    times.map((time) => {
      const row = own.get(time);
      return row === undefined ? 0 : read(row);
    });
  const total = (name: 'calls' | 'failed' | 'input' | 'output' | 'nanos') =>
    [...own.values()].reduce((sum, row) => sum + BigInt(row[name]), 0n);
  const lastNanos = [...own.values()].reduce((last, row) => Math.max(last, Number(row.last_nanos)), 0);
  return {
    key_id: keyId,
    requests: Number(total('calls')),
    errors: Number(total('failed')),
    input_tokens: Number(total('input')),
    output_tokens: Number(total('output')),
    cost: writeMoney(total('nanos')),
    last_call_at: lastNanos === 0 ? null : new Date(Math.floor(lastNanos / 1e6)).toISOString(),
    series: {
      requests: series((row) => Number(row.calls)),
      errors: series((row) => Number(row.failed)),
      tokens: series((row) => Number(row.input) + Number(row.output)),
      cost_nanos: series((row) => Number(row.nanos)),
    },
  };
}

function nanos(epochMs: number): string {
  return `${Math.max(0, Math.trunc(epochMs))}000000`;
}

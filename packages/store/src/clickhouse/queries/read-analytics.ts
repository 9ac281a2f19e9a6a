import type { Clickhouse } from '../open-clickhouse.ts';
import { cacheReadTokens, inputTokens, outputTokens, sumOf } from '../token-sums.ts';

/** Epoch milliseconds; `fromMs` belongs to the range, `toMs` does not. */
export type AnalyticsQuestion = { fromMs: number; toMs: number; mode: 'live' | 'test' };

/** What a project's calls add up to. Rates are 0 to 1; `calls` by model leaves out what never reached one. */
export type Analytics = {
  calls: number;
  failed: number;
  tokens: number;
  costNanos: number;
  latencyMeanMs: number;
  /** The share of input tokens that providers read from their prompt caches. */
  cacheReadRate: number;
  callsByModel: { [model: string]: number };
};

const modelsMax = 1_000;

/** Totals of a project's calls over a range. */
export function readAnalytics(clickhouse: Clickhouse) {
  return async (projectId: string, { fromMs, toMs, mode }: AnalyticsQuestion): Promise<Analytics> => {
    const scope = { project_id: projectId, from_nanos: nanos(fromMs), to_nanos: nanos(toMs), mode };
    const [totals, models] = await Promise.all([
      clickhouse.rows<TotalsRow>(totalsSql, scope),
      clickhouse.rows<ModelRow>(modelsSql, scope),
    ]);
    const [row] = totals;
    const calls = Number(row?.calls ?? 0);
    const input = Number(row?.input ?? 0);
    return {
      calls,
      failed: Number(row?.failed ?? 0),
      tokens: input + Number(row?.output ?? 0),
      costNanos: Number(row?.nanos ?? 0),
      latencyMeanMs: calls === 0 ? 0 : Number(row?.total_us ?? 0) / calls / 1000,
      cacheReadRate: input === 0 ? 0 : Number(row?.cache_read ?? 0) / input,
      callsByModel: Object.fromEntries(models.map(({ model, calls }) => [model, Number(calls)])),
    };
  };
}

type TotalsRow = {
  [name in 'calls' | 'failed' | 'input' | 'output' | 'cache_read' | 'nanos' | 'total_us']: string;
};
type ModelRow = { model: string; calls: string };

const where = `project_id = {project_id:String} AND kind = 'call' AND mode = {mode:String}
    AND started_at >= fromUnixTimestamp64Nano({from_nanos:Int64}, 'UTC')
    AND started_at < fromUnixTimestamp64Nano({to_nanos:Int64}, 'UTC')`;

const totalsSql = `SELECT count() AS calls, countIf(outcome = 'failed') AS failed, sum(cost_nanos) AS nanos,
    ${sumOf(inputTokens)} AS input, ${sumOf(outputTokens)} AS output, ${sumOf(cacheReadTokens)} AS cache_read,
    sum(duration_us) AS total_us
  FROM spans FINAL WHERE ${where} LIMIT 1`;

const modelsSql = `SELECT model, count() AS calls FROM spans FINAL WHERE ${where} AND model != ''
  GROUP BY model ORDER BY calls DESC, model LIMIT ${modelsMax}`;

function nanos(epochMs: number): string {
  return `${Math.max(0, Math.trunc(epochMs))}000000`;
}

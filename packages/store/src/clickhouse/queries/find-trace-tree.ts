import type { TraceTree, TreeSpan } from '@app/contract';
import type { Clickhouse } from '../open-clickhouse.ts';
import { addUp, inputTokens, outputTokens } from '../token-sums.ts';
import { findTraceBounds, withinTrace } from '../trace-bounds.ts';
import { writeMoney } from '../write-money.ts';

const spansMax = 50_000;

/** All spans of a trace without their content, in order of start; `undefined` when the project has none of this id. */
export function findTraceTree(clickhouse: Clickhouse) {
  return async (projectId: string, traceId: string): Promise<Omit<TraceTree, 'scores'> | undefined> => {
    const bounds = await findTraceBounds(clickhouse, projectId, traceId);
    if (bounds === undefined) return undefined;
    const [[whole], rows] = await Promise.all([
      clickhouse.rows<WholeRow>(wholeSql, bounds),
      clickhouse.rows<TreeRow>(treeSql, bounds),
    ]);
    if (whole === undefined || whole.span_count === '0') return undefined;
    const first = BigInt(whole.first_nanos);
    return {
      trace_id: traceId,
      name: whole.trace_name || whole.root_name,
      started_at: whole.first_at,
      duration_us: Number((BigInt(whole.last_nanos) - first) / 1000n),
      span_count: Number(whole.span_count),
      is_cut: Number(whole.span_count) > rows.length,
      cost: writeMoney(whole.cost_nanos),
      input_tokens: Number(whole.input_tokens),
      output_tokens: Number(whole.output_tokens),
      user_id: whole.user_id || null,
      session_id: whole.session_id || null,
      environment: whole.environment,
      release: whole.release || null,
      tags: whole.tags,
      spans: rows.map((row) => readTreeSpan(row, first)),
    };
  };
}

type WholeRow = {
  [name in 'span_count' | 'first_nanos' | 'last_nanos' | 'cost_nanos' | 'input_tokens']: string;
} & {
  [name in 'output_tokens' | 'first_at' | 'trace_name' | 'root_name' | 'user_id' | 'session_id']: string;
} & { environment: string; release: string; tags: string[] };

/** Calls of a model are what is counted and paid. */
const wholeSql = `SELECT count() AS span_count, min(started_at) AS first_at,
    toUnixTimestamp64Nano(min(started_at)) AS first_nanos, toUnixTimestamp64Nano(max(ended_at)) AS last_nanos,
    sumIf(cost_nanos, kind = 'call') AS cost_nanos, sumIf(${addUp(inputTokens)}, kind = 'call') AS input_tokens,
    sumIf(${addUp(outputTokens)}, kind = 'call') AS output_tokens, max(trace_name) AS trace_name,
    argMin(name, (parent_span_id != '', kind != 'call', started_at)) AS root_name,
    argMin(environment, (parent_span_id != '', started_at)) AS environment,
    max(user_id) AS user_id, max(session_id) AS session_id, max(release) AS release,
    arraySort(groupUniqArrayArray(50)(tags)) AS tags
  FROM spans FINAL PREWHERE ${withinTrace} LIMIT 1`;

type TreeRow = Pick<TreeSpan, 'span_id' | 'kind' | 'type' | 'source' | 'name' | 'outcome' | 'cost_label'> & {
  [name in 'parent' | 'at' | 'took' | 'model' | 'input' | 'output' | 'nanos']: string;
} & { ttft: string | null };

const treeSql = `SELECT span_id, parent_span_id AS parent, kind, type, source, name,
    toUnixTimestamp64Nano(started_at) AS at, duration_us AS took, ttft_us AS ttft, outcome, model,
    ${addUp(inputTokens)} AS input, ${addUp(outputTokens)} AS output, cost_nanos AS nanos, cost_label
  FROM spans FINAL PREWHERE ${withinTrace} ORDER BY started_at, span_id LIMIT ${spansMax}`;

function readTreeSpan(row: TreeRow, first: bigint): TreeSpan {
  return {
    span_id: row.span_id,
    parent_span_id: row.parent || null,
    kind: row.kind,
    type: row.type,
    source: row.source,
    name: row.name,
    offset_us: Number((BigInt(row.at) - first) / 1000n),
    duration_us: Number(row.took),
    ttft_us: row.ttft === null ? null : Number(row.ttft),
    outcome: row.outcome,
    model: row.model || null,
    input_tokens: Number(row.input),
    output_tokens: Number(row.output),
    cost_nanos: Number(row.nanos),
    cost_label: row.cost_label,
  };
}

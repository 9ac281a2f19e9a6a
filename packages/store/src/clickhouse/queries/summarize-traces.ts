import type { TraceSummary } from '@app/contract';
import { atListedTraces, listPlaces, type TracePlace } from '../listed-spans.ts';
import type { Clickhouse } from '../open-clickhouse.ts';
import { readSummary, type SummaryRow } from '../span-row.ts';
import { addUp, inputTokens, outputTokens } from '../token-sums.ts';

/** A trace and the nanoseconds between which its spans lie. */
export type BegunTrace = { trace_id: string; first_nanos: string; last_nanos: string };

const hourS = 3_600;
/** Traces that last for many hours together are looked for between their ends instead of hour by hour. */
const placesMax = 4_000;

/** What the spans of some traces add up to, as lines of a list, in the order of the traces; one that is gone is left out. */
export function summarizeTraces(clickhouse: Clickhouse) {
  return async (projectId: string, traces: readonly BegunTrace[]): Promise<TraceSummary[]> => {
    if (traces.length === 0) return [];
    const { where, parameters } = placesOf(traces);
    const rows = await clickhouse.rows<WholeRow>(wholeSql(where('s.')), {
      ...parameters,
      project_id: projectId,
    });
    const byId = new Map(rows.map((row) => [row.trace_id, row]));
    return traces.flatMap(({ trace_id }) => {
      const row = byId.get(trace_id);
      return row === undefined ? [] : [readWhole(row)];
    });
  };
}

/** Where spans of traces are looked for: a condition for PREWHERE after the project's, and what is bound to it. */
export function placesOf(traces: readonly BegunTrace[]) {
  const places: TracePlace[] = [];
  for (const { trace_id, first_nanos, last_nanos } of traces) {
    const end = Number(BigInt(last_nanos) / 1_000_000_000n);
    let hour_s = Math.floor(Number(BigInt(first_nanos) / 1_000_000_000n) / hourS) * hourS;
    for (; hour_s <= end && places.length <= placesMax; hour_s += hourS) places.push({ hour_s, trace_id });
  }
  const isShort = places.length <= placesMax;
  const ids = traces.map((trace) => trace.trace_id).join(',');
  return {
    where: (of: '' | 's.') => (isShort ? atListedTraces(of) : ofListedTraces(of)),
    parameters: { ...boundsOf(traces), ...(isShort ? listPlaces(places) : { traces: ids }) },
  };
}

function boundsOf(traces: readonly BegunTrace[]) {
  const firsts = traces.map((trace) => BigInt(trace.first_nanos));
  const lasts = traces.map((trace) => BigInt(trace.last_nanos));
  const first = firsts.reduce((least, each) => (each < least ? each : least));
  const last = lasts.reduce((most, each) => (each > most ? each : most));
  return { first_nanos: first.toString(), last_nanos: last.toString() };
}

const ofListedTraces = (of: string) =>
  `${of}trace_id IN (SELECT arrayJoin(splitByChar(',', {traces:String})) AS id LIMIT 20000)`;

type WholeRow = SummaryRow & { span_count: string; failed_count: string };

const isCall = `s.kind = 'call'`;
const tokens = (columns: readonly string[]) => `sumIf(${addUp(columns, 's.')}, ${isCall})`;

/** The root tells of a trace; where it never came, the first call, or else the first span. */
const first = (column: string) =>
  `argMin(s.${column}, (s.parent_span_id != '', s.kind != 'call', s.started_at, s.span_id)) AS ${column}`;
/** The root's own, or where it has none that of the first call, or of the last. */
const told = (column: string, order: 'argMinIf' | 'argMaxIf' = 'argMinIf') =>
  `if(argMin(s.${column}, (s.parent_span_id != '', s.started_at)) != '',
      argMin(s.${column}, (s.parent_span_id != '', s.started_at)),
      ${order}(s.${column}, s.started_at, s.${column} != '')) AS ${column}`;
const largest = (column: string) => `max(s.${column}) AS ${column}`;

const wholeSql = (where: string) => `SELECT s.trace_id AS trace_id,
    if(max(s.trace_name) != '', max(s.trace_name), argMin(s.name, (s.parent_span_id != '', s.started_at))) AS name,
    min(s.started_at) AS started_at, toUnixTimestamp64Nano(min(s.started_at)) AS started_nanos,
    intDiv(toUnixTimestamp64Nano(max(s.ended_at)) - toUnixTimestamp64Nano(min(s.started_at)), 1000) AS duration_us,
    argMin(tuple(s.ttft_us), (s.parent_span_id != '', s.started_at)).1 AS ttft_us,
    argMin(tuple(s.output_cap), (s.parent_span_id != '', s.started_at)).1 AS output_cap,
    ${['span_id', 'parent_span_id', 'request_id', 'status', 'error_code', 'stream', 'mode'].map(first).join(', ')},
    ${['environment', 'key_id', 'type', 'source', 'service', 'release'].map(first).join(', ')},
    ${['limit_refused', 'limit_refused_name', 'limit_routed', 'limit_routed_name'].map(first).join(', ')},
    ${['user_id', 'session_id', 'prompt_name', 'prompt_version'].map(largest).join(', ')},
    ${told('provider')}, ${told('model')}, ${told('model_asked')},
    ${told('input_preview')}, ${told('output_preview', 'argMaxIf')},
    arraySort(groupUniqArrayArray(50)(s.tags)) AS tags,
    ${tokens(inputTokens)} AS input_tokens, ${tokens(outputTokens)} AS output_tokens,
    sumIf(s.cost_nanos, ${isCall}) AS cost_nanos,
    multiIf(countIf(${isCall} AND s.cost_label = 'unknown') > 0, 'unknown',
      countIf(${isCall} AND s.cost_label = 'estimated') > 0, 'estimated',
      countIf(${isCall} AND s.cost_label = 'sandbox') > 0, 'sandbox', 'exact') AS cost_label,
    toJSONString(sumMap(JSONExtract(s.redactions, 'Map(String, UInt64)'))) AS redactions,
    count() AS span_count, countIf(s.outcome = 'failed') AS failed_count
  FROM spans AS s FINAL
  PREWHERE s.project_id = {project_id:String} AND ${where}
  WHERE s.started_at >= fromUnixTimestamp64Nano({first_nanos:Int64}, 'UTC')
    AND s.started_at <= fromUnixTimestamp64Nano({last_nanos:Int64}, 'UTC')
  GROUP BY s.trace_id LIMIT 200`;

function readWhole({ span_count, failed_count, ...row }: WholeRow): TraceSummary {
  return { ...readSummary(row), span_count: Number(span_count), failed_count: Number(failed_count) };
}

import type { RepricedSpan } from '../../repricing.ts';
import type { Clickhouse } from '../open-clickhouse.ts';

export type RepricingBatch = { repricingId: string; batch: number };

/** Keeps what a batch changes, before any span changes. The same batch again changes nothing. */
export function stageRepriced(clickhouse: Clickhouse) {
  return async (
    projectId: string,
    at: RepricingBatch & { spans: readonly RepricedSpan[] },
  ): Promise<void> => {
    const { repricingId, batch, spans } = at;
    if (spans.length === 0) return;
    const lines = spans.map((span) => JSON.stringify(rowOf(projectId, at, span)));
    const ndjson = Buffer.from(`${lines.join('\n')}\n`);
    await clickhouse.insert('repriced', { ndjson, token: `${repricingId}-${batch}` });
  };
}

function rowOf(projectId: string, { repricingId, batch }: RepricingBatch, span: RepricedSpan) {
  const { before, after } = span;
  return {
    project_id: projectId,
    repricing_id: repricingId,
    batch,
    trace_id: span.traceId,
    span_id: span.spanId,
    started_at: timeOf(span.startedNanos),
    version: span.version,
    cost_nanos: after.nanos,
    cost_label: after.label,
    price_version: after.priceVersion,
    before_nanos: before.nanos,
    before_label: before.label,
    before_price_version: before.priceVersion,
  };
}

/** RFC 3339 with nanoseconds. */
function timeOf(nanosText: string): string {
  const nanos = BigInt(nanosText);
  const seconds = new Date(Number(nanos / 1_000_000_000n) * 1_000).toISOString().slice(0, 19);
  return `${seconds}.${(nanos % 1_000_000_000n).toString().padStart(9, '0')}Z`;
}

/**
 * Writes a staged batch into the spans, inside ClickHouse: contents are copied there and not read. Spans that have this
 * version already, or a later one, stay as they are, so the same batch again changes nothing.
 */
export function applyRepriced(clickhouse: Clickhouse) {
  return async (projectId: string, { repricingId, batch }: RepricingBatch): Promise<void> => {
    const scope = { project_id: projectId, repricing_id: repricingId, batch };
    await clickhouse.write(applySql, scope);
  };
}

/** More than the spans of any batch. */
const spansMax = 50_000;

const staged = `repriced FINAL WHERE project_id = {project_id:String} AND repricing_id = {repricing_id:String}
      AND batch = {batch:UInt32}`;

const applySql = `INSERT INTO spans SELECT s.* REPLACE (r.new_version AS version, r.new_nanos AS cost_nanos,
      r.new_label AS cost_label, r.new_price_version AS price_version)
  FROM (SELECT * FROM spans FINAL WHERE project_id = {project_id:String}
      AND started_at >= (SELECT min(started_at) FROM ${staged})
      AND started_at <= (SELECT max(started_at) FROM ${staged})
      AND (trace_id, span_id) IN (SELECT trace_id, span_id FROM ${staged})) AS s
  INNER JOIN (SELECT trace_id, span_id, started_at, version AS new_version, cost_nanos AS new_nanos, cost_label AS new_label,
      price_version AS new_price_version FROM ${staged}) AS r
    ON s.trace_id = r.trace_id AND s.span_id = r.span_id AND s.started_at = r.started_at
  WHERE r.new_version > s.version LIMIT ${spansMax}`;

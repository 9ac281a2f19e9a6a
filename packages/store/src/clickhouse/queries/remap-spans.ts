import { createHash } from 'node:crypto';
import type { StoredSpanRow } from '@app/tracing';
import type { RepricingCursor } from '../../repricing.ts';
import type { Clickhouse } from '../open-clickhouse.ts';

export type RemappableQuestion = {
  /** Epoch milliseconds of the spans' start; `fromMs` belongs to the range, `toMs` does not. */
  fromMs: number;
  toMs: number;
  /** Only spans that an older mapping than this one filled. */
  belowVersion: number;
};

/** How many spans of OpenTelemetry a range has that an older mapping filled. */
export function countRemappable(clickhouse: Clickhouse) {
  return async (projectId: string, question: RemappableQuestion): Promise<number> => {
    const [row] = await clickhouse.rows<{ spans: string }>(countSql, scopeOf(projectId, question, undefined));
    return Number(row?.spans ?? 0);
  };
}

/** A batch of them, whole, in the order in which they are stored, with the contents that their attributes speak of. */
export function listRemappable(clickhouse: Clickhouse) {
  return async (
    projectId: string,
    question: RemappableQuestion & { after: RepricingCursor | undefined },
  ): Promise<{ rows: StoredSpanRow[]; contents: Map<string, string>; next: RepricingCursor | undefined }> => {
    const scope = scopeOf(projectId, question, question.after);
    const found = await clickhouse.rows<StoredSpanRow & { hour_s: number }>(rowsSql, scope);
    const last = found.at(-1);
    if (last === undefined) return { rows: [], contents: new Map(), next: undefined };
    const bounds = { ...scope, last_hour: last.hour_s, last_trace: last.trace_id, last_span: last.span_id };
    const pieces = await clickhouse.rows<{ digest: string; content: string }>(contentsSql, bounds);
    const next = { hourS: last.hour_s, traceId: last.trace_id, spanId: last.span_id };
    return {
      rows: found.map(({ hour_s: _, ...row }) => row as StoredSpanRow),
      contents: new Map(pieces.map(({ digest, content }) => [digest, content])),
      next: found.length < batchSpans ? undefined : next,
    };
  };
}

/** Writes rows that were filled anew. The same rows again change nothing. */
export function writeRemapped(clickhouse: Clickhouse) {
  return async (remappingId: string, rows: readonly StoredSpanRow[]): Promise<void> => {
    if (rows.length === 0) return;
    const ndjson = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const digest = createHash('sha256').update(ndjson).digest('base64url');
    await clickhouse.insert('spans', { ndjson, token: `${remappingId}-${digest}` });
  };
}

/** Spans of one batch; an agent's history may be a megabyte each. */
const batchSpans = 100;

const ranged = `source = 'otlp' AND attributes != '' AND mapping_version < {below_version:UInt32}
    AND started_at >= fromUnixTimestamp64Nano({from_nanos:Int64}, 'UTC')
    AND started_at < fromUnixTimestamp64Nano({to_nanos:Int64}, 'UTC')
    AND (toUnixTimestamp(toStartOfHour(started_at)) > {after_hour:UInt32}
      OR (toUnixTimestamp(toStartOfHour(started_at)) = {after_hour:UInt32} AND (trace_id > {after_trace:String}
        OR (trace_id = {after_trace:String} AND span_id > {after_span:String}))))`;

const countSql = `SELECT count() AS spans FROM spans FINAL WHERE project_id = {project_id:String} AND ${ranged} LIMIT 1`;

const rowsSql = `SELECT *, toUnixTimestamp(toStartOfHour(started_at)) AS hour_s FROM spans FINAL
  WHERE project_id = {project_id:String} AND ${ranged}
  ORDER BY toStartOfHour(started_at), trace_id, span_id LIMIT ${batchSpans}`;

const contentsSql = `SELECT digest, any(content) AS content FROM contents WHERE project_id = {project_id:String}
    AND digest IN (SELECT arrayJoin(content_digests) FROM spans FINAL
      WHERE project_id = {project_id:String} AND ${ranged}
        AND (toUnixTimestamp(toStartOfHour(started_at)) < {last_hour:UInt32}
          OR (toUnixTimestamp(toStartOfHour(started_at)) = {last_hour:UInt32} AND (trace_id < {last_trace:String}
            OR (trace_id = {last_trace:String} AND span_id <= {last_span:String})))))
  GROUP BY digest LIMIT 50000`;

function scopeOf(projectId: string, question: RemappableQuestion, after: RepricingCursor | undefined) {
  const { fromMs, toMs, belowVersion } = question;
  const from = after === undefined ? fromMs : Math.max(fromMs, after.hourS * 1_000);
  return {
    project_id: projectId,
    from_nanos: nanos(from),
    to_nanos: nanos(toMs),
    below_version: belowVersion,
    after_hour: after?.hourS ?? 0,
    after_trace: after?.traceId ?? '',
    after_span: after?.spanId ?? '',
  };
}

function nanos(epochMs: number): string {
  return (BigInt(Math.floor(epochMs)) * 1_000_000n).toString();
}

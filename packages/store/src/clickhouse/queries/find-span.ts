import type { Span, SpanDetails, Trace } from '@app/contract';
import type { BilledSpan } from '../../repricing.ts';
import type { Clickhouse } from '../open-clickhouse.ts';
import { type BilledRow, billedColumns, readBilledSpan } from '../priced-span.ts';
import { resolveContents } from '../resolve-contents.ts';
import { readSpanContent } from '../span-content.ts';
import { readLosses, readPrompt, readRedactions, readSpan, type SpanRow, spanColumns } from '../span-row.ts';
import { findTraceBounds, withinTrace } from '../trace-bounds.ts';

type Own = Omit<SpanDetails, keyof Span | 'evidence' | 'scores' | 'request' | 'reply' | 'attributes'>;

/** A span as it is stored. What its attributes mean, and how its cost came about, is for others to say. */
export type FoundSpan = {
  span: Span & Own;
  billed: BilledSpan;
  /** What the sender says it cost. */
  givenNanos: string | null;
  request: Trace['request'];
  reply: Trace['reply'];
  /** What was received; null for the gateway's own. */
  attributes: Trace['request'];
};

/** One span with its content, or `undefined` when the trace has none of this id. */
export function findSpan(clickhouse: Clickhouse) {
  return async (projectId: string, traceId: string, spanId: string): Promise<FoundSpan | undefined> => {
    const bounds = await findTraceBounds(clickhouse, projectId, traceId);
    if (bounds === undefined) return undefined;
    const [[row], content] = await Promise.all([
      clickhouse.rows<FoundRow>(spanSql, { ...bounds, span_id: spanId }),
      readSpanContent(clickhouse, bounds, spanId),
    ]);
    if (row === undefined) return undefined;
    const { contents } = content;
    return {
      span: { ...readSpan(row), ...readOwn(row) },
      billed: readBilledSpan(row),
      givenNanos: row.given_cost_nanos,
      request: resolveContents(content.request, contents),
      reply: resolveContents(content.reply, contents),
      attributes: resolveContents(content.attributes, contents),
    };
  };
}

type FoundRow = SpanRow &
  BilledRow & {
    kind: Span['kind'];
    [name: string]: unknown;
    trace_name: string;
    gateway_request_id: string;
    tool_name: string;
    finish_reason: string;
    given_cost_nanos: string | null;
    convention: string;
    mapping_version: number;
    received_at: string;
  };

const spanSql = `SELECT ${spanColumns}, ${billedColumns}, trace_name, gateway_request_id, tool_name, finish_reason,
    given_cost_nanos, convention, mapping_version, received_at
  FROM spans FINAL PREWHERE ${withinTrace} AND span_id = {span_id:String}
  ORDER BY source != 'gateway', started_at LIMIT 1`;

function readOwn(row: FoundRow): Own {
  return {
    trace_id: row.trace_id,
    trace_name: row.trace_name || null,
    request_id: row.request_id || null,
    gateway_request_id: row.gateway_request_id || null,
    key_id: row.key_id,
    model_asked: row.model_asked || null,
    route: row.route,
    dialect: row.dialect,
    stream: row.stream,
    environment: row.environment,
    service: row.service || null,
    release: row.release || null,
    user_id: row.user_id || null,
    session_id: row.session_id || null,
    tags: row.tags,
    prompt: readPrompt(row),
    tool_name: row.tool_name || null,
    finish_reason: row.finish_reason || null,
    losses: readLosses(row.losses),
    capture: row.capture,
    redactions: readRedactions(row.redactions),
    convention: row.convention || null,
    mapping_version: row.mapping_version,
    // What was stored before it was noted has the beginning of the epoch there.
    received_at: row.received_at.startsWith('1970-01-01') ? null : row.received_at,
  };
}

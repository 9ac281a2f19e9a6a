import type { FilledColumns, SpanRow } from './ports.ts';
import type { BatchHead, ReceivedSpan } from './received/received-span.ts';
import { billingColumns, limitColumns, microsOf, timeOf, usageColumns } from './span-columns.ts';

/** What received spans of every format have in common. */
export function receivedColumns(span: ReceivedSpan, head: BatchHead): FilledColumns {
  const { startedAtMs, endedAtMs } = span;
  const columns: FilledColumns = {
    organization_id: head.organizationId,
    project_id: head.projectId,
    trace_id: span.traceId,
    span_id: span.spanId,
    // The same span that ended later is the newer one, and one that is sent again is the same.
    version: receivedVersion(endedAtMs),
    kind: 'step',
    source: span.source,
    type: 'span',
    name: span.name.slice(0, NAME_CHARS_MAX),
    key_id: head.keyId,
    mode: head.mode,
    environment: head.environment,
    started_at: timeOf(startedAtMs),
    ended_at: timeOf(endedAtMs),
    duration_us: microsOf(endedAtMs - startedAtMs),
    outcome: 'ok',
    cost_label: 'exact',
    usage_estimated: false,
    capture: head.capture,
    received_at: new Date(head.receivedAtMs).toISOString(),
  };
  if (span.parentSpanId !== '') columns.parent_span_id = span.parentSpanId;
  const redactions = redactionsOf(span.source === 'otlp' ? span.redactions : undefined);
  if (redactions !== '') columns.redactions = redactions;
  return columns;
}

/**
 * The version of what a sender said at this time. Those of the gateway's own rows are epoch milliseconds: whatever is sent
 * lies so far behind them that a span with the ids of a call of the gateway never takes its place.
 */
export function receivedVersion(atMs: number): number {
  return Math.max(1, Math.trunc(atMs) - BEHIND_MS);
}

/** Less than the age of what may be sent, and more than the gateway's age for the next decades. */
const BEHIND_MS = 1_500_000_000_000;

const NAME_CHARS_MAX = 200;

/** JSON of the counts; empty when nothing was taken out. */
export function redactionsOf(counts: { [type: string]: number } | undefined): string {
  return counts === undefined || Object.keys(counts).length === 0 ? '' : JSON.stringify(counts);
}

/** A row of which nothing is known. */
export function emptySpanRow(): SpanRow {
  return {
    ...{ organization_id: '', project_id: '', trace_id: '', span_id: '', parent_span_id: '', version: 1 },
    ...{ kind: 'step', source: 'langfuse', type: 'span', name: '', key_id: '', mode: 'live' },
    ...{ environment: '', started_at: '', ended_at: '', duration_us: 0, capture: 'full' },
    ...{ trace_name: '', request_id: '', gateway_request_id: '', service: '', release: '' },
    ...{ user_id: '', session_id: '', route: '', dialect: '', stream: false, ttft_us: null },
    ...{ status: 0, error_code: '', error_message: '', provider: '', model: '', model_asked: '' },
    ...{ credential: '', prompt_name: '', prompt_version: '', prompt_digest: '', tool_name: '' },
    ...{ finish_reason: '', losses: '', request: '', reply: '', attributes: '', convention: '' },
    ...{ mapping_version: 0, input_preview: '', output_preview: '', price_version: '' },
    ...{ cost_nanos: 0, given_cost_nanos: null, outcome: 'ok', cost_label: 'exact' },
    ...{ received_at: '1970-01-01T00:00:00.000Z', redactions: '', tags: [], content_digests: [] },
    ...limitColumns(undefined),
    ...usageColumns({}),
    ...billingColumns(undefined),
  };
}

/** The row without its empty columns. */
export function dropEmpty(row: SpanRow): FilledColumns {
  const filled: { [column: string]: unknown } = {};
  for (const [column, value] of Object.entries(row)) {
    if (value === '' || value === null || (Array.isArray(value) && value.length === 0)) continue;
    filled[column] = value;
  }
  return filled as FilledColumns;
}

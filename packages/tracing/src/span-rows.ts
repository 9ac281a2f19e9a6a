import type { Cost } from '@app/providers';
import type { CallHead, RecordedCall } from './call-record.ts';
import type { AttemptSpan } from './call-span.ts';
import { type DigestOf, type ExtractedContents, extractContents } from './contents.ts';
import type { SpanRow, TraceIndexRow } from './ports.ts';
import { previewInput, previewOutput } from './preview.ts';
import { redactionsOf } from './received-columns.ts';
import { billingColumns, limitColumns, microsOf, timeOf, usageColumns } from './span-columns.ts';

/** What a call becomes in the trace store. The first span is the call's, the others its attempts'. */
export type CallRows = {
  spans: SpanRow[];
  traceIndex: TraceIndexRow;
  contents: ExtractedContents['contents'];
};

const ERROR_CHARS_MAX = 4000;

/** Builds the rows of a call. The same call always gives the same rows. Throws when the record makes no sense. */
export function buildCallRows(recorded: RecordedCall, digestOf: DigestOf): CallRows {
  const { head, request, reply } = recorded;
  const sent = request === '' ? undefined : extractContents(request, digestOf);
  const came = reply === '' ? undefined : extractContents(reply, digestOf);
  const contents = [...(sent?.contents ?? []), ...(came?.contents ?? [])];
  const call: SpanRow = {
    ...sharedColumns(head),
    ...outcomeColumns(head),
    ...usageColumns(head.usage),
    ...billingColumns(head.attempts.at(-1)?.billing),
    ...costColumns(head.cost),
    ...limitColumns(head.limits),
    ...ownColumns(),
    span_id: head.spanId,
    parent_span_id: head.parentSpanId ?? '',
    kind: 'call',
    name: head.route,
    status: head.status,
    outcome: outcomeOf(head),
    provider: head.provider ?? '',
    model: head.model ?? '',
    credential: head.attempts.at(-1)?.credential ?? '',
    tags: [...(head.tags ?? [])],
    losses: JSON.stringify(head.losses),
    capture: captureOf(recorded, contents.length),
    redactions: redactionsOf(recorded.redactions),
    request: sent?.text ?? '',
    reply: came?.text ?? '',
    content_digests: [...new Set(contents.map(({ digest }) => digest))],
    input_preview: sent?.isJson ? previewInput(request) : '',
    output_preview: came?.isJson ? previewOutput(reply) : '',
  };
  const attempts = head.attempts.map((attempt) => attemptRow(head, attempt, call.capture));
  return { spans: [call, ...attempts], contents, traceIndex: traceIndexRow(call, attempts) };
}

function captureOf({ head, request }: RecordedCall, contents: number): SpanRow['capture'] {
  if (contents === 0 && request === '') return 'metadata';
  return head.mustRedact === true ? 'redacted' : 'full';
}

function attemptRow(head: CallHead, attempt: AttemptSpan, capture: SpanRow['capture']): SpanRow {
  return {
    ...sharedColumns(head),
    ...outcomeColumns(attempt),
    ...usageColumns(attempt.usage),
    ...billingColumns(attempt.billing),
    ...costColumns(attempt.cost),
    ...limitColumns(undefined),
    ...ownColumns(),
    span_id: attempt.spanId,
    parent_span_id: head.spanId,
    kind: 'attempt',
    name: `${attempt.provider}/${attempt.model}`,
    // No answer came: there is no status to tell.
    status: attempt.status ?? 0,
    outcome: attempt.outcome,
    provider: attempt.provider,
    model: attempt.model,
    credential: attempt.credential ?? '',
    tags: [],
    losses: '[]',
    capture,
    request: '',
    reply: '',
    content_digests: [],
    input_preview: '',
    output_preview: '',
  };
}

function sharedColumns(head: CallHead) {
  return {
    organization_id: head.organizationId,
    project_id: head.projectId,
    trace_id: head.traceId,
    // Whatever corrects a span is written after the call was over.
    version: Math.max(1, Math.trunc(head.endedAtMs)),
    request_id: head.requestId,
    key_id: head.keyId,
    mode: head.mode,
    environment: head.environment,
    user_id: head.userId ?? '',
    session_id: head.sessionId ?? '',
    route: head.route,
    dialect: head.dialect,
    stream: head.stream,
    model_asked: head.modelAsked ?? '',
  };
}

function outcomeColumns(span: CallHead | AttemptSpan) {
  // The wall clock may be set back during a call.
  const endedAtMs = Math.max(span.startedAtMs, span.endedAtMs);
  return {
    started_at: timeOf(span.startedAtMs),
    ended_at: timeOf(endedAtMs),
    duration_us: microsOf(endedAtMs - span.startedAtMs),
    ttft_us: span.ttftMs === undefined ? null : microsOf(span.ttftMs),
    error_code: span.errorCode ?? '',
    error_message: (span.errorMessage ?? '').slice(0, ERROR_CHARS_MAX),
  };
}

function outcomeOf(head: CallHead): SpanRow['outcome'] {
  if (head.status === 499) return 'cancelled';
  return head.status < 400 && head.errorCode === undefined ? 'ok' : 'failed';
}

function costColumns(cost: Cost) {
  return { cost_nanos: cost.nanos, cost_label: cost.label, price_version: cost.priceVersion };
}

/** What only spans from outside have more of. */
function ownColumns() {
  return {
    source: 'gateway',
    type: 'generation',
    trace_name: '',
    gateway_request_id: '',
    service: '',
    release: '',
    prompt_name: '',
    prompt_version: '',
    prompt_digest: '',
    tool_name: '',
    finish_reason: '',
    given_cost_nanos: null,
    redactions: '',
    attributes: '',
    convention: '',
    mapping_version: 0,
    received_at: '1970-01-01T00:00:00.000Z',
  } as const;
}

function traceIndexRow(call: SpanRow, attempts: readonly SpanRow[]): TraceIndexRow {
  let { started_at: first_at, ended_at: last_at } = call;
  for (const { started_at, ended_at } of attempts) {
    if (started_at < first_at) first_at = started_at;
    if (ended_at > last_at) last_at = ended_at;
  }
  return { project_id: call.project_id, trace_id: call.trace_id, first_at, last_at };
}

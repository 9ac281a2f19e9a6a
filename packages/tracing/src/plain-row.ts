import type { IngestSpan } from '@app/contract';
import type { Json, JsonObject, Usage } from '@app/protocol';
import type { BillingFacts } from '@app/providers';
import { type ExtractedContents, extractContents } from './contents.ts';
import { writeLight } from './heavy-strings.ts';
import type { FilledColumns, SpanRow } from './ports.ts';
import { findSystemPrompt, previewReply, previewRequest } from './preview-value.ts';
import type { BatchHead, PlainSpan } from './received/received-span.ts';
import { dropEmpty, emptySpanRow, receivedColumns, redactionsOf } from './received-columns.ts';
import { costOfReceived, guardUsage, nanosOfUsd, providerOf } from './received-cost.ts';
import { promptDigestOf, type RowDeps } from './row-deps.ts';
import { billingColumns, microsOf, TOKEN_CLASSES, usageColumns } from './span-columns.ts';

/** Types that are calls of a model by themselves; all others hold calls together. */
const CALLS: ReadonlySet<IngestSpan['type']> = new Set([
  'generation',
  'embedding',
  'image',
  'audio',
  'moderation',
  'rerank',
]);

/** The row of a span whose sender speaks our own words. */
export function buildPlainRow(
  received: PlainSpan,
  head: BatchHead,
  deps: RowDeps,
): { row: FilledColumns; contents: ExtractedContents['contents'] } {
  const { span } = received;
  const contents: ExtractedContents['contents'] = [];
  const kind = CALLS.has(span.type) ? 'call' : 'step';
  const { usage, billing } = guardUsage(usageOf(span.usage), billingOf(span));
  const given = nanosOfUsd(received.givenUsd);
  const row: SpanRow = {
    ...emptySpanRow(),
    ...receivedColumns(received, head),
    ...wordColumns(received, head),
    kind,
    type: span.type,
    outcome: span.outcome,
    ...usageColumns(usage),
    ...billingColumns(billing),
    given_cost_nanos: given,
    redactions: redactionsOf(span.redactions),
    request: writeContent(span.input, deps, contents),
    reply: writeContent(span.output, deps, contents),
    attributes: writeLight(restOf(span), deps.digestOf, contents),
    input_preview: previewRequest(span.input ?? null),
    output_preview: previewReply(span.output ?? null),
    prompt_digest: promptDigestOf(findSystemPrompt(span.input ?? null), deps.digestOf),
    ...costOfReceived(
      {
        ...{ kind, mode: head.mode, usage, billing, givenNanos: given },
        ...providerOf(span.provider ?? '', span.model ?? span.model_asked ?? '', billing),
        models: [span.model ?? '', span.model_asked ?? ''],
        startedAtMs: received.startedAtMs,
      },
      deps.priceOf,
    ),
  };
  row.content_digests = [...new Set(contents.map(({ digest }) => digest))];
  return { row: dropEmpty(row), contents };
}

function wordColumns({ span, ...received }: PlainSpan, head: BatchHead) {
  return {
    trace_name: received.traceName ?? '',
    environment: received.environment || head.environment,
    service: received.service ?? '',
    release: received.release ?? '',
    dialect: span.dialect ?? (span.input === undefined && span.output === undefined ? '' : 'json'),
    stream: span.stream ?? false,
    ttft_us: span.ttft_ms === undefined ? null : microsOf(span.ttft_ms),
    ...errorColumns(span.error),
    tags: [...(span.tags ?? [])],
    prompt_name: span.prompt?.name ?? '',
    prompt_version: span.prompt?.version ?? '',
    ...Object.fromEntries(SAME.map((field) => [field, span[field] ?? ''])),
  };
}

function errorColumns({ status = 0, code = '', message = '' }: NonNullable<IngestSpan['error']> = {}) {
  return { status, error_code: code, error_message: message };
}

/** Columns that are named as the sender's fields are. */
const SAME = [
  ...(['request_id', 'gateway_request_id', 'user_id', 'session_id', 'provider', 'model'] as const),
  ...(['model_asked', 'tool_name', 'finish_reason'] as const),
];

/** What no column holds: metadata, and usage by names that are not known yet. */
function restOf({ usage, metadata }: IngestSpan): JsonObject {
  const unknown = Object.entries(usage ?? {}).filter(([name]) => !Object.hasOwn(CLASSES, name));
  return {
    ...(metadata === undefined ? {} : { metadata }),
    ...(unknown.length === 0 ? {} : { usage: Object.fromEntries(unknown) }),
  };
}

/** JSON text with its heavy pieces taken out; empty for what was not captured. A bare list is cut like a list of messages. */
function writeContent(
  value: Json | undefined,
  deps: RowDeps,
  contents: ExtractedContents['contents'],
): string {
  if (value === undefined) return '';
  if (typeof value !== 'object' || value === null) return writeLight(value, deps.digestOf, contents);
  // `input` is a field that is looked for, so that a list is cut within it and stands free again.
  const isList = Array.isArray(value);
  const json = JSON.stringify(value);
  const extracted = extractContents(isList ? `${LIST_HEAD}${json}}` : json, deps.digestOf);
  if (isList && !extracted.text.startsWith(LIST_HEAD)) return writeLight(value, deps.digestOf, contents);
  contents.push(...extracted.contents);
  return isList ? extracted.text.slice(LIST_HEAD.length, -1) : extracted.text;
}

const LIST_HEAD = '{"input":';

function billingOf({ service_tier, usage_estimated }: IngestSpan): BillingFacts {
  return {
    ...(service_tier === undefined ? {} : { serviceTier: service_tier }),
    ...(usage_estimated === true ? { estimated: true } : {}),
  };
}

const CLASSES: { readonly [name: string]: keyof Usage } = Object.fromEntries(
  TOKEN_CLASSES.map(([name, column]) => [column, name]),
);

function usageOf(told: IngestSpan['usage']): Usage {
  const usage: Usage = {};
  for (const [name, tokens] of Object.entries(told ?? {})) {
    const known = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
    if (known !== undefined && typeof tokens === 'number') usage[known] = tokens;
  }
  return usage;
}

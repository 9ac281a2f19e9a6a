import type { ExtractedContents } from './contents.ts';
import { mapAttributes } from './conventions/map-attributes.ts';
import { mapContent } from './conventions/map-content.ts';
import { MAPPING_VERSION, type MappedSpan } from './conventions/mapped-span.ts';
import type { SpanRow } from './ports.ts';
import { findSystemPrompt, previewReply, previewRequest } from './preview-value.ts';
import type { AttributedSpan, BatchHead } from './received/received-span.ts';
import { receivedColumns } from './received-columns.ts';
import { costOfReceived, guardUsage, nanosOfUsd } from './received-cost.ts';
import { promptDigestOf, type RowDeps } from './row-deps.ts';
import { billingColumns, microsOf, usageColumns } from './span-columns.ts';
import { writeStoredSpan } from './stored-span.ts';

/** The row of a span of OpenTelemetry: what was received, and in its columns what that means by the sender's convention. */
export function buildAttributedRow(
  span: AttributedSpan,
  head: BatchHead,
  deps: RowDeps,
): { row: SpanRow; contents: ExtractedContents['contents'] } {
  const contents: ExtractedContents['contents'] = [];
  const attributes = writeStoredSpan(span, { digestOf: deps.digestOf, contents, shared: deps.shared });
  const row = receivedColumns(span, head);
  row.attributes = attributes;
  row.content_digests = [...new Set(contents.map(({ digest }) => digest))];
  // A copy of so many columns would cost as much as finding what is in them.
  return { row: Object.assign(row, mappedColumns(span, row, deps)), contents };
}

type Base = Pick<SpanRow, 'mode' | 'environment' | 'capture'>;

/** The columns that follow from what was received, by the mapping of this version; the same when it is mapped again. */
export function mappedColumns(
  span: AttributedSpan,
  base: Base,
  deps: Pick<RowDeps, 'digestOf' | 'priceOf'>,
): Partial<SpanRow> {
  const mapped = mapAttributes(span);
  const kind = mapped.isCall ? 'call' : 'step';
  const { usage, billing } = guardUsage(mapped.usage, mapped.billing);
  const given = nanosOfUsd(mapped.givenUsd);
  const isCounted = kind === 'call';
  return {
    ...wordColumns(mapped, span),
    kind,
    type: mapped.type,
    environment: mapped.environment ?? base.environment,
    ...outcomeColumns(mapped, span),
    ...usageColumns(isCounted ? usage : {}),
    ...billingColumns(isCounted ? billing : undefined),
    ...costOfReceived(
      {
        kind,
        mode: base.mode,
        provider: mapped.provider ?? '',
        models: [mapped.model ?? '', mapped.modelAsked ?? ''],
        startedAtMs: span.startedAtMs,
        usage,
        billing: mapped.isProviderGuessed === true ? { ...billing, estimated: true } : billing,
        givenNanos: given,
      },
      deps.priceOf,
    ),
    given_cost_nanos: given,
    ...contentColumns(span, base, deps),
    convention: mapped.convention,
    mapping_version: MAPPING_VERSION,
  };
}

function wordColumns(mapped: MappedSpan, span: AttributedSpan): Partial<SpanRow> {
  return {
    name: (mapped.name ?? span.name).slice(0, 200),
    trace_name: mapped.traceName ?? '',
    request_id: mapped.responseId ?? '',
    gateway_request_id: mapped.gatewayRequestId ?? '',
    service: mapped.service ?? '',
    release: mapped.release ?? '',
    user_id: mapped.userId ?? '',
    session_id: mapped.sessionId ?? '',
    provider: mapped.provider ?? '',
    model: mapped.model ?? '',
    model_asked: mapped.modelAsked ?? '',
    tags: [...mapped.tags],
    prompt_name: mapped.promptName ?? '',
    prompt_version: mapped.promptVersion ?? '',
    tool_name: mapped.toolName ?? '',
    finish_reason: mapped.finishReason ?? '',
  };
}

const FAILED = 2;

function outcomeColumns(mapped: MappedSpan, span: AttributedSpan): Partial<SpanRow> {
  const isFailed = span.statusCode === FAILED || mapped.errorCode !== undefined;
  return {
    stream: mapped.stream ?? false,
    ttft_us: mapped.ttftMs === undefined ? null : microsOf(mapped.ttftMs),
    status: statusOf(mapped.status),
    outcome: isFailed ? 'failed' : 'ok',
    error_code: mapped.errorCode ?? '',
    error_message: (mapped.errorMessage ?? '').slice(0, 4_000),
  };
}

function statusOf(status: number | undefined): number {
  return status !== undefined && Number.isInteger(status) && status >= 0 && status <= 999 ? status : 0;
}

/** What is not kept is not looked at. */
function contentColumns(
  span: AttributedSpan,
  { capture }: Base,
  { digestOf }: Pick<RowDeps, 'digestOf'>,
): Partial<SpanRow> {
  if (capture === 'metadata') return {};
  const { dialect, request, reply, systemPrompt } = mapContent(span);
  return {
    dialect: request === null && reply === null ? '' : dialect,
    input_preview: previewRequest(request),
    output_preview: previewReply(reply),
    prompt_digest: promptDigestOf(systemPrompt || findSystemPrompt(request), digestOf),
  };
}

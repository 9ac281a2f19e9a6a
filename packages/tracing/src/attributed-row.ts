import type { ExtractedContents } from './contents.ts';
import { mapAttributes } from './conventions/map-attributes.ts';
import { mapContent } from './conventions/map-content.ts';
import { MAPPING_VERSION, type MappedSpan } from './conventions/mapped-span.ts';
import type { FilledColumns, SpanRow } from './ports.ts';
import { findSystemPrompt, previewReply, previewRequest } from './preview-value.ts';
import type { AttributedSpan, BatchHead } from './received/received-span.ts';
import { receivedColumns } from './received-columns.ts';
import { costOfReceived, guardUsage, nanosOfUsd } from './received-cost.ts';
import { promptDigestOf, type RowDeps } from './row-deps.ts';
import { billingColumns, microsOf, putBilling, putUsage, usageColumns } from './span-columns.ts';
import { writeStoredSpan } from './stored-span.ts';

/** The row of a span of OpenTelemetry: what was received, and in its columns what that means by the sender's convention. */
export function buildAttributedRow(
  span: AttributedSpan,
  head: BatchHead,
  deps: RowDeps,
): { row: FilledColumns; contents: ExtractedContents['contents'] } {
  const contents: ExtractedContents['contents'] = [];
  const attributes = writeStoredSpan(span, { digestOf: deps.digestOf, contents, shared: deps.shared });
  const row = receivedColumns(span, head);
  row.attributes = attributes;
  if (contents.length > 0) row.content_digests = [...new Set(contents.map(({ digest }) => digest))];
  mapColumns(row, span, { ...deps, base: head });
  return { row, contents };
}

/** What the columns that a mapping fills hold before. */
export const UNMAPPED = {
  ...{ name: '', trace_name: '', request_id: '', gateway_request_id: '', service: '', release: '' },
  ...{ user_id: '', session_id: '', provider: '', model: '', model_asked: '', tags: [] as string[] },
  ...{ prompt_name: '', prompt_version: '', tool_name: '', finish_reason: '', environment: '' },
  ...{ kind: 'step', type: 'span', outcome: 'ok', stream: false, ttft_us: null, status: 0 },
  ...{ error_code: '', error_message: '', dialect: '', input_preview: '', output_preview: '' },
  ...{ prompt_digest: '', convention: '', mapping_version: 0, given_cost_nanos: null },
  ...{ cost_nanos: 0, cost_label: 'exact', price_version: '' },
  ...usageColumns({}),
  ...billingColumns(undefined),
} as const satisfies Partial<SpanRow>;

type Mapped = Partial<Pick<SpanRow, keyof typeof UNMAPPED>>;

type MappingDeps = Pick<RowDeps, 'digestOf' | 'priceOf'> & {
  base: Pick<SpanRow, 'mode' | 'environment' | 'capture'>;
};

/**
 * Fills the columns that follow from what was received, by the mapping of this version; the same when it is mapped again. What
 * a span does not say is left as it is: a copy of so many columns would cost as much as finding what is in them.
 */
export function mapColumns(columns: Mapped, span: AttributedSpan, deps: MappingDeps): void {
  const { base } = deps;
  const mapped = mapAttributes(span);
  columns.kind = mapped.isCall ? 'call' : 'step';
  columns.type = mapped.type;
  columns.environment = mapped.environment ?? base.environment;
  columns.convention = mapped.convention;
  columns.mapping_version = MAPPING_VERSION;
  putWords(columns, mapped, span);
  putOutcome(columns, mapped, span);
  putCost(columns, mapped, { span, ...deps });
  if (base.capture !== 'metadata') putContent(columns, span, deps);
}

/** What is a text on both sides. */
const WORDS: readonly [column: WordColumn, field: WordField][] = [
  ['trace_name', 'traceName'],
  ['request_id', 'responseId'],
  ['gateway_request_id', 'gatewayRequestId'],
  ['service', 'service'],
  ['release', 'release'],
  ['user_id', 'userId'],
  ['session_id', 'sessionId'],
  ['provider', 'provider'],
  ['model', 'model'],
  ['model_asked', 'modelAsked'],
  ['prompt_name', 'promptName'],
  ['prompt_version', 'promptVersion'],
  ['tool_name', 'toolName'],
  ['finish_reason', 'finishReason'],
  ['error_code', 'errorCode'],
];

type WordColumn = {
  [column in keyof Mapped]-?: string extends SpanRow[column] ? column : never;
}[keyof Mapped];
type WordField = {
  [field in keyof MappedSpan]-?: MappedSpan[field] extends string | undefined ? field : never;
}[keyof MappedSpan];

function putWords(columns: Mapped, mapped: MappedSpan, span: AttributedSpan): void {
  columns.name = (mapped.name ?? span.name).slice(0, 200);
  for (const [column, field] of WORDS) {
    const word = mapped[field];
    if (word !== undefined && word !== '') columns[column] = word;
  }
  if (mapped.tags.length > 0) columns.tags = [...mapped.tags];
}

const FAILED = 2;

function putOutcome(columns: Mapped, mapped: MappedSpan, span: AttributedSpan): void {
  const { status, ttftMs, errorMessage } = mapped;
  if (mapped.stream !== undefined) columns.stream = mapped.stream;
  if (ttftMs !== undefined) columns.ttft_us = microsOf(ttftMs);
  if (status !== undefined && Number.isInteger(status) && status >= 0 && status <= 999)
    columns.status = status;
  columns.outcome = span.statusCode === FAILED || mapped.errorCode !== undefined ? 'failed' : 'ok';
  if (errorMessage !== undefined && errorMessage !== '') columns.error_message = errorMessage.slice(0, 4_000);
}

function putCost(
  columns: Mapped,
  mapped: MappedSpan,
  { span, base, priceOf }: Omit<MappingDeps, 'digestOf'> & { span: AttributedSpan },
): void {
  const { usage, billing } = guardUsage(mapped.usage, mapped.billing);
  const givenNanos = nanosOfUsd(mapped.givenUsd);
  if (givenNanos !== null) columns.given_cost_nanos = givenNanos;
  if (mapped.isCall) {
    putUsage(columns, usage);
    putBilling(columns, billing);
  }
  const cost = costOfReceived(
    {
      kind: mapped.isCall ? 'call' : 'step',
      mode: base.mode,
      provider: mapped.provider ?? '',
      models: [mapped.model ?? '', mapped.modelAsked ?? ''],
      startedAtMs: span.startedAtMs,
      usage,
      billing: mapped.isProviderGuessed === true ? { ...billing, estimated: true } : billing,
      givenNanos,
    },
    priceOf,
  );
  columns.cost_nanos = cost.cost_nanos;
  columns.cost_label = cost.cost_label;
  if (cost.price_version !== '') columns.price_version = cost.price_version;
}

/** What is not kept is not looked at. */
function putContent(columns: Mapped, span: AttributedSpan, { digestOf }: Pick<RowDeps, 'digestOf'>): void {
  const { dialect, request, reply, systemPrompt } = mapContent(span);
  if (request === null && reply === null) return;
  const asked = previewRequest(request);
  const answered = previewReply(reply);
  const prompt = promptDigestOf(systemPrompt || findSystemPrompt(request), digestOf);
  columns.dialect = dialect;
  if (asked !== '') columns.input_preview = asked;
  if (answered !== '') columns.output_preview = answered;
  if (prompt !== '') columns.prompt_digest = prompt;
}

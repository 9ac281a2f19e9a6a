import { ContentDialect, DropReason, IngestScore, IngestSpan, SpanType, Usage } from '@app/contract';
import type { JsonObject } from '@app/protocol';
import {
  type FieldCheck,
  findProblem,
  isAny,
  isListOf,
  isMatching,
  isNumber,
  isOneOf,
  isRecordOf,
  isShape,
  isText,
  isTime,
  isTruth,
  isWhole,
  shapeOf,
} from './field-checks.ts';

/*
 * What `@app/contract` says of a batch, checked by hand: its schemas cost several times what a span may. A test holds both
 * to the same answers.
 */

const traceId = isMatching(/^(?!0{32})[0-9a-f]{32}$/, 'must be 32 lower-case hexadecimal digits, not all 0');
const spanId = isMatching(/^(?!0{16})[0-9a-f]{16}$/, 'must be 16 lower-case hexadecimal digits, not all 0');
const label = isText(1, 200);
const anyWhole = isWhole(Number.MIN_SAFE_INTEGER);

const USAGE_CLASSES = new Set(Object.keys(Usage.shape));
const isUsage: FieldCheck = (value) =>
  isRecordOf(isAny, isAny)(value) ??
  Object.entries(value as JsonObject)
    .filter(([name]) => USAGE_CLASSES.has(name))
    .map(([name, count]) =>
      anyWhole(count) === undefined ? undefined : `has a class ${name} that is no whole number`,
    )
    .find((problem) => problem !== undefined);

const SPAN = shapeOf(
  {
    trace_id: traceId,
    span_id: spanId,
    parent_span_id: spanId,
    type: isOneOf(SpanType.options),
    name: label,
    start_ms: isTime,
    end_ms: isTime,
    outcome: isOneOf(IngestSpan.shape.outcome.options),
    error: isShape(shapeOf({ code: isText(0, 200), message: isText(0, 4_000), status: isWhole(0, 999) }, [])),
    provider: label,
    model: label,
    model_asked: label,
    stream: isTruth,
    ttft_ms: isNumber(0),
    usage: isUsage,
    usage_estimated: isTruth,
    service_tier: isText(0, 64),
    finish_reason: isText(0, 64),
    tool_name: label,
    request_id: isText(0, 200),
    gateway_request_id: isText(0, 200),
    dialect: isOneOf(ContentDialect.options),
    input: isAny,
    output: isAny,
    user_id: isText(0, 256),
    session_id: isText(0, 256),
    tags: isListOf(50, isText(1, 64)),
    prompt: isShape(shapeOf({ name: label, version: isText(0, 64) }, ['name'])),
    metadata: isRecordOf(isText(0, 200), isAny),
    redactions: isRecordOf(isMatching(/^[A-Z][A-Z0-9_]{0,31}$/, 'must be a name in capitals'), isWhole(0)),
  },
  ['trace_id', 'span_id', 'type', 'name', 'start_ms', 'end_ms', 'outcome'],
);

const isScoreValue: FieldCheck = (value) =>
  typeof value === 'number' || typeof value === 'boolean' || isText(0, 500)(value) === undefined
    ? undefined
    : 'must be a number, true or false, or a text of at most 500 characters';

const SCORE = shapeOf(
  {
    id: isText(1, 200),
    trace_id: traceId,
    span_id: spanId,
    session_id: isText(0, 256),
    name: label,
    value: isScoreValue,
    comment: isText(0, 4_000),
    source: isOneOf(IngestScore.shape.source.unwrap().options),
    at_ms: isTime,
  },
  ['id', 'name', 'value'],
);

const BATCH = shapeOf(
  {
    sdk: isShape(shapeOf({ name: label, version: isText(0, 64) }, ['name', 'version'])),
    environment: isText(0, 64),
    release: isText(0, 200),
    service: isText(0, 200),
    // Each of them is looked at by itself.
    spans: isListOf(10_000, isAny),
    scores: isListOf(10_000, isAny),
    dropped: isRecordOf(isOneOf(DropReason.options), isWhole(0)),
  },
  ['sdk'],
);

export const findSpanProblem = (span: JsonObject) => findProblem(span, SPAN);
export const findScoreProblem = (score: JsonObject) => findProblem(score, SCORE);
export const findEnvelopeProblem = (body: JsonObject) => findProblem(body, BATCH);

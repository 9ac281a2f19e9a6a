import { isObject, type Json, type JsonObject, parseJson, type Usage } from '@app/protocol';
import { writeLine } from './load-lines.ts';
import type { FilledColumns, PartRow, SpanRow } from './ports.ts';
import type { PriceOf } from './price-of.ts';
import type { PlainSpan, UnknownField } from './received/received-span.ts';
import { emptySpanRow, receivedVersion, redactionsOf } from './received-columns.ts';
import { costOfReceived, providerOf } from './received-cost.ts';
import { sumOf } from './redact-call.ts';
import { microsOf, TOKEN_CLASSES } from './span-columns.ts';
import { withSettings } from './with-settings.ts';

/** Columns that follow from others once all parts are known. */
const DERIVED = new Set<string>([
  'version',
  'kind',
  'duration_us',
  'cost_nanos',
  'cost_label',
  'price_version',
]);

const COLUMNS_OF: { [field in UnknownField]: keyof SpanRow } = {
  name: 'name',
  type: 'type',
  outcome: 'outcome',
  parentSpanId: 'parent_span_id',
  startedAtMs: 'started_at',
  endedAtMs: 'ended_at',
};

/** What one part of a span says, as a row of `span_parts`: only the columns that it knows. */
export function writePart(span: PlainSpan, row: FilledColumns): PartRow {
  const unknown = new Set<string>((span.unknown ?? []).map((field) => COLUMNS_OF[field]));
  const known: { [column: string]: unknown } = {};
  for (const [column, value] of Object.entries(row)) {
    if (DERIVED.has(column) || unknown.has(column) || isEmpty(value)) continue;
    if (column === 'attributes' && value === '{}') continue;
    known[column] = value;
  }
  if (span.firstAtMs !== undefined) known.first_at_us = microsOf(span.firstAtMs);
  const text = writeLine(known).trimEnd();
  return {
    project_id: row.project_id,
    trace_id: row.trace_id,
    span_id: row.span_id,
    part_at: Math.max(0, Math.trunc(span.partAtMs ?? 0)),
    part_id: span.partId ?? '',
    row: Buffer.byteLength(text) > PART_BYTES_MAX ? writeLine(withoutContent(known)).trimEnd() : text,
  };
}

/** All parts of a load are read together: one that says more than this is kept without what was asked and answered. */
const PART_BYTES_MAX = 900_000;

function withoutContent(known: { [column: string]: unknown }): { [column: string]: unknown } {
  const { attributes: _a, request: _q, reply: _r, content_digests: _d, ...rest } = known;
  return rest;
}

function isEmpty(value: unknown): boolean {
  return value === '' || value === null || value === false || (Array.isArray(value) && value.length === 0);
}

/**
 * The row of a span of which these parts are known, in whichever order they came: of each column the latest word counts,
 * it began with the earliest start and ended with the latest end. Undefined while nobody said when it began.
 */
export function mergeParts(parts: readonly PartRow[], priceOf: PriceOf): SpanRow | undefined {
  const ordered = [...parts].sort(
    (a, b) => a.part_at - b.part_at || (a.part_id < b.part_id ? -1 : a.part_id > b.part_id ? 1 : 0),
  );
  const said = ordered.map(({ row }): KnownPart => JSON.parse(row));
  const known = said.map(({ first_at_us: _, ...columns }) => columns);
  const starts = textsOf(known.map(({ started_at }) => started_at)).sort();
  const startedAt = starts[0];
  if (startedAt === undefined) return undefined;
  const ends = textsOf(known.map(({ ended_at }) => ended_at)).sort();
  const lastEnd = ends.at(-1) ?? startedAt;
  const endedAt = lastEnd < startedAt ? startedAt : lastEnd;
  const merged: SpanRow = Object.assign(emptySpanRow(), ...known);
  const attributes = mergeAttributes(textsOf(known.map((part) => part.attributes)));
  const firstAtUs = said.findLast(({ first_at_us }) => first_at_us !== undefined)?.first_at_us;
  return withCost(
    {
      ...merged,
      // More parts, or later ones, are a later version; what is derived from a row adds less than 4.
      version: receivedVersion(ordered.at(-1)?.part_at ?? 0) + 4 * ordered.length,
      kind: CALLS.has(merged.type) ? 'call' : 'step',
      started_at: startedAt,
      ended_at: endedAt,
      duration_us: Math.max(0, Math.round((msOf(endedAt) - msOf(startedAt)) * 1_000)),
      attributes,
      request: withSettings(merged.request, attributes),
      redactions: sumOfCounts(textsOf(known.map(({ redactions }) => redactions))),
      ...ttftColumn(firstAtUs, startedAt),
      content_digests: [...new Set(known.flatMap(({ content_digests }) => content_digests ?? []))],
    },
    priceOf,
  );
}

/** Columns, and when the first of a reply came, which makes a column once it is known when the span began. */
type KnownPart = Partial<SpanRow> & { first_at_us?: number };

function ttftColumn(firstAtUs: number | undefined, startedAt: string): Partial<SpanRow> {
  if (firstAtUs === undefined) return {};
  const ttft = Math.round(firstAtUs - msOf(startedAt) * 1_000);
  return { ttft_us: ttft < 0 ? null : ttft };
}

/** Each part tells what was taken out of itself. */
function sumOfCounts(texts: readonly string[]): string {
  return texts.length < 2 ? (texts[0] ?? '') : redactionsOf(sumOf(texts.map((text) => JSON.parse(text))));
}

const CALLS: ReadonlySet<string> = new Set([
  'generation',
  'embedding',
  'image',
  'audio',
  'moderation',
  'rerank',
]);

function textsOf(values: (string | undefined)[]): string[] {
  return values.filter((value) => value !== undefined);
}

/** RFC 3339 with nanoseconds, of which the microseconds count. */
function msOf(at: string): number {
  return Date.parse(`${at.slice(0, 19)}Z`) + Number(`0${at.slice(19, 26)}`) * 1_000;
}

/** Metadata of a later part joins that of an earlier one, field by field. */
function mergeAttributes(texts: readonly string[]): string {
  const [first = '', ...more] = texts;
  if (more.length === 0) return first;
  let merged: JsonObject = {};
  for (const text of texts) {
    const value = parseJson(text);
    if (isObject(value)) merged = join(merged, value, 3);
  }
  return JSON.stringify(merged);
}

function join(a: JsonObject, b: JsonObject, levels: number): JsonObject {
  const joined: JsonObject = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const before: Json | undefined = joined[key];
    const isDeeper = levels > 1 && isObject(value) && isObject(before) && value.$content === undefined;
    joined[key] = isDeeper ? join(before, value, levels - 1) : value;
  }
  return joined;
}

function withCost(row: SpanRow, priceOf: PriceOf): SpanRow {
  const cost = costOfReceived(
    {
      ...{ kind: row.kind, mode: row.mode, givenNanos: row.given_cost_nanos },
      models: [row.model, row.model_asked],
      startedAtMs: msOf(row.started_at),
      usage: usageOf(row),
      ...providerOf(row.provider, row.model || row.model_asked, {
        ...(row.service_tier === '' ? {} : { serviceTier: row.service_tier }),
        ...(row.usage_estimated === true ? { estimated: true } : {}),
      }),
    },
    priceOf,
  );
  return { ...row, ...cost };
}

function usageOf(row: SpanRow): Usage {
  const usage: Usage = {};
  for (const [name, column] of TOKEN_CLASSES) {
    const tokens = row[column];
    if (tokens !== null) usage[name] = tokens;
  }
  return usage;
}

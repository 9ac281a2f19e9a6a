import { parseJson } from '@app/protocol';
import { mapColumns, UNMAPPED } from './attributed-row.ts';
import { type DigestOf, resolveContents } from './contents.ts';
import type { SpanRow } from './ports.ts';
import type { PriceOf } from './price-of.ts';
import { receivedVersion } from './received-columns.ts';
import { readStoredSpan } from './stored-span.ts';

export type RemapDeps = {
  /** Of the project. */
  digestOf: DigestOf;
  priceOf: PriceOf;
  /** A content by its digest; undefined for one that was deleted. */
  contentOf: (digest: string) => string | undefined;
};

/** A stored row, of which ClickHouse writes large numbers as text, and whatever columns it has beside ours. */
export type StoredSpanRow = Omit<SpanRow, 'version'> & { version: string | number };

/**
 * A span of OpenTelemetry with its columns filled anew by this version's mapping, from what was received; undefined when
 * that is not there any more. What was said elsewhere in its trace, and that the gateway counted it, stays.
 */
export function remapRow(row: StoredSpanRow, deps: RemapDeps, versionMin: number): StoredSpanRow | undefined {
  const stored = parseJson(resolveContents(row.attributes, deps.contentOf));
  const place = {
    traceId: row.trace_id,
    spanId: row.span_id,
    parentSpanId: row.parent_span_id,
    startedAtMs: msOf(row.started_at),
    endedAtMs: msOf(row.ended_at),
  };
  const span = readStoredSpan(place, stored ?? null);
  if (span === undefined) return undefined;
  const mapped: Pick<SpanRow, keyof typeof UNMAPPED> = { ...UNMAPPED, tags: [] };
  mapColumns(mapped, span, { ...deps, base: row });
  const isSeen = row.kind === 'seen' && mapped.kind === 'call';
  return {
    ...row,
    ...mapped,
    ...keptFacts(row, mapped),
    ...(isSeen ? { kind: 'seen', cost_nanos: 0, cost_label: 'exact', price_version: '' } : {}),
    version: Math.max(Number(row.version) + 1, receivedVersion(versionMin)),
  };
}

const FACTS = ['user_id', 'session_id', 'release', 'trace_name', 'gateway_request_id'] as const;

function keptFacts(row: StoredSpanRow, mapped: Partial<SpanRow>): Partial<SpanRow> {
  const facts = Object.fromEntries(FACTS.map((fact) => [fact, mapped[fact] || row[fact]]));
  return { ...facts, ...(mapped.tags?.length === 0 ? { tags: row.tags } : {}) };
}

function msOf(at: string): number {
  return Date.parse(`${at.slice(0, 19)}Z`) + Number(`0${/\.\d+/.exec(at)?.[0] ?? ''}`) * 1_000;
}

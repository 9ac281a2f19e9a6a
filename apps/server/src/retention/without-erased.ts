import type { Erasure } from '@app/store';
import type { LoadedSegment, PartRow, ScoreRow, SpanRow } from '@app/tracing';
import { type CallFacts, isErasedBy } from './is-erased-by.ts';

/** Calls and traces that were kept out, of which more may come with the next load. */
const DROPPED_MAX = 10_000;

/** A segment without what deletions are about, and the projects that lost something. Remembers in `dropped` what it kept out. */
export function withoutErased(
  segment: LoadedSegment,
  due: readonly Erasure[],
  dropped: Set<string>,
): { kept: LoadedSegment; projectIds: string[] } {
  const spans = linesOf<SpanRow>(segment.spans);
  const parts = linesOf<PartRow>(segment.received?.parts);
  const scores = linesOf<ScoreRow>(segment.received?.scores);
  const all = [
    ...spans.map(({ row }) => row),
    ...parts.map(({ row: { row, ...ids } }): SpanRow => ({ ...JSON.parse(row), kind: 'step', ...ids })),
  ];
  const traces = factsByTrace(all);
  const projectIds = new Set<string>();
  for (const row of all) {
    if (row.kind === 'attempt' || !isGone(row, { due, traces, dropped })) continue;
    remember(dropped, nameOf(row));
    if (isReceived(row)) remember(dropped, traceOf(row));
    projectIds.add(row.project_id);
  }
  const leftSpans = spans.filter(
    ({ row }) => !dropped.has(row.kind === 'attempt' ? parentOf(row) : nameOf(row)),
  );
  const leftParts = parts.filter(({ row }) => !dropped.has(nameOf(row)));
  const leftScores = scores.filter(({ row }) => !isScoreGone(row, due, dropped));
  const lost = [
    leftSpans.length - spans.length,
    leftParts.length - parts.length,
    leftScores.length - scores.length,
  ];
  if (lost.every((count) => count === 0)) return { kept: segment, projectIds: [] };
  const alive = new Set([...leftSpans, ...leftParts].map(({ row }) => traceOf(row)));
  const gone = new Set(all.map(traceOf).filter((trace) => !alive.has(trace)));
  const { received = {} } = segment;
  const kept: LoadedSegment = {
    ...segment,
    spans: bufferOf(leftSpans),
    traceIndex: bufferOf(linesOf<Named>(segment.traceIndex).filter(({ row }) => !gone.has(traceOf(row)))),
    received: {
      ...received,
      parts: bufferOf(leftParts),
      scores: bufferOf(leftScores),
      gatewayCalls: bufferOf(
        linesOf<Named>(received.gatewayCalls).filter(({ row }) => !gone.has(traceOf(row))),
      ),
      gatewayClaims: bufferOf(
        linesOf<NamedSpan>(received.gatewayClaims).filter(({ row }) => !dropped.has(nameOf(row))),
      ),
    },
  };
  return { kept, projectIds: [...projectIds] };
}

/** Columns that are empty are left out of a received span's line. */
type Facts = { userId: string; sessionId: string; tags: readonly string[] };

/** What is said once of a trace holds for all of its received spans. */
function factsByTrace(rows: readonly SpanRow[]): Map<string, Facts> {
  const traces = new Map<string, Facts>();
  for (const row of rows) {
    if (!isReceived(row)) continue;
    const { userId = '', sessionId = '', tags = [] } = traces.get(traceOf(row)) ?? {};
    const own = row.tags ?? [];
    traces.set(traceOf(row), {
      userId: userId || (row.user_id ?? ''),
      sessionId: sessionId || (row.session_id ?? ''),
      tags: tags.length > 0 ? tags : own,
    });
  }
  return traces;
}

function isGone(
  row: SpanRow,
  { due, traces, dropped }: { due: readonly Erasure[]; traces: Map<string, Facts>; dropped: Set<string> },
): boolean {
  const facts = factsOf(row, isReceived(row) ? traces.get(traceOf(row)) : undefined);
  const receivedAtMs = isReceived(row) ? Date.parse(row.received_at ?? '') : Number.NEGATIVE_INFINITY;
  return due.some((each) => {
    if (each.projectId !== row.project_id) return false;
    // What came after a deletion was asked for is not what it is about, however old it says that it is.
    if (receivedAtMs >= each.requestedAtMs) return false;
    return isErasedBy(each, facts) || (isReceived(row) && saysNothing(row) && dropped.has(traceOf(row)));
  });
}

function isScoreGone(row: ScoreRow, due: readonly Erasure[], dropped: Set<string>): boolean {
  if (dropped.has(traceOf(row)) || dropped.has(nameOf(row))) return true;
  return due.some(
    ({ projectId, filter, requestedAtMs }) =>
      projectId === row.project_id &&
      Date.parse(row.at) < requestedAtMs &&
      ((row.trace_id !== '' && filter.trace_id === row.trace_id) ||
        (row.session_id !== '' && filter.session === row.session_id)),
  );
}

function isReceived(row: SpanRow): boolean {
  return row.source !== undefined && row.source !== 'gateway';
}

function saysNothing(row: SpanRow): boolean {
  return (row.user_id ?? '') === '' && (row.session_id ?? '') === '';
}

function remember(dropped: Set<string>, name: string): void {
  dropped.add(name);
  const [oldest] = dropped;
  if (dropped.size > DROPPED_MAX && oldest !== undefined) dropped.delete(oldest);
}

function factsOf(row: SpanRow, shared: Facts | undefined): CallFacts {
  const own = row.tags ?? [];
  return {
    traceId: row.trace_id,
    mode: row.mode ?? 'live',
    createdAtMs: Date.parse(row.started_at ?? row.received_at),
    by: {
      userId: row.user_id || shared?.userId,
      sessionId: row.session_id || shared?.sessionId,
      tags: own.length > 0 ? own : (shared?.tags ?? []),
    },
  };
}

type Named = { project_id: string; trace_id: string };
type NamedSpan = Named & { span_id: string };

const traceOf = (row: Named) => `${row.project_id} ${row.trace_id}`;
const nameOf = (row: NamedSpan) => `${traceOf(row)} ${row.span_id}`;
const parentOf = (row: SpanRow) => `${traceOf(row)} ${row.parent_span_id}`;

type Line<Row> = { text: string; row: Row };

function linesOf<Row>(ndjson: Buffer | undefined): Line<Row>[] {
  const texts = ndjson?.toString('utf8').split('\n') ?? [];
  return texts.filter((text) => text !== '').map((text) => ({ text, row: JSON.parse(text) as Row }));
}

function bufferOf(lines: readonly Line<unknown>[]): Buffer {
  return Buffer.from(lines.map(({ text }) => `${text}\n`).join(''));
}

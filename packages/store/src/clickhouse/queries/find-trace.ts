import type { Trace } from '@app/contract';
import type { Clickhouse } from '../open-clickhouse.ts';
import { resolveContents } from '../resolve-contents.ts';
import { readSpanContent } from '../span-content.ts';
import { readLosses, readSpan, readSummary, type SpanRow, spanColumns } from '../span-row.ts';
import { findTraceBounds, withinTrace } from '../trace-bounds.ts';

const spansMax = 1000;

/**
 * One trace with the content of its root, or of its first call where the root never came; `undefined` when the project has
 * none of this id. Spans come in order of start, the first thousand of them.
 */
export function findTrace(clickhouse: Clickhouse) {
  return async (projectId: string, traceId: string): Promise<Trace | undefined> => {
    const bounds = await findTraceBounds(clickhouse, projectId, traceId);
    if (bounds === undefined) return undefined;
    const [spans, first] = await Promise.all([
      clickhouse.rows<SpanRow>(spansSql, bounds),
      readSpanContent(clickhouse, bounds),
    ]);
    const counts =
      spans.length < spansMax ? [] : await clickhouse.rows<{ span_count: string }>(countSql, bounds);
    const shown = findShown(spans);
    if (shown === undefined) return undefined;
    // In a trace of more spans than are listed the root may come later than all that are.
    const content =
      first.spanId === shown.span_id ? first : await readSpanContent(clickhouse, bounds, shown.span_id);
    return {
      trace_id: traceId,
      summary: readSummary(shown),
      route: shown.route,
      dialect: shown.dialect,
      losses: readLosses(shown.losses),
      spans: spans.map(readSpan),
      span_count: Number(counts[0]?.span_count ?? spans.length),
      capture: shown.capture,
      request: resolveContents(content.request, content.contents),
      reply: resolveContents(content.reply, content.contents),
    };
  };
}

/** A gateway's call is a root of its own unless its caller sent a trace along. */
function findShown(spans: readonly SpanRow[]): SpanRow | undefined {
  const isKind = (kind: SpanRow['kind']) => (span: SpanRow) => span.kind === kind;
  return spans.find((span) => span.parent_span_id === '') ?? spans.find(isKind('call')) ?? spans[0];
}

const spansSql = `SELECT ${spanColumns} FROM spans FINAL PREWHERE ${withinTrace}
  ORDER BY started_at, span_id LIMIT ${spansMax}`;

const countSql = `SELECT count() AS span_count FROM spans FINAL PREWHERE ${withinTrace} LIMIT 1`;

import { buildAttributedRow } from './attributed-row.ts';
import type { ExtractedContents } from './contents.ts';
import { writePart } from './merge-parts.ts';
import { buildPlainRow } from './plain-row.ts';
import type { FilledColumns, LossRow, PartRow, ScoreRow, TraceIndexRow } from './ports.ts';
import { BATCH_BOUNDS } from './received/batch-bounds.ts';
import type { Batch, BatchHead, ReceivedScore } from './received/received-span.ts';
import type { RowDeps } from './row-deps.ts';
import { shareTraceFacts } from './share-trace-facts.ts';

/** What one received span becomes: its row, or a part of one, and the contents that it speaks of. */
export type ReceivedRow = {
  contents: ExtractedContents['contents'];
  row: FilledColumns;
  /** In the place of `row`, when other parts of the same span may come. */
  part: PartRow | undefined;
};

/** What a batch becomes in the trace store. */
export type BatchRows = {
  received: ReceivedRow[];
  traceIndex: TraceIndexRow[];
  scores: ScoreRow[];
  losses: LossRow[];
};

/** Builds the rows of a batch. The same batch always gives the same rows. */
export function buildBatchRows(batch: Batch, head: BatchHead, deps: RowDeps): BatchRows {
  const received: ReceivedRow[] = batch.spans.map((span) => {
    if (span.source === 'otlp') return { ...buildAttributedRow(span, head, deps), part: undefined };
    const built = buildPlainRow(span, head, deps);
    return { ...built, part: span.partAtMs === undefined ? undefined : writePart(span, built.row) };
  });
  shareTraceFacts(received.filter(({ part }) => part === undefined).map(({ row }) => row));
  return {
    received,
    traceIndex: indexOf(received.map(({ row }) => row)),
    scores: batch.scores.map((score) => scoreRow(score, head)),
    losses: lossRows(batch, head),
  };
}

function indexOf(rows: readonly FilledColumns[]): TraceIndexRow[] {
  const traces = new Map<string, TraceIndexRow>();
  for (const { project_id, trace_id, started_at, ended_at } of rows) {
    const known = traces.get(trace_id);
    if (known === undefined) {
      traces.set(trace_id, { project_id, trace_id, first_at: started_at, last_at: ended_at });
      continue;
    }
    if (started_at < known.first_at) known.first_at = started_at;
    if (ended_at > known.last_at) known.last_at = ended_at;
  }
  return [...traces.values()];
}

function scoreRow(score: ReceivedScore, head: BatchHead): ScoreRow {
  const { value } = score;
  const latestMs = head.receivedAtMs + BATCH_BOUNDS.futureMsMax;
  return {
    project_id: head.projectId,
    trace_id: score.traceId,
    span_id: score.spanId,
    session_id: score.sessionId,
    score_id: score.scoreId,
    version: Math.max(1, Math.trunc(head.receivedAtMs)),
    name: score.name,
    value: typeof value === 'string' ? null : Number(value),
    text_value: typeof value === 'number' ? '' : String(value),
    comment: head.capture === 'metadata' ? '' : score.comment,
    source: score.source,
    author: '',
    at: new Date(Math.min(latestMs, Math.max(0, score.atMs))).toISOString(),
  };
}

function lossRows(batch: Batch, head: BatchHead): LossRow[] {
  const about = {
    project_id: head.projectId,
    key_id: head.keyId,
    source: sourceOf(batch, head),
    sdk: batch.sdk.slice(0, 300),
    at: new Date(head.receivedAtMs).toISOString(),
  };
  const rows: LossRow[] = [];
  for (const [reason, spans] of Object.entries(batch.dropped)) {
    if (spans > 0) rows.push({ ...about, reason, spans });
  }
  // What was refused here is told apart from what a sender refused or could not send.
  if (batch.rejected.length > 0) rows.push({ ...about, reason: 'refused', spans: batch.rejected.length });
  return rows;
}

function sourceOf({ spans }: Batch, { batchSource }: BatchHead): string {
  if (batchSource === 'received') return spans[0]?.source ?? '';
  return batchSource.startsWith('otlp') ? 'otlp' : batchSource;
}

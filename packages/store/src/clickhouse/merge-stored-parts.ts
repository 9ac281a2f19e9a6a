import { createHash } from 'node:crypto';
import type { PartRow, SpanRow } from '@app/tracing';
import type { Clickhouse, Parameters } from './open-clickhouse.ts';

/** The row of a span of which these parts are known; undefined while they are not enough for one. */
export type MergeParts = (parts: readonly PartRow[]) => SpanRow | undefined;

/** Parts that are read at a time: with the longest rows of all, less than a question may answer. */
const partsMax = 110;

/** Of one span; what comes after the first of them changes nothing more. No sender of parts needs ten. */
const partsOfSpanMax = 100;
const rowBytesMax = 1_000_000;

/** Spans that one load may move to another hour; a sender that moves more sees those twice. */
const movesMax = 50;

/** Which load, of which project. */
export type LoadScope = Parameters & { project_id: string; token: string };

/** Writes the rows of the spans of which a load brought parts. The same load again writes the same rows. */
export async function mergeStoredParts(
  clickhouse: Clickhouse,
  scope: LoadScope,
  merge: MergeParts,
): Promise<void> {
  let after = { after_trace: '', after_span: '' };
  for (;;) {
    const rows = await clickhouse.rows<StoredPart>(partsSql, { ...scope, ...after });
    const isLast = rows.length < partsMax;
    const spans = groupParts(rows);
    // The last span of a full page may go on in the next one.
    if (!isLast && spans.length > 1) spans.pop();
    const merged = spans.map((parts) => ({ parts, row: merge(parts) }));
    await writeSpans(clickhouse, scope, merged.filter(hasRow));
    const end = spans.at(-1)?.[0];
    if (isLast || end === undefined) return;
    after = { after_trace: end.trace_id, after_span: end.span_id };
  }
}

function hasRow<T extends { row: SpanRow | undefined }>(span: T): span is T & { row: SpanRow } {
  return span.row !== undefined;
}

type StoredPart = Omit<PartRow, 'part_at'> & { part_at: string };

function groupParts(rows: readonly StoredPart[]): PartRow[][] {
  const spans: PartRow[][] = [];
  for (const row of rows) {
    const part = { ...row, part_at: Number(row.part_at) };
    const last = spans.at(-1);
    const isSame = last?.[0]?.trace_id === row.trace_id && last[0].span_id === row.span_id;
    if (isSame) last.push(part);
    else spans.push([part]);
  }
  return spans;
}

async function writeSpans(
  clickhouse: Clickhouse,
  scope: LoadScope,
  spans: readonly { parts: PartRow[]; row: SpanRow }[],
): Promise<void> {
  if (spans.length === 0) return;
  const ndjson = Buffer.from(spans.map(({ row }) => `${JSON.stringify(row)}\n`).join(''));
  const digest = createHash('sha256').update(ndjson).digest('base64url');
  await clickhouse.insert('spans', { ndjson, token: `${scope.token}-merged-${digest}` });
  const moved = spans.filter(({ parts, row }) => mayHaveMoved(parts, row.started_at));
  for (const { row } of moved.slice(0, movesMax)) {
    const { trace_id, span_id, started_at } = row;
    const place = { project_id: scope.project_id, trace_id, span_id, started_at };
    const [stale] = await clickhouse.rows<{ stale: string }>(staleSql, place);
    if (Number(stale?.stale ?? 0) === 0) continue;
    await clickhouse.write(leftSql, place);
    await clickhouse.write(moveSql, place);
  }
}

/** A span is filed under the hour of its start. A part that came later and tells of an earlier hour moves it. */
function mayHaveMoved(parts: readonly PartRow[], startedAt: string): boolean {
  return parts.some(({ row }) => {
    const told: { started_at?: string } = JSON.parse(row);
    return told.started_at !== undefined && told.started_at.slice(0, 13) !== startedAt.slice(0, 13);
  });
}

const partsSql = `SELECT project_id, trace_id, span_id, part_at, part_id, row FROM span_parts FINAL
  WHERE project_id = {project_id:String}
    AND (trace_id > {after_trace:String} OR (trace_id = {after_trace:String} AND span_id > {after_span:String}))
    AND (trace_id, span_id) IN (SELECT trace_id, span_id FROM load_touched
      WHERE token = {token:String} AND project_id = {project_id:String} AND what = 'part')
    AND length(row) <= ${rowBytesMax}
  ORDER BY trace_id, span_id, part_at, part_id LIMIT ${partsOfSpanMax} BY trace_id, span_id LIMIT ${partsMax}`;

/** The gateway's own rows are not a sender's to move. */
const elsewhere = `source != 'gateway' AND trace_id = {trace_id:String} AND span_id = {span_id:String}
    AND toStartOfHour(started_at) != toStartOfHour(parseDateTime64BestEffort({started_at:String}, 9, 'UTC'))`;

const staleSql = `SELECT count() AS stale FROM spans WHERE project_id = {project_id:String} AND ${elsewhere} LIMIT 1`;

/**
 * The hour that a span leaves is not added up before its row is gone, which nobody waits for: it counts as one that changes
 * for some time yet.
 */
const leftSql = `INSERT INTO hour_changes (project_id, hour, changes, last_at)
  SELECT project_id, toStartOfHour(started_at) AS hour, 1, now64(3, 'UTC') + INTERVAL 10 MINUTE
  FROM spans WHERE project_id = {project_id:String} AND ${elsewhere} GROUP BY project_id, hour LIMIT 1000`;

const moveSql = `ALTER TABLE spans DELETE WHERE project_id = {project_id:String} AND ${elsewhere}`;

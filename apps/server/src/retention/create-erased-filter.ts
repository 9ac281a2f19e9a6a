import { type Erasure, StoreError } from '@app/store';
import type { LoadedSegment, LoadSegment, SpanRow, TraceIndexRow } from '@app/tracing';
import { type CallFacts, isErasedBy } from './is-erased-by.ts';

export type ErasedFilterDeps = {
  list: (input: { limit: number }) => Promise<Erasure[]>;
  /** Asks for the contents of these projects to be looked through: what was kept out leaves some behind. */
  askContentSweeps: (input: { projectIds: readonly string[] }) => Promise<void>;
};

/** Keeps out what was deleted before it was loaded: records may wait in a spool for as long as the trace store is away. */
export type ErasedFilter = {
  /** Reads anew what was deleted. Nothing is loaded before it was read once. */
  refresh(): Promise<void>;
  isErased(call: { projectId: string } & CallFacts): boolean;
  loadingInto(load: LoadSegment): LoadSegment;
};

/** The newest so many are remembered. */
const ERASURES_MAX = 5_000;
/** No call lasts longer, so a segment that began so long after a deletion has nothing of before. */
const CALL_MS_MAX = 2 * 86_400_000;
/** Calls that were kept out, whose attempts may come with the next load. */
const DROPPED_MAX = 10_000;

export function createErasedFilter(deps: ErasedFilterDeps): ErasedFilter {
  let erasures: Erasure[] | undefined;
  const dropped = new Set<string>();
  const refresh = async () => {
    erasures = await deps.list({ limit: ERASURES_MAX });
  };
  const known = async (): Promise<Erasure[]> => {
    if (erasures === undefined) await refresh();
    if (erasures === undefined)
      throw new StoreError('store_unavailable', 'What was deleted is not known yet.');
    return erasures;
  };
  return {
    refresh,
    isErased: (call) =>
      (erasures ?? []).some((each) => each.projectId === call.projectId && isErasedBy(each, call)),
    loadingInto: (load) => async (segment) => {
      const due = listDue(await known(), segment);
      if (due.length === 0) return load(segment);
      const { kept, projectIds } = withoutErased(segment, due, dropped);
      await load(kept);
      if (projectIds.length > 0) await deps.askContentSweeps({ projectIds });
    },
  };
}

/** Those of which the segment may have something. Its token begins with the time at which it was begun. */
function listDue(erasures: readonly Erasure[], { token, spans }: LoadedSegment): Erasure[] {
  const begunMs = /^\d{13}(?=-)/.exec(token)?.[0];
  const oldestMs = begunMs === undefined ? 0 : Number(begunMs) - CALL_MS_MAX;
  return erasures.filter(
    ({ requestedAtMs, projectId, filter }) =>
      requestedAtMs >= oldestMs &&
      [projectId, ...namesOf(filter)].every((name) => spans.includes(escaped(name))),
  );
}

function namesOf({ trace_id, user, session, tag }: Erasure['filter']): string[] {
  return [trace_id, user, session, tag].filter((name) => name !== undefined);
}

/** As it stands in a line of JSON. */
function escaped(name: string): string {
  return JSON.stringify(name).slice(1, -1);
}

type Kept = { kept: LoadedSegment; projectIds: string[] };

function withoutErased(segment: LoadedSegment, due: readonly Erasure[], dropped: Set<string>): Kept {
  const projectIds = new Set<string>();
  const spans = linesOf<SpanRow>(segment.spans);
  for (const { row } of spans) {
    if (
      row.kind !== 'call' ||
      !due.some((each) => each.projectId === row.project_id && isErasedBy(each, factsOf(row)))
    )
      continue;
    remember(dropped, nameOf(row));
    projectIds.add(row.project_id);
  }
  const left = spans.filter(({ row }) => !dropped.has(row.kind === 'call' ? nameOf(row) : parentOf(row)));
  if (left.length === spans.length) return { kept: segment, projectIds: [] };
  const traces = new Set(left.map(({ row }) => traceOf(row)));
  const gone = new Set(spans.map(({ row }) => traceOf(row)).filter((trace) => !traces.has(trace)));
  const index = linesOf<TraceIndexRow>(segment.traceIndex).filter(({ row }) => !gone.has(traceOf(row)));
  const kept = { ...segment, spans: bufferOf(left), traceIndex: bufferOf(index) };
  return { kept, projectIds: [...projectIds] };
}

function remember(dropped: Set<string>, name: string): void {
  dropped.add(name);
  const [oldest] = dropped;
  if (dropped.size > DROPPED_MAX && oldest !== undefined) dropped.delete(oldest);
}

function factsOf(row: SpanRow): CallFacts {
  return {
    traceId: row.trace_id,
    mode: row.mode,
    createdAtMs: Date.parse(row.started_at),
    by: { userId: row.user_id, sessionId: row.session_id, tags: row.tags },
  };
}

const traceOf = (row: { project_id: string; trace_id: string }) => `${row.project_id} ${row.trace_id}`;
const nameOf = (row: SpanRow) => `${traceOf(row)} ${row.span_id}`;
const parentOf = (row: SpanRow) => `${traceOf(row)} ${row.parent_span_id}`;

type Line<Row> = { text: string; row: Row };

function linesOf<Row>(ndjson: Buffer): Line<Row>[] {
  const texts = ndjson.toString('utf8').split('\n');
  return texts.filter((text) => text !== '').map((text) => ({ text, row: JSON.parse(text) as Row }));
}

function bufferOf(lines: readonly Line<unknown>[]): Buffer {
  return Buffer.from(lines.map(({ text }) => `${text}\n`).join(''));
}

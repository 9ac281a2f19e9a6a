import { type Erasure, StoreError } from '@app/store';
import type { LoadedSegment, LoadSegment } from '@app/tracing';
import { type CallFacts, isErasedBy } from './is-erased-by.ts';
import { withoutErased } from './without-erased.ts';

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
    loadingInto: (load) => async (segment, onRefused) => {
      const due = listDue(await known(), segment);
      if (due.length === 0) return load(segment, onRefused);
      const { kept, projectIds } = withoutErased(segment, due, dropped);
      await load(kept, onRefused);
      if (projectIds.length > 0) await deps.askContentSweeps({ projectIds });
    },
  };
}

/** Those of which the segment may have something. Its token begins with the time at which it was begun. */
function listDue(erasures: readonly Erasure[], { token, spans, received }: LoadedSegment): Erasure[] {
  const begunMs = /^\d{13}(?=-)/.exec(token)?.[0];
  const oldestMs = begunMs === undefined ? 0 : Number(begunMs) - CALL_MS_MAX;
  return erasures.filter(({ requestedAtMs, projectId, filter }) => {
    if (requestedAtMs < oldestMs) return false;
    const names = [projectId, ...namesOf(filter)].map(escaped);
    const says = (text: Buffer | undefined, words: string[]) =>
      text !== undefined && words.every((word) => text.includes(word));
    // A part is JSON within JSON.
    return says(spans, names) || says(received?.scores, names) || says(received?.parts, names.map(escaped));
  });
}

function namesOf({ trace_id, user, session, tag }: Erasure['filter']): string[] {
  return [trace_id, user, session, tag].filter((name) => name !== undefined);
}

/** As it stands in a line of JSON. */
function escaped(name: string): string {
  return JSON.stringify(name).slice(1, -1);
}

import type { FilledColumns } from './ports.ts';

/** What is said once of a trace, at whichever span, and holds for all that were received of it. */
const FACTS = ['user_id', 'session_id', 'release', 'trace_name'] as const;

type Facts = { [fact in (typeof FACTS)[number]]: string } & {
  tags: string[];
  from: { [fact: string]: string };
};

/** Fills what is empty at some spans of a trace from the one that began first and says it. Changes the rows. */
export function shareTraceFacts(rows: readonly FilledColumns[]): void {
  const traces = new Map<string, Facts>();
  for (const row of rows) note(traces, row);
  for (const row of rows) {
    const facts = traces.get(row.trace_id);
    if (facts === undefined) continue;
    for (const fact of FACTS) {
      if (row[fact] === undefined && facts[fact] !== '') row[fact] = facts[fact];
    }
    if (row.tags === undefined && facts.tags.length > 0) row.tags = facts.tags;
  }
}

function note(traces: Map<string, Facts>, row: FilledColumns): void {
  let facts = traces.get(row.trace_id);
  for (const fact of FACTS) {
    const said = row[fact];
    if (said === undefined) continue;
    facts ??= create(traces, row.trace_id);
    if (isEarlier(row, facts, fact)) facts[fact] = said;
  }
  if (row.tags === undefined) return;
  facts ??= create(traces, row.trace_id);
  if (isEarlier(row, facts, 'tags')) facts.tags = row.tags;
}

/** Spans that began at the same time have an order too, so that the answer does not depend on that of the batch. */
function isEarlier(row: FilledColumns, facts: Facts, fact: string): boolean {
  const place = `${row.started_at}${row.span_id}`;
  const known = facts.from[fact];
  if (known !== undefined && known <= place) return false;
  facts.from[fact] = place;
  return true;
}

function create(traces: Map<string, Facts>, traceId: string): Facts {
  const facts: Facts = { user_id: '', session_id: '', release: '', trace_name: '', tags: [], from: {} };
  traces.set(traceId, facts);
  return facts;
}

import type { TouchedRow } from '@app/tracing';
import { fillTraceFacts } from './fill-trace-facts.ts';
import { markSeen } from './mark-seen.ts';
import { type LoadScope, type MergeParts, mergeStoredParts } from './merge-stored-parts.ts';
import type { Clickhouse } from './open-clickhouse.ts';

export type JoinLoadOptions = { loaderId: string; mergeParts: MergeParts | undefined };

type What = TouchedRow['what'];

/** `into` takes the rows that are made of parts. */
type JoinedLoad = { into: Clickhouse; token: string; touched: Buffer };

/**
 * Puts together what a load brought and what was there: the parts of a span become its row, a call that its caller saw too
 * is counted once, and what was said once of a trace holds for all of it. All of it may be repeated.
 */
export function joinLoad(clickhouse: Clickhouse, { loaderId, mergeParts }: JoinLoadOptions) {
  const claiming = new Set<string>();
  const linked = new Set<string>();
  let tries = 0;

  /** Whether the project ever had any, which stays so: of its senders' names for calls, or of both sides of them. */
  async function has(known: Set<string>, sql: string, projectId: string): Promise<boolean> {
    if (known.has(projectId)) return true;
    const [row] = await clickhouse.rows<{ found: string }>(sql, { project_id: projectId });
    if (Number(row?.found ?? 0) === 0) return false;
    known.add(projectId);
    return true;
  }

  return async ({ into, token, touched }: JoinedLoad): Promise<void> => {
    const projects = new Map<string, Set<What>>();
    for (const [projectId, whats] of listTouched(touched)) {
      // Calls matter only where senders name them.
      if ([...whats].every((what) => what === 'call') && !(await has(claiming, claimsSql, projectId)))
        continue;
      projects.set(projectId, whats);
    }
    if (projects.size === 0) return;
    tries += 1;
    // Rows of an earlier try may be gone by now, so this is no repeat of it.
    await clickhouse.insert('load_touched', {
      ndjson: touched,
      token: `${token}-touched-${loaderId}-${tries}`,
    });
    for (const [projectId, whats] of projects) {
      const scope: LoadScope = { project_id: projectId, token };
      if (whats.has('part') && mergeParts !== undefined) await mergeStoredParts(into, scope, mergeParts);
      if (await has(linked, linksSql, projectId)) await markSeen(clickhouse, scope);
      if (whats.has('trace')) await fillTraceFacts(clickhouse, scope);
    }
  };
}

/** What of each project was touched. Only the two fields are looked for: a load has thousands of lines. */
function listTouched(touched: Buffer): Map<string, Set<What>> {
  const projects = new Map<string, Set<What>>();
  for (const line of touched.toString('utf8').split('\n')) {
    if (line === '') continue;
    const { project_id, what }: TouchedRow = JSON.parse(line);
    const known = projects.get(project_id);
    if (known === undefined) projects.set(project_id, new Set([what]));
    else known.add(what);
  }
  return projects;
}

const claims = 'SELECT 1 FROM gateway_claims WHERE project_id = {project_id:String} LIMIT 1';
const calls = 'SELECT 1 FROM gateway_calls WHERE project_id = {project_id:String} LIMIT 1';
const claimsSql = `SELECT count() AS found FROM (${claims}) LIMIT 1`;
const linksSql = `SELECT count() AS found FROM ((${claims}) UNION ALL (${calls})) LIMIT 1`;

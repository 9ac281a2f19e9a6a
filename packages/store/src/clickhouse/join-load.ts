import type { TouchedRow } from '@app/tracing';
import { fillTraceFacts } from './fill-trace-facts.ts';
import { markSeen } from './mark-seen.ts';
import { type LoadScope, type MergeParts, mergeStoredParts } from './merge-stored-parts.ts';
import type { Clickhouse } from './open-clickhouse.ts';

export type JoinLoadOptions = { loaderId: string; mergeParts: MergeParts | undefined };

type What = TouchedRow['what'];

/**
 * Puts together what a load brought and what was there: the parts of a span become its row, a call that its caller saw too
 * is counted once, and what was said once of a trace holds for all of it. All of it may be repeated.
 */
export function joinLoad(clickhouse: Clickhouse, { loaderId, mergeParts }: JoinLoadOptions) {
  const claiming = new Set<string>();
  let tries = 0;

  /** Whether any sender of the project ever named a call of the gateway; that stays so. */
  async function hasClaims(projectId: string): Promise<boolean> {
    if (claiming.has(projectId)) return true;
    const [row] = await clickhouse.rows<{ claims: string }>(claimsSql, { project_id: projectId });
    if (Number(row?.claims ?? 0) === 0) return false;
    claiming.add(projectId);
    return true;
  }

  return async (token: string, touched: Buffer): Promise<void> => {
    const projects = new Map<string, Set<What>>();
    for (const [projectId, whats] of listTouched(touched)) {
      // Calls matter only where senders name them.
      if ([...whats].every((what) => what === 'call') && !(await hasClaims(projectId))) continue;
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
      if (whats.has('part') && mergeParts !== undefined)
        await mergeStoredParts(clickhouse, scope, mergeParts);
      await markSeen(clickhouse, scope);
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

const claimsSql = `SELECT count() AS claims FROM (SELECT 1 FROM gateway_claims
  WHERE project_id = {project_id:String} LIMIT 1) LIMIT 1`;

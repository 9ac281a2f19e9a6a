import type { ExportLine, ExportSearch } from '@app/contract';
import type { Project, Store } from '@app/store';
import { exportTold } from './export-told.ts';
import { ownedFilterOf } from './owned-filter.ts';
import type { ReadSealed } from './read-sealed.ts';

/** A list of something that a project has, a line each. */
export type ExportSource = { kind: string; list: (project: Project) => AsyncIterable<object> };

export type ExportDeps = {
  traces: Pick<Store['traces'], 'listCallsToExport'>;
  owned: Pick<
    Store['owned'],
    'listResponsesToExport' | 'listItemsToExport' | 'listToldEvents' | 'listToldAnomalies'
  >;
  readSealed: ReadSealed;
  /** What belongs to the project as a whole. */
  sources: readonly ExportSource[];
  nowMs: () => number;
};

export type AskedExport = { project: Project; search: ExportSearch; isTestOnly: boolean };

const CALLS = 50;
const ROWS = 50;

/**
 * Everything that a project has, or what is narrowed down by a search, line by line and no faster than it is read. What is
 * recorded after the export began is not in it. The last line counts the others, so that one that was cut off shows.
 */
export async function* exportProject(
  deps: ExportDeps,
  asked: AskedExport,
): AsyncGenerator<ExportLine, void, undefined> {
  const atMs = deps.nowMs();
  const counts: { [kind: string]: number } = {};
  const { project, search } = asked;
  yield {
    kind: 'export',
    format: 1,
    at: new Date(atMs).toISOString(),
    organization_id: project.organizationId,
    project_id: project.id,
    filter: search,
    test_only: asked.isTestOnly,
  };
  for await (const line of linesOf(deps, asked, atMs)) {
    counts[line.kind] = (counts[line.kind] ?? 0) + 1;
    yield line;
  }
  yield { kind: 'end', lines: counts };
}

async function* linesOf(deps: ExportDeps, asked: AskedExport, atMs: number): AsyncGenerator<ExportLine> {
  const isNarrowed = Object.values(asked.search).some((value) => value !== undefined);
  if (!isNarrowed) {
    for (const { kind, list } of deps.sources) {
      for await (const value of list(asked.project)) yield { ...value, kind };
    }
  }
  const what = { filter: asked.search, beforeMs: atMs, isTestOnly: asked.isTestOnly };
  yield* callsOf(deps, asked.project.id, what);
  yield* responsesOf(deps, asked.project.id, what);
  yield* itemsOf(deps, asked.project.id, what);
  yield* exportTold(deps.owned, asked.project.id, what);
}

type What = { filter: ExportSearch; beforeMs: number; isTestOnly: boolean };

async function* callsOf({ traces }: ExportDeps, projectId: string, what: What): AsyncGenerator<ExportLine> {
  for (let after: string | undefined; ; ) {
    const page = await traces.listCallsToExport(projectId, { ...what, after, limit: CALLS });
    for (const call of page.calls) {
      yield {
        kind: 'call',
        trace_id: call.traceId,
        request_id: call.requestId,
        key_id: call.keyId,
        user_id: call.userId,
        session_id: call.sessionId,
        tags: call.tags,
        mode: call.mode,
        environment: call.environment,
        span: call.span,
        attempts: call.attempts,
        request: call.request,
        reply: call.reply,
      };
    }
    if (page.next === undefined) return;
    after = page.next;
  }
}

async function* responsesOf(deps: ExportDeps, projectId: string, what: What): AsyncGenerator<ExportLine> {
  const filter = ownedFilterOf(what);
  if (filter === undefined) return;
  for (let after: { mode: string; id: string } | undefined; ; ) {
    const rows = await deps.owned.listResponsesToExport(projectId, { ...filter, limit: ROWS, after });
    for (const row of rows) {
      const owner = { projectId, mode: row.mode, keyId: row.keyId };
      yield {
        kind: 'response',
        id: row.id,
        mode: row.mode,
        key_id: row.keyId,
        status: row.status,
        created_at: new Date(row.createdAtMs).toISOString(),
        content: deps.readSealed.response(owner, row) ?? null,
      };
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS) return;
    after = { mode: last.mode, id: last.id };
  }
}

async function* itemsOf(deps: ExportDeps, projectId: string, what: What): AsyncGenerator<ExportLine> {
  const filter = ownedFilterOf(what);
  if (filter === undefined) return;
  for (let after = '0'; ; ) {
    const rows = await deps.owned.listItemsToExport(projectId, { ...filter, limit: ROWS, after });
    for (const row of rows) {
      const owner = { projectId, mode: row.mode, keyId: row.keyId };
      yield {
        kind: 'conversation_item',
        conversation_id: row.conversationId,
        id: row.id,
        mode: row.mode,
        content: deps.readSealed.item(owner, row) ?? null,
      };
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS) return;
    after = last.position;
  }
}

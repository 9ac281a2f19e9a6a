import type { DataFilter, Deletion, DeletionList } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { CallFilter, DeletionCounts, Store } from '@app/store';
import { type IdSource, newId } from '../ids.ts';
import { ownedFilterOf } from './owned-filter.ts';
import { showDeletion } from './show-deletion.ts';
import { toldOfUser } from './told-filter.ts';

export type DeletionsDeps = {
  deletions: Pick<Store['deletions'], 'insertDeletion' | 'findDeletion' | 'listDeletions'>;
  traces: Pick<Store['traces'], 'countErasable'>;
  owned: Pick<Store['owned'], 'countOwnedRows' | 'countToldUser'>;
  ids: IdSource;
  /** Begins with what waits. */
  wake: () => void;
};

type AskedDeletion = {
  filter: DataFilter;
  isDryRun: boolean;
  /** Test keys reach what test keys recorded, and nothing else. */
  isTestOnly: boolean;
  requestedBy: string | undefined;
};

type Place = { id: string; organizationId: string };

/** What is deleted on request. */
export type Deletions = {
  /** Notes what is asked for; a dry run is answered with its counts. Throws `invalid_parameter` and `conflict`. */
  begin(project: Place, asked: AskedDeletion): Promise<Deletion>;
  list(projectId: string, page: { cursor?: string | undefined; limit: number }): Promise<DeletionList>;
  /** Throws `not_found`. */
  get(projectId: string, id: string): Promise<Deletion>;
};

const OPEN_MAX = 20;

export function createDeletions(deps: DeletionsDeps): Deletions {
  const { deletions } = deps;
  return {
    begin: (project, asked) => begin(deps, project, asked),
    list: async (projectId, { cursor, limit }) => {
      const found = await deletions.listDeletions(projectId, { before: cursor, limit: limit + 1 });
      const page = found.slice(0, limit);
      return {
        data: page.map(showDeletion),
        next_cursor: found.length > limit ? (page.at(-1)?.id ?? null) : null,
      };
    },
    get: async (projectId, id) => {
      const found = await deletions.findDeletion(projectId, { id });
      if (found !== undefined) return showDeletion(found);
      throw new GatewayError('not_found', 'There is no deletion with this id.', { retryable: false });
    },
  };
}

async function begin(deps: DeletionsDeps, project: Place, asked: AskedDeletion): Promise<Deletion> {
  const { filter, isDryRun, isTestOnly, requestedBy } = asked;
  refuseUnclear(filter);
  const requestedAtMs = deps.ids.nowMs();
  const deleted = isDryRun
    ? await count(deps, project.id, { filter, beforeMs: requestedAtMs, isTestOnly })
    : NOTHING;
  const begun = await deps.deletions.insertDeletion(project.id, {
    id: newId('del_', deps.ids),
    organizationId: project.organizationId,
    filter,
    isDryRun,
    isTestOnly,
    state: isDryRun ? 'counted' : 'counting',
    requestedBy,
    requestedAtMs,
    deleted,
    openMax: OPEN_MAX,
  });
  if (begun === undefined) {
    const message = `${OPEN_MAX} deletions of this project wait already; ask again when one has ended.`;
    throw new GatewayError('conflict', message, { retryable: true });
  }
  if (!isDryRun) deps.wake();
  return showDeletion(begun);
}

const NOTHING: DeletionCounts = { traces: 0, spans: 0, contents: 0, responses: 0, alerts: 0, bytes: 0 };

/** An empty filter means everything, which nobody should mean by mistake. */
function refuseUnclear(filter: DataFilter): void {
  const named = Object.values(filter).filter((value) => value !== undefined);
  if (named.length === 0)
    throw refused('filter', 'Name at least one of trace_id, user, session, tag, from and to.');
  const { from, to } = filter;
  if (from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to))
    throw refused('filter.from', 'The range must begin before it ends.');
}

function refused(param: string, message: string): GatewayError {
  return new GatewayError('invalid_parameter', message, { param, retryable: false });
}

async function count(
  { traces, owned }: Pick<DeletionsDeps, 'traces' | 'owned'>,
  projectId: string,
  filter: CallFilter,
): Promise<DeletionCounts> {
  const ownedFilter = ownedFilterOf(filter);
  const told = toldOfUser(filter);
  const [counts, rows, alerts] = await Promise.all([
    traces.countErasable(projectId, filter),
    ownedFilter === undefined ? { responses: 0 } : owned.countOwnedRows(projectId, ownedFilter),
    told === undefined ? 0 : owned.countToldUser(projectId, { ...told, beforeMs: filter.beforeMs }),
  ]);
  return { ...counts, responses: rows.responses, alerts };
}

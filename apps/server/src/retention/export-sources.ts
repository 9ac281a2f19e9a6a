import type { Project, Store } from '@app/store';
import { showEvent } from '../audit/show-event.ts';
import type { Keys } from '../keys/create-keys.ts';
import type { Budgets } from '../limits/management/create-budgets.ts';
import type { Limits } from '../limits/management/create-limits.ts';
import { placeOf } from '../limits/management/limit-place.ts';
import { showProjectMember } from '../members/show-member.ts';
import type { Retention } from './create-retention.ts';
import type { ExportSource } from './export-project.ts';

export type ExportSourcesDeps = {
  keys: Pick<Keys, 'list'>;
  limits: Pick<Limits, 'list'>;
  budgets: Pick<Budgets, 'list'>;
  retention: Pick<Retention, 'get'>;
  store: {
    tenants: Pick<Store['tenants'], 'findProject'>;
    members: Pick<Store['members'], 'listProjectMembers'>;
    audit: Pick<Store['audit'], 'readAuditEvents'>;
  };
};

const PAGE = 200;
const MEMBERS_MAX = 10_000;

/** What a project has beside its calls: settings, people, keys without their secrets, limits, budgets, what was written down. */
export function exportSources({
  keys,
  limits,
  budgets,
  retention,
  store,
}: ExportSourcesDeps): ExportSource[] {
  return [
    { kind: 'settings', list: (project) => settingsOf({ retention, store }, project) },
    { kind: 'member', list: (project) => membersOf(store, project) },
    { kind: 'key', list: ({ id }) => pagesOf((cursor) => keys.list(id, { limit: PAGE, ...cursor })) },
    {
      kind: 'limit',
      list: (project) => pagesOf((cursor) => limits.list(placeOf(project), { limit: PAGE, ...cursor })),
    },
    {
      kind: 'budget',
      list: (project) => pagesOf((cursor) => budgets.list(placeOf(project), { limit: PAGE, ...cursor })),
    },
    { kind: 'audit_event', list: (project) => auditEventsOf(store, project) },
  ];
}

async function* pagesOf<T extends object>(
  list: (cursor: { cursor?: string }) => Promise<{ data: readonly T[]; next_cursor: string | null }>,
): AsyncGenerator<T> {
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { data: readonly T[]; next_cursor: string | null } = await list(
      cursor === '' ? {} : { cursor },
    );
    yield* page.data;
    cursor = page.next_cursor;
  }
}

async function* settingsOf(
  { retention, store }: Pick<ExportSourcesDeps, 'retention' | 'store'>,
  project: Project,
): AsyncGenerator<object> {
  yield { project: await store.tenants.findProject(project.id), retention: await retention.get(project.id) };
}

async function* membersOf({ members }: ExportSourcesDeps['store'], project: Project): AsyncGenerator<object> {
  const found = await members.listProjectMembers(project.id, { limit: MEMBERS_MAX });
  yield* found.map(showProjectMember);
}

async function* auditEventsOf(
  { audit }: ExportSourcesDeps['store'],
  project: Project,
): AsyncGenerator<object> {
  for (let afterSequence = 0; ; ) {
    const events = await audit.readAuditEvents(project.organizationId, { afterSequence, limit: PAGE });
    const last = events.at(-1);
    if (last === undefined) return;
    yield* events.filter(({ projectId }) => projectId === project.id).map(showEvent);
    afterSequence = last.sequence;
  }
}

import { type RelationalStore, serverSeenWithinMs } from '@app/store';
import type { KeyFact } from './facts.ts';
import type { StoreFacts } from './unknown-store.ts';

export type AskedStore = Pick<RelationalStore, 'security' | 'tenants' | 'limitUsage'>;

const ROWS_MAX = 10_000;

/** What an open PostgreSQL knows. A part that it cannot tell is undefined. Never rejects. */
export async function readStore(store: AskedStore, nowMs: number): Promise<StoreFacts> {
  const { security } = store;
  const [keys, owners, people, projectsWithoutBudget, alerting, servers] = await Promise.all([
    told(security.listLiveKeys({ nowMs, limit: ROWS_MAX })),
    told(store.tenants.countOwners()),
    // The tables of the sign-in library are not there before the first start.
    told(security.listPeople({ limit: ROWS_MAX })),
    told(security.listProjectsWithoutBudget({ limit: ROWS_MAX })),
    told(security.listAlerting({ limit: ROWS_MAX })),
    told(store.limitUsage.listLiveServers({ seenWithinMs: serverSeenWithinMs })),
  ]);
  return {
    keys: keys?.map(
      ({ projectId, isOfFirstProject, ...key }): KeyFact => ({
        ...key,
        ...(!isOfFirstProject && { project: projectId }),
      }),
    ),
    hasOwner: owners === undefined ? undefined : owners > 0,
    people,
    projectsWithoutBudget,
    alerting,
    serverCount: servers?.length,
  };
}

function told<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch(() => undefined);
}

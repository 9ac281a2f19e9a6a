import type { RetentionPolicy } from '@app/contract';
import type { Store } from '@app/store';
import { policyOf } from './retention-policy.ts';

export type RunRetentionDeps = {
  retention: Pick<
    Store['retention'],
    'listRetentions' | 'setResponseExpiry' | 'deleteUnusedConversationsOfProject' | 'askContentSweeps'
  >;
  traces: Pick<Store['traces'], 'expireSpans' | 'blankSpans' | 'dropMonths' | 'findContentCutoff'>;
  defaults: RetentionPolicy;
  nowMs: () => number;
  isStopping: () => boolean;
};

const DAY_MS = 86_400_000;
const PAGE = 500;
const ROWS = 1_000;
/** Of one project in one run; what is left is for the next one. */
const BATCHES_MAX = 100;

type Kept = {
  projectId: string;
  policy: RetentionPolicy;
  isOwn: { responses: boolean; conversations: boolean };
};

/**
 * Deletes what is kept for longer, or takes more, than its project wants. Days are whole days in UTC, so that a part of the
 * trace store is written anew once a day at most.
 */
export async function runRetention(deps: RunRetentionDeps): Promise<void> {
  const nowMs = deps.nowMs();
  const projects = await listProjects(deps);
  await dropWholeMonths(deps, projects, nowMs);
  for (const [beforeMs, projectIds] of groupsOf(projects, nowMs, 'traces_days')) {
    if (deps.isStopping()) return;
    await noted(deps, await deps.traces.expireSpans({ projectIds, beforeMs }));
  }
  for (const [beforeMs, projectIds] of groupsOf(projects, nowMs, 'contents_days')) {
    if (deps.isStopping()) return;
    await noted(deps, await deps.traces.blankSpans({ projectIds, beforeMs }));
  }
  for (const project of projects) {
    if (deps.isStopping()) return;
    await keepSize(deps, project);
    await keepReplies(deps, project, nowMs);
  }
}

async function listProjects({ retention, defaults }: RunRetentionDeps): Promise<Kept[]> {
  const all: Kept[] = [];
  for (let after = ''; ; ) {
    const page = await retention.listRetentions({ after, limit: PAGE });
    for (const { projectId, policy } of page) {
      const isOwn = {
        responses: policy.responses_days !== undefined,
        conversations: policy.conversations_days !== undefined,
      };
      all.push({ projectId, policy: policyOf(defaults, policy), isOwn });
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return all;
    after = last.projectId;
  }
}

/** A month that is due for everybody is dropped whole. */
async function dropWholeMonths(
  deps: RunRetentionDeps,
  projects: readonly Kept[],
  nowMs: number,
): Promise<void> {
  const days = projects.map(({ policy }) => policy.traces_days);
  if (days.length === 0 || days.includes(null)) return;
  const longest = Math.max(...days.map((each) => each ?? 0));
  const dropped = await deps.traces.dropMonths({ beforeMs: dayBefore(nowMs, longest) });
  if (dropped > 0)
    await noted(
      deps,
      projects.map(({ projectId }) => projectId),
    );
}

/** Midnight, so many days ago. */
function dayBefore(nowMs: number, days: number): number {
  return Math.floor((nowMs - days * DAY_MS) / DAY_MS) * DAY_MS;
}

/** Projects that keep for the same time are looked through together. */
function groupsOf(
  projects: readonly Kept[],
  nowMs: number,
  field: 'traces_days' | 'contents_days',
): [beforeMs: number, projectIds: string[]][] {
  const groups = new Map<number, string[]>();
  for (const { projectId, policy } of projects) {
    const days = policy[field];
    if (days === null) continue;
    const beforeMs = dayBefore(nowMs, days);
    groups.set(beforeMs, [...(groups.get(beforeMs) ?? []), projectId]);
  }
  return [...groups].flatMap(([beforeMs, ids]) =>
    Array.from({ length: Math.ceil(ids.length / PAGE) }, (_, page): [number, string[]] => [
      beforeMs,
      ids.slice(page * PAGE, (page + 1) * PAGE),
    ]),
  );
}

async function noted({ retention }: RunRetentionDeps, projectIds: readonly string[]): Promise<void> {
  if (projectIds.length > 0) await retention.askContentSweeps({ projectIds });
}

async function keepSize(deps: RunRetentionDeps, { projectId, policy }: Kept): Promise<void> {
  const bytesMax = policy.contents_bytes_max;
  if (bytesMax === null) return;
  const beforeMs = await deps.traces.findContentCutoff(projectId, { bytesMax });
  if (beforeMs === undefined) return;
  await noted(deps, await deps.traces.blankSpans({ projectIds: [projectId], beforeMs }));
}

/** Those of projects that decided nothing follow the default where they are written. */
async function keepReplies(
  deps: RunRetentionDeps,
  { projectId, policy, isOwn }: Kept,
  nowMs: number,
): Promise<void> {
  const { retention } = deps;
  if (isOwn.responses) {
    const keptMs = policy.responses_days === null ? undefined : policy.responses_days * DAY_MS;
    await inBatches(() => retention.setResponseExpiry(projectId, { keptMs, limit: ROWS }));
  }
  if (!isOwn.conversations || policy.conversations_days === null) return;
  const unusedSinceMs = nowMs - policy.conversations_days * DAY_MS;
  await inBatches(() =>
    retention.deleteUnusedConversationsOfProject(projectId, { unusedSinceMs, limit: ROWS }),
  );
}

async function inBatches(run: () => Promise<number>): Promise<void> {
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) if ((await run()) < ROWS) return;
}

import type { DeletionCounts, Store, StoredDeletion } from '@app/store';
import { deleteOwned } from './delete-owned.ts';
import { lookEverywhere } from './look-everywhere.ts';
import type { DataRounds } from './open-data-rounds.ts';
import type { ReceiptKey } from './receipt-key.ts';
import { RoundFailure } from './round-failure.ts';
import { type SweepContentsDeps, sweepContents } from './sweep-contents.ts';
import { toldOfUser } from './told-filter.ts';

export type RunDeletionDeps = SweepContentsDeps & {
  deletions: Pick<Store['deletions'], 'saveDeletion'>;
  owned: Store['owned'];
  traces: Store['traces'];
  rounds: Pick<DataRounds, 'run'>;
  receiptKey: Pick<ReceiptKey, 'sign'>;
  serverId: string;
  nowMs: () => number;
  /** Between two looks at the disk. */
  pause: (delayMs: number) => Promise<void>;
  /** True when the server wants to stop: what is left is for whoever takes it over. */
  isStopping: () => boolean;
  /** How often is looked whether replaced parts have left the disk. */
  partLooksMax?: number;
};

/** How often calls that came meanwhile are gone after. */
const ROUNDS_MAX = 8;

/** The server stops, or another one has taken the deletion over. */
class Interrupted extends Error {}

/**
 * Deletes what is meant, in every place, and says so in a receipt. Every step may be repeated, so whoever takes over begins
 * again: nothing is left half-way. Resolves to where it stands; rejects when a store does not answer, and may then be run again.
 */
export async function runDeletion(deps: RunDeletionDeps, begun: StoredDeletion): Promise<StoredDeletion> {
  try {
    const counted = await count(deps, begun);
    // From here on no server loads anything of it, and everything that was recorded before is loaded.
    if (!(await deps.rounds.run())) throw new RoundFailure();
    const erased = await eraseCalls(deps, counted);
    const swept = await sweep(deps, erased);
    return await finish(deps, swept);
  } catch (error) {
    if (error instanceof Interrupted) return begun;
    throw error;
  }
}

async function save(
  deps: RunDeletionDeps,
  current: StoredDeletion,
  change: Partial<StoredDeletion>,
): Promise<StoredDeletion> {
  const next = { ...current, ...change };
  const { id, state, step, deleted, receipt, finishedAtMs } = next;
  const isOurs = await deps.deletions.saveDeletion(next.projectId, {
    ...{ id, state, step, deleted, receipt, finishedAtMs },
    serverId: deps.serverId,
  });
  if (!isOurs || (deps.isStopping() && finishedAtMs === undefined)) throw new Interrupted();
  return next;
}

const filterOf = ({ filter, requestedAtMs, isTestOnly }: StoredDeletion) => ({
  filter,
  beforeMs: requestedAtMs,
  isTestOnly,
});

async function count(deps: RunDeletionDeps, deletion: StoredDeletion): Promise<StoredDeletion> {
  // One that was interrupted has counted already.
  if (deletion.step > 0) return save(deps, deletion, { state: 'deleting' });
  const { bytes } = await deps.traces.countErasable(deletion.projectId, filterOf(deletion));
  return save(deps, deletion, { state: 'deleting', step: 5, deleted: { ...deletion.deleted, bytes } });
}

async function eraseCalls(deps: RunDeletionDeps, deletion: StoredDeletion): Promise<StoredDeletion> {
  let current = deletion;
  for (;;) {
    const { projectId, id: jobId } = current;
    const calls = await deps.traces.stageErasure(projectId, { ...filterOf(current), jobId });
    if (calls === 0) break;
    const counts = await eraseBatch(deps, current);
    const step = Math.min(80, current.step + Math.max(1, Math.round((80 - current.step) / 4)));
    current = await save(deps, current, { step, deleted: counts });
  }
  await deps.traces.endErasure(current.id);
  const responses = await deleteOwned(deps.owned, current.projectId, filterOf(current));
  return { ...current, deleted: { ...current.deleted, responses: current.deleted.responses + responses } };
}

async function eraseBatch(deps: RunDeletionDeps, current: StoredDeletion): Promise<DeletionCounts> {
  const { projectId, id: jobId, deleted } = current;
  const { traces, owned } = deps;
  const staged = await traces.countStaged(projectId, jobId);
  let responses = 0;
  for (let after = ''; ; ) {
    const requestIds = await traces.listStagedRequests(projectId, { jobId, after, limit: REQUESTS });
    const last = requestIds.at(-1);
    if (last === undefined) break;
    responses += await owned.deleteResponsesOfRequests(projectId, { requestIds });
    after = last;
  }
  await traces.eraseSpans(projectId, { jobId });
  // A span of the same trace may have been on its way while the trace's times were deleted.
  if (!(await deps.rounds.run())) throw new RoundFailure();
  await traces.restoreTraceIndex(projectId, { jobId });
  const left = await traces.countStagedLeft(projectId, { jobId, storedBeforeMs: 0 });
  if (left.spans + left.repriced + left.traceIndex + left.received > 0)
    throw new Error('What was deleted is still there.');
  return {
    ...deleted,
    traces: deleted.traces + staged.traces,
    spans: deleted.spans + staged.spans,
    responses: deleted.responses + responses,
  };
}

const REQUESTS = 1_000;

type Swept = { deletion: StoredDeletion; contentsLeft: number };

async function sweep(deps: RunDeletionDeps, deletion: StoredDeletion): Promise<Swept> {
  let current = await save(deps, deletion, { state: 'sweeping', step: 85 });
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const swept = (await sweepContents(deps, [current.projectId])).get(current.projectId);
    const contents = current.deleted.contents + (swept?.contents ?? 0);
    current = await save(deps, current, { step: 90, deleted: { ...current.deleted, contents } });
    const matching = await deps.traces.countMatchingCalls(current.projectId, filterOf(current));
    if (matching === 0) return { deletion: current, contentsLeft: swept?.left ?? 0 };
    current = await eraseCalls(deps, current);
  }
  throw new Error('What is meant keeps coming back.');
}

/** What alerts and anomalies keep of a user goes after the calls that they would be told of again by. */
async function forgetTold(deps: RunDeletionDeps, deletion: StoredDeletion): Promise<StoredDeletion> {
  const told = toldOfUser(deletion);
  if (told === undefined) return deletion;
  const alerts = await deps.owned.forgetToldUser(deletion.projectId, told);
  return { ...deletion, deleted: { ...deletion.deleted, alerts: (deletion.deleted.alerts ?? 0) + alerts } };
}

async function finish(deps: RunDeletionDeps, swept: Swept): Promise<StoredDeletion> {
  const toldBeforeMs = deps.nowMs();
  const deletion = await forgetTold(deps, swept.deletion);
  const { contentsLeft } = swept;
  const places = await lookEverywhere(deps, deletion, { contentsLeft, toldBeforeMs });
  const leftover = places.find(({ left }) => left > 0);
  if (leftover !== undefined) throw new Error(`Something is left: ${leftover.place}.`);
  const finishedAtMs = deps.nowMs();
  const receipt = deps.receiptKey.sign({
    deletion_id: deletion.id,
    organization_id: deletion.organizationId,
    project_id: deletion.projectId,
    filter: deletion.filter,
    requested_at: new Date(deletion.requestedAtMs).toISOString(),
    finished_at: new Date(finishedAtMs).toISOString(),
    deleted: deletion.deleted,
    swept: places,
  });
  return save(deps, deletion, { state: 'done', step: 100, receipt, finishedAtMs });
}

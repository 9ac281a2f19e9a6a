import type { RepricingProgress, Store, StoredRepricing } from '@app/store';
import { addToReport } from './add-to-report.ts';
import { type FindPrice, repriceCall } from './reprice-call.ts';

export type RunRepricingDeps = {
  repricings: Pick<Store['repricings'], 'saveRepricing'>;
  traces: Pick<Store['traces'], 'listBilledCalls' | 'stageRepriced' | 'applyRepriced'>;
  findPrice: FindPrice;
  /** Runs between batches; lets whoever waits go first. */
  breathe(): Promise<void>;
  /** True when the server wants to stop: what is left is for whoever takes it over. */
  isStopping(): boolean;
  onProgress?(progress: RepricingProgress): void;
};

/** Calls of one batch: a few megabytes of figures at most, and well under a second. */
const BATCH = 500;

/**
 * Prices a range again, batch by batch, from where it stands. What a batch changes is staged, then noted in the report,
 * then written into the spans: wherever this is interrupted, whoever goes on neither loses nor repeats a change. Resolves
 * to the state it left; rejects when a store does not answer, and may then be run again.
 */
export async function runRepricing(deps: RunRepricingDeps, begun: StoredRepricing): Promise<StoredRepricing> {
  let current = begun;
  // The last batch in the report may not be in the spans yet.
  if (current.progress.batches > 0) await apply(deps, current);
  while (!isOver(current)) {
    if (deps.isStopping()) return current;
    const next = await runBatch(deps, current);
    const { id, serverId } = current;
    const isOurs = await deps.repricings.saveRepricing(current.projectId, {
      id,
      serverId,
      status: 'running',
      progress: next,
    });
    if (!isOurs) return current;
    current = { ...current, progress: next };
    await apply(deps, current);
    deps.onProgress?.(next);
    await deps.breathe();
  }
  const end = {
    id: current.id,
    serverId: current.serverId,
    status: 'done',
    progress: current.progress,
  } as const;
  await deps.repricings.saveRepricing(current.projectId, end);
  return { ...current, status: 'done' };
}

function isOver({ progress }: StoredRepricing): boolean {
  return progress.batches > 0 && progress.cursor === undefined;
}

async function runBatch(deps: RunRepricingDeps, repricing: StoredRepricing): Promise<RepricingProgress> {
  const { projectId, fromMs, toMs, progress } = repricing;
  const question = { fromMs, toMs, after: progress.cursor, limit: BATCH };
  const { calls, next } = await deps.traces.listBilledCalls(projectId, question);
  const repriced = calls.map((call) => repriceCall(call, deps.findPrice, repricing.createdAtMs));
  const batches = progress.batches + 1;
  if (repricing.isApplied) {
    const spans = repriced.flatMap(({ changes }) => changes);
    await deps.traces.stageRepriced(projectId, { repricingId: repricing.id, batch: batches, spans });
  }
  const { cursor: _, ...report } = addToReport(progress, repriced);
  return { ...report, batches, ...(next === undefined ? {} : { cursor: next }) };
}

async function apply({ traces }: RunRepricingDeps, { id, projectId, isApplied, progress }: StoredRepricing) {
  if (isApplied) await traces.applyRepriced(projectId, { repricingId: id, batch: progress.batches });
}

import type { Schedule } from '@app/gateway';
import type { Store, StoredDeletion } from '@app/store';
import { RoundFailure } from '../retention/round-failure.ts';

export type DataUpkeepDeps = {
  deletions: Pick<Store['deletions'], 'claimDeletion' | 'saveDeletion'>;
  retention: Pick<
    Store['retention'],
    'claimRetentionRun' | 'forgetRetentionRun' | 'listContentSweeps' | 'endContentSweep'
  >;
  /** Runs one server's work at a time; false when another one is at it. */
  withDataLock: (run: () => Promise<void>) => Promise<boolean>;
  runDeletion: (deletion: StoredDeletion) => Promise<StoredDeletion>;
  runRetention: () => Promise<void>;
  sweepContents: (projectIds: readonly string[]) => Promise<unknown>;
  /** Told of every deletion that has ended. */
  onEnd: (ended: StoredDeletion) => Promise<void>;
  serverId: string;
  /** A deletion of another server that saved nothing for so long is taken over by whoever has the lock. */
  silentMs?: number;
  nowMs: () => number;
  schedule: Schedule;
  onWarning: (message: string, error: unknown) => void;
};

export type DataUpkeep = {
  /** Does everything that is due now. */
  run(): Promise<void>;
  /** Begins soon. */
  wake(): void;
  isStopping(): boolean;
  /** Takes no more, and resolves once what is at work has stopped. */
  close(): Promise<void>;
};

const FIRST_MS = 3_000;
const EVERY_MS = 30_000;
const RETENTION_EVERY_MS = 3_600_000;
/**
 * A server that works on a deletion holds the lock, so whoever has it finds nobody at work. One that lost its lock with its
 * connection hears of it when it saves next, and steps may be repeated.
 */
const SILENT_MS = 1_000;
const SWEEPS_MAX = 100;

/** Deletes what people asked for, then what is kept for too long, then contents that nothing refers to. */
export function openDataUpkeep(deps: DataUpkeepDeps): DataUpkeep {
  let isStopping = false;
  let working: Promise<void> | undefined;
  let isAsked = false;
  let cancel = (): void => undefined;
  const work = () =>
    deps
      .withDataLock(() => workThrough(deps, () => isStopping))
      .then(() => undefined)
      .catch((error: unknown) =>
        deps.onWarning('Data could not be looked through; it is tried again.', error),
      );
  const run = (): Promise<void> => {
    cancel();
    isAsked = false;
    working ??= work().finally(() => {
      working = undefined;
      if (!isStopping) cancel = deps.schedule(isAsked ? 0 : EVERY_MS, () => void run());
    });
    return working;
  };
  cancel = deps.schedule(FIRST_MS, () => void run());
  return {
    run,
    wake: () => {
      isAsked = true;
      if (isStopping || working !== undefined) return;
      cancel();
      cancel = deps.schedule(0, () => void run());
    },
    isStopping: () => isStopping,
    close: async () => {
      isStopping = true;
      cancel();
      await working;
    },
  };
}

async function workThrough(deps: DataUpkeepDeps, isStopping: () => boolean): Promise<void> {
  await deleteAll(deps, isStopping);
  if (!isStopping()) await keep(deps);
  const due = isStopping() ? [] : await deps.retention.listContentSweeps({ limit: SWEEPS_MAX });
  if (due.length === 0) return;
  await deps.sweepContents(due.map(({ projectId }) => projectId));
  for (const { projectId, askedAt } of due) await deps.retention.endContentSweep(projectId, { askedAt });
}

async function deleteAll(deps: DataUpkeepDeps, isStopping: () => boolean): Promise<void> {
  const { serverId, silentMs = SILENT_MS } = deps;
  while (!isStopping()) {
    const claimed = await deps.deletions.claimDeletion({ serverId, silentMs });
    if (claimed === undefined) return;
    const ended = await deps.runDeletion(claimed).catch((error: unknown) => fail(deps, claimed, error));
    if (ended.finishedAtMs === undefined) return;
    await deps.onEnd(ended);
  }
}

/** A store that is away is waited for, and so is a server: the next round goes on. Anything else ends it. */
async function fail(deps: DataUpkeepDeps, claimed: StoredDeletion, error: unknown): Promise<StoredDeletion> {
  if (error instanceof RoundFailure || isAway(error)) throw error;
  const { projectId, id, step, deleted } = claimed;
  const message = error instanceof Error ? error.message : String(error);
  const ended = { state: 'failed', error: message, finishedAtMs: deps.nowMs() } as const;
  await deps.deletions.saveDeletion(projectId, { id, step, deleted, serverId: deps.serverId, ...ended });
  return { ...claimed, ...ended };
}

function isAway(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'store_unavailable';
}

const RETENTION = 'retention';

async function keep({ retention, runRetention, nowMs }: DataUpkeepDeps): Promise<void> {
  const isDue = await retention.claimRetentionRun({
    name: RETENTION,
    nowMs: nowMs(),
    everyMs: RETENTION_EVERY_MS,
  });
  if (!isDue) return;
  try {
    await runRetention();
  } catch (error) {
    await retention.forgetRetentionRun({ name: RETENTION });
    throw error;
  }
}

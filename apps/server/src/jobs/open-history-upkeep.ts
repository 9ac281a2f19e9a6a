import type { Schedule } from '@app/gateway';
import { repeat } from '../snapshot/repeat.ts';

export type HistoryUpkeepDeps = {
  /** Deletes at most `limit` rows of before that time, and says how many it deleted. */
  deleteOldRows: (asked: { beforeMs: number; limit: number }) => Promise<number>;
  /** Told as a warning when it fails. */
  problem: string;
  keptMs: number;
  nowMs: () => number;
  schedule: Schedule;
  onWarning: (message: string, error: unknown) => void;
};

const EVERY_MS = 3_600_000;
const BATCH = 5_000;

/** Deletes what was told long ago, hour by hour. The returned function stops it. */
export function openHistoryUpkeep(deps: HistoryUpkeepDeps): () => void {
  return repeat(deps.schedule, EVERY_MS, async () => {
    try {
      const beforeMs = deps.nowMs() - deps.keptMs;
      while ((await deps.deleteOldRows({ beforeMs, limit: BATCH })) === BATCH);
    } catch (error) {
      deps.onWarning(deps.problem, error);
    }
  });
}

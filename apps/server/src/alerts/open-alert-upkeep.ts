import type { Schedule } from '@app/gateway';
import type { RelationalStore } from '@app/store';
import { repeat } from '../snapshot/repeat.ts';

export type AlertUpkeepDeps = {
  deleteOldAlertEvents: RelationalStore['alerts']['deleteOldAlertEvents'];
  keptMs: number;
  nowMs: () => number;
  schedule: Schedule;
  onWarning: (message: string, error: unknown) => void;
};

const EVERY_MS = 3_600_000;
const BATCH = 5_000;

/** Deletes what alerts told long ago, hour by hour. The returned function stops it. */
export function openAlertUpkeep(deps: AlertUpkeepDeps): () => void {
  return repeat(deps.schedule, EVERY_MS, async () => {
    try {
      const beforeMs = deps.nowMs() - deps.keptMs;
      while ((await deps.deleteOldAlertEvents({ beforeMs, limit: BATCH })) === BATCH);
    } catch (error) {
      deps.onWarning('The old history of alerts cannot be deleted now; trying again.', error);
    }
  });
}

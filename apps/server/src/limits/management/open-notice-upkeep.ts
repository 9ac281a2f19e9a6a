import type { Schedule } from '@app/gateway';
import type { RelationalStore } from '@app/store';
import { repeat } from '../../snapshot/repeat.ts';

export type NoticeUpkeepDeps = {
  deleteOldNotices: RelationalStore['limits']['deleteOldNotices'];
  keptMs: number;
  nowMs: () => number;
  schedule: Schedule;
  onWarning: (message: string, error: unknown) => void;
};

const EVERY_MS = 3_600_000;
const BATCH = 5_000;

/** Deletes what budgets did long ago, hour by hour. The returned function stops it. */
export function openNoticeUpkeep(deps: NoticeUpkeepDeps): () => void {
  return repeat(deps.schedule, EVERY_MS, async () => {
    try {
      const beforeMs = deps.nowMs() - deps.keptMs;
      while ((await deps.deleteOldNotices({ beforeMs, limit: BATCH })) === BATCH);
    } catch (error) {
      deps.onWarning('Old notices of budgets cannot be deleted now; trying again.', error);
    }
  });
}

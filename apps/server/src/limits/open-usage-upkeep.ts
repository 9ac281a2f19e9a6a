import type { Schedule } from '@app/gateway';
import type { RelationalStore } from '@app/store';
import { repeat } from '../snapshot/repeat.ts';
import type { OpenUsage } from './open-usage.ts';

export type UsageUpkeepDeps = {
  chargeGone: OpenUsage['chargeGone'];
  deleteOldLimitUsage: RelationalStore['limitUsage']['deleteOldLimitUsage'];
  /** How long what was used of a period is kept. */
  keptMs: number;
  nowMs: () => number;
  schedule: Schedule;
  onWarning: (message: string, error: unknown) => void;
};

export type UsageUpkeep = { run(): Promise<void>; close(): void };

const EVERY_MS = 30_000;
const BATCH = 1_000;
/** In one run; what is left is for the next one, so that no run holds the database for long. */
const BATCHES_MAX = 100;

/** Charges what servers that are gone left under way, and deletes what was used in periods of long ago. */
export function openUsageUpkeep(deps: UsageUpkeepDeps): UsageUpkeep {
  const run = async () => {
    await deps.chargeGone();
    const beforeMs = deps.nowMs() - deps.keptMs;
    for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
      if ((await deps.deleteOldLimitUsage({ beforeMs, limit: BATCH })) < BATCH) return;
    }
  };
  const runQuietly = () =>
    run().catch((error: unknown) =>
      deps.onWarning('What was used of limits could not be looked through.', error),
    );
  return { run, close: repeat(deps.schedule, EVERY_MS, runQuietly) };
}

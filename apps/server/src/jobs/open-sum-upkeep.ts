import type { Schedule } from '@app/gateway';
import type { Store } from '@app/store';

export type SumUpkeepDeps = {
  traces: Pick<Store['traces'], 'sums' | 'readClock'>;
  /** Runs one server's work at a time, deletions included; false when another one is at it. */
  withDataLock: (run: () => Promise<void>) => Promise<boolean>;
  nowMs: () => number;
  schedule: Schedule;
  onWarning: (message: string, error: unknown) => void;
};

export type SumUpkeep = {
  /** Takes no more, and resolves once what is at work has stopped. */
  close(): Promise<void>;
};

const FIRST_MS = 20_000;
const EVERY_MS = 60_000;
/** While there is more to do; a deletion that waits for the lock comes in between. */
const NEXT_MS = 500;
/** An insert ends within a minute of being noted; one that is noted later than this is not at work any more. */
const SETTLED_MS = 150_000;
const HOURS_MAX = 24;
/** A store that has run for longer than that is one that another server has looked after. */
const FRESH_S = 3_600;

/** Adds up the hours of traces in which nothing changes any more. */
export function openSumUpkeep(deps: SumUpkeepDeps): SumUpkeep {
  let isStopping = false;
  let working: Promise<void> | undefined;
  let lookedAtMs: number | undefined;
  let cancel = (): void => undefined;

  /** After ClickHouse was opened anew, changes that it did not come to note count as well. */
  const noteLost = async (): Promise<void> => {
    const { sums, readClock } = deps.traces;
    const uptimeS = await sums.readUptime();
    const sinceS = lookedAtMs === undefined ? FRESH_S : (deps.nowMs() - lookedAtMs) / 1_000;
    if (uptimeS < sinceS) await sums.noteUnnoted((await readClock()) - (uptimeS + 1) * 1_000);
    lookedAtMs = deps.nowMs();
  };

  const work = async (): Promise<number> => {
    let built = 0;
    try {
      await deps.withDataLock(async () => {
        await noteLost();
        await deps.traces.sums.clear();
        built = await deps.traces.sums.build({ settledMs: SETTLED_MS, hoursMax: HOURS_MAX });
      });
    } catch (error) {
      deps.onWarning('Hours of traces could not be added up; it is tried again.', error);
    }
    return built;
  };

  const plan = (delayMs: number): void => {
    if (isStopping) return;
    cancel = deps.schedule(delayMs, () => {
      working = work().then((built) => {
        working = undefined;
        plan(built > 0 ? NEXT_MS : EVERY_MS);
      });
    });
  };
  plan(FIRST_MS);
  return {
    async close() {
      isStopping = true;
      cancel();
      await working;
    },
  };
}

import type { Schedule } from '@app/gateway';
import type { RelationalStore } from '@app/store';
import { repeat } from '../snapshot/repeat.ts';
import { singleFlight } from '../snapshot/single-flight.ts';

export type RefusalCountDeps = {
  addRefusedCalls: RelationalStore['alerts']['addRefusedCalls'];
  serverId: string;
  nowMs: () => number;
  schedule: Schedule;
  onWarning: (message: string, error: unknown) => void;
};

export type RefusalCount = {
  /** Counts a call that was refused before it belonged to a project. Never waits and never throws. */
  note(): void;
  flush(): Promise<void>;
  close(): Promise<void>;
};

const FLUSH_MS = 5_000;
const MINUTE_MS = 60_000;
/** Minutes that wait while PostgreSQL is away. */
const MINUTES_MAX = 1_440;

/** How many calls came without a good key, minute by minute: counted in memory, written every few seconds. */
export function openRefusalCount(deps: RefusalCountDeps): RefusalCount {
  const counts = new Map<number, number>();
  let isAway = false;
  const flush = singleFlight(async () => {
    if (counts.size === 0) return;
    const refused = [...counts].map(([minuteMs, calls]) => ({ minuteMs, calls }));
    counts.clear();
    try {
      await deps.addRefusedCalls({ serverId: deps.serverId, refused });
      isAway = false;
    } catch (error) {
      for (const { minuteMs, calls } of refused) counts.set(minuteMs, (counts.get(minuteMs) ?? 0) + calls);
      if (!isAway) deps.onWarning('Refused calls cannot be written down; trying again.', error);
      isAway = true;
    }
  });
  const stop = repeat(deps.schedule, FLUSH_MS, () => flush(false));
  return {
    note: () => {
      const minuteMs = Math.floor(deps.nowMs() / MINUTE_MS) * MINUTE_MS;
      if (counts.size >= MINUTES_MAX && !counts.has(minuteMs)) return;
      counts.set(minuteMs, (counts.get(minuteMs) ?? 0) + 1);
    },
    flush: () => flush(false),
    close: async () => {
      stop();
      await flush(false);
    },
  };
}

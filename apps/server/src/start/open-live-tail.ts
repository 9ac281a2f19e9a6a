import type { Clock, Schedule } from '@app/gateway';
import type { Store } from '@app/store';
import { createLiveTail } from '../live-tail/create-live-tail.ts';

type LiveTailParts = { traces: Pick<Store['traces'], 'listFinished'>; clock: Clock; schedule: Schedule };

/** What follows calls as they end. It ends with its readers, and asks nothing while there are none. */
export function openLiveTail({ traces, clock, schedule }: LiveTailParts): ReturnType<typeof createLiveTail> {
  return createLiveTail({
    listFinished: traces.listFinished,
    nowMs: clock.nowMs,
    wait: (ms, signal) =>
      new Promise((resolve) => {
        const cancel = schedule(ms, resolve);
        signal.addEventListener('abort', () => {
          cancel();
          resolve();
        });
      }),
  });
}

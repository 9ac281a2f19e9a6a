import type { Schedule } from '@app/gateway';

/** Runs again and again, each time `delayMs` after the last run ended. The returned function stops it. */
export function repeat(schedule: Schedule, delayMs: number, run: () => Promise<void>): () => void {
  let isStopped = false;
  let cancel = () => {};
  const plan = () => {
    if (isStopped) return;
    cancel = schedule(delayMs, () => void run().finally(plan));
  };
  plan();
  return () => {
    isStopped = true;
    cancel();
  };
}

/** The same, beginning `firstMs` from now: a start has other things to do. */
export function repeatAfter(
  schedule: Schedule,
  { firstMs, everyMs }: { firstMs: number; everyMs: number },
  run: () => Promise<void>,
): () => void {
  let stop = () => {};
  const cancelFirst = schedule(firstMs, () => {
    stop = repeat(schedule, everyMs, run);
    void run();
  });
  return () => {
    cancelFirst();
    stop();
  };
}

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

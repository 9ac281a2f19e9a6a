import type { Schedule } from '@app/gateway';

/** Real time: runs something once after a while. What it gives takes that back. */
export const schedule: Schedule = (delayMs, run) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

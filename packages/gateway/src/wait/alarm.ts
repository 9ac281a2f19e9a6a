import type { Clock, Schedule } from '../ports.ts';

export type Alarm = {
  /** Moves the due time. Moving it later costs a comparison: the timer looks again when it fires. */
  setAt(dueMs: number): void;
  clear(): void;
};

/** One timer with a due time (monotonic milliseconds) that may move with every chunk. Rings once per `setAt`. */
export function openAlarm(
  { clock, schedule }: { clock: Clock; schedule: Schedule },
  ring: () => void,
): Alarm {
  let dueMs = Infinity;
  let armedMs = Infinity;
  let disarm: (() => void) | undefined;
  let hasGrace = true;

  const fire = (): void => {
    disarm = undefined;
    armedMs = Infinity;
    if (dueMs === Infinity) return;
    const nowMs = clock.monotonicMs();
    // A process that was held up finds bytes waiting that came in time: they are read before anyone is blamed.
    if (hasGrace && nowMs - dueMs > LATE_MS) {
      hasGrace = false;
      dueMs = nowMs + READ_MS;
    }
    if (nowMs < dueMs) {
      arm();
      return;
    }
    dueMs = Infinity;
    ring();
  };
  const arm = (): void => {
    armedMs = dueMs;
    disarm = schedule(Math.max(0, Math.ceil(dueMs - clock.monotonicMs())), fire);
  };
  return {
    setAt(nextMs) {
      dueMs = nextMs;
      hasGrace = true;
      if (nextMs >= armedMs || nextMs === Infinity) return;
      disarm?.();
      arm();
    },
    clear() {
      dueMs = Infinity;
      armedMs = Infinity;
      disarm?.();
      disarm = undefined;
    },
  };
}

const LATE_MS = 50;
const READ_MS = 10;

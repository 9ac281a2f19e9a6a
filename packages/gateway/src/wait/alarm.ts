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

  const fire = (): void => {
    disarm = undefined;
    armedMs = Infinity;
    if (dueMs === Infinity) return;
    if (clock.monotonicMs() < dueMs) {
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

import type { Clock, Schedule } from './clock.ts';
import type { Exporter } from './exporter.ts';
import type { RecordQueue } from './record-queue.ts';
import type { RetryPlan } from './retry-plan.ts';
import type { FlushMode } from './tracer-options.ts';
import type { WaitUntil } from './wait-until.ts';

export type FlusherDeps = {
  exporter: Exporter;
  retry: RetryPlan;
  queue: RecordQueue;
  clock: Clock;
  /** Does not keep the process alive. */
  schedule: Schedule;
  /** Does: somebody waits for what is done then. */
  hold: Schedule;
  /** Runs what is ours outside the request that it happens in. */
  detached<T>(fn: () => T): T;
  mode: FlushMode;
  intervalMs: number;
  batchBytes: number;
  findWaitUntil(): WaitUntil | undefined;
};

export type Flusher = {
  /** Something waits now. */
  wake(): void;
  /** True when nothing waits any more before the time is up. */
  flush(timeoutMs: number): Promise<boolean>;
  stop(): void;
};

/** Decides when what waits is sent: after an interval, when there is enough of it, at once, or when it is asked for. */
export function createFlusher(deps: FlusherDeps): Flusher {
  const { exporter, retry, queue, clock } = deps;
  let callOff: (() => void) | undefined;
  let dueMs = Number.POSITIVE_INFINITY;

  function plan(delayMs: number): void {
    const atMs = Math.max(clock.nowMs() + delayMs, retry.nextAttemptMs());
    if (atMs >= dueMs) return;
    callOff?.();
    dueMs = atMs;
    callOff = deps.detached(() => deps.schedule(Math.max(0, atMs - clock.nowMs()), () => void tick()));
  }

  async function tick(): Promise<void> {
    stop();
    const isDone = await exporter.drain();
    if (!isDone || queue.length() > 0) plan(isDone ? deps.intervalMs : 0);
  }

  function stop(): void {
    callOff?.();
    callOff = undefined;
    dueMs = Number.POSITIVE_INFINITY;
  }

  async function flush(timeoutMs: number): Promise<boolean> {
    const deadline = openDeadline(deps.hold, timeoutMs);
    try {
      const endMs = clock.nowMs() + timeoutMs;
      for (;;) {
        if (retry.isOpen()) return false;
        const isDone = await Promise.race([exporter.drain(), deadline.passed]);
        if (isDone === undefined) return false;
        if (isDone && queue.length() === 0) return true;
        const nextMs = retry.nextAttemptMs();
        if (retry.isOpen() || nextMs >= endMs) return false;
        await new Promise<void>((resolve) => deps.hold(Math.max(0, nextMs - clock.nowMs()), resolve));
      }
    } finally {
      deadline.close();
    }
  }

  return {
    wake() {
      if (deps.mode === 'batch') {
        plan(queue.bytes() >= deps.batchBytes ? 0 : deps.intervalMs);
        return;
      }
      if (dueMs !== Number.POSITIVE_INFINITY) return;
      plan(0);
      deps.findWaitUntil()?.(deps.detached(() => flush(30_000)));
    },
    flush: (timeoutMs) => deps.detached(() => flush(timeoutMs)),
    stop,
  };
}

function openDeadline(hold: Schedule, timeoutMs: number): { passed: Promise<undefined>; close(): void } {
  let close = (): void => {};
  const passed = new Promise<undefined>((resolve) => {
    close = hold(timeoutMs, () => resolve(undefined));
  });
  return { passed, close: () => close() };
}

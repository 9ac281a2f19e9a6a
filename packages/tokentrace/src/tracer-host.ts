import { type Clock, createSystemClock, type Schedule, schedule } from './clock.ts';
import { createRedactors } from './create-redactors.ts';
import { type AsyncStoreMaker, findAsyncStoreMaker, findProcess, type HostProcess } from './host-runtime.ts';
import type { Random } from './ids.ts';
import type { Redactors } from './redact-record.ts';
import type { PiiOptions } from './tracer-options.ts';

/** What a tracer takes from the runtime, so that a test can give it something else. */
export type TracerHost = {
  clock: Clock;
  /** Does not keep the process alive. */
  schedule: Schedule;
  /** Keeps it alive until it has run. */
  hold: Schedule;
  random: Random;
  /** From 0 to 1. */
  chance(): number;
  /** Lets the app's own work run. */
  pause(): Promise<void>;
  fetch: typeof fetch;
  AsyncStore: AsyncStoreMaker | undefined;
  process: HostProcess | undefined;
  createRedactors(pii: PiiOptions, apiKey: string): Redactors;
};

export function findTracerHost(): TracerHost {
  return {
    clock: createSystemClock(),
    schedule,
    hold(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    random: (bytes) => crypto.getRandomValues(bytes),
    chance: Math.random,
    pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
    fetch: (...request) => fetch(...request),
    AsyncStore: findAsyncStoreMaker(),
    process: findProcess(),
    createRedactors,
  };
}

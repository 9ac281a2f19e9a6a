import { AsyncLocalStorage } from 'node:async_hooks';
import { createFakeClock, type FakeClock } from '@app/testkit';
import { createTracer } from '../src/create-tracer.ts';
import type { Tracer } from '../src/tracer.ts';
import { findTracerHost, type TracerHost } from '../src/tracer-host.ts';
import type { TracerOptions } from '../src/tracer-options.ts';
import type { Arrival } from './open-ingest-server.ts';

export const KEY = 'tt_test_0123456789abcdef';

export type TestTracer = { tracer: Tracer; clock: FakeClock; host: TracerHost };

/** A tracer whose clock stands still and whose ids count up. The deadlines of a flush are real ones. */
export function openTestTracer(options: TracerOptions, changes: Partial<TracerHost> = {}): TestTracer {
  const fake = createFakeClock();
  let count = 0;
  const host: TracerHost = {
    ...findTracerHost(),
    clock: fake.clock,
    schedule: fake.schedule,
    random(bytes) {
      bytes.forEach((_, at) => {
        count = (count * 1_103_515_245 + 12_345) % 2_147_483_648;
        bytes[at] = (count >> 16) & 255;
      });
    },
    chance: () => 1,
    AsyncStore: AsyncLocalStorage,
    process: undefined,
    ...changes,
  };
  const base = { apiKey: KEY, allowInsecureLoopback: true, disabled: false, onError: () => {} };
  return { tracer: createTracer({ ...base, ...options }, host), clock: fake, host };
}

/** All bytes that arrived, as one text. */
export function wireOf(arrivals: readonly Arrival[]): string {
  return arrivals.map(({ wire }) => wire).join('\n');
}

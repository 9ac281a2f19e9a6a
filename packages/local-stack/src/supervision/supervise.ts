import type { ChildProcess } from 'node:child_process';
import type { Log } from '../log.ts';
import { type BackOffOptions, createBackOff } from './back-off.ts';
import { createSchedule, type Schedule } from './schedule.ts';

export interface SupervisedChild {
  name: string;
  /** Starts the process. May do repairs first (stop a leftover, remove a stale socket). */
  start(): Promise<ChildProcess>;
  /** Resolves when the child answers, rejects when it does not. Called with a signal that ends the wait. */
  probe(signal: AbortSignal): Promise<void>;
  /** Asks the child to end in good order. */
  requestStop(child: ChildProcess): void;
  /** Told once the child is known to be down, and again when it answers. */
  onDown?: ((reason: string) => void) | undefined;
  onUp?: (() => void) | undefined;
}

export interface SupervisionTiming {
  backOff: BackOffOptions;
  startTimeoutMs: number;
  probeEveryMs: number;
  probeTimeoutMs: number;
  /** So many probes in a row may fail before the child is killed and started again. */
  probeFailuresMax: number;
  stopGraceMs: number;
  /** Starts tried before opening gives up; later failures are retried for ever. */
  firstStartsMax: number;
}

export const defaultTiming: SupervisionTiming = {
  backOff: { firstMs: 50, maxMs: 10_000, healthyAfterMs: 30_000 },
  startTimeoutMs: 60_000,
  probeEveryMs: 2_000,
  probeTimeoutMs: 5_000,
  probeFailuresMax: 4,
  stopGraceMs: 10_000,
  firstStartsMax: 4,
};

export interface Supervision {
  pid(): number | undefined;
  stop(): Promise<void>;
}

export interface SupervisionOptions {
  log: Log;
  timing?: SupervisionTiming;
  schedule?: Schedule;
  random?: () => number;
  /** False resolves without waiting for an answer; then also a child that never answered is started again for ever. */
  awaited?: boolean;
}

/**
 * Starts a child and keeps it running until `stop()`: restarted with growing pauses when it ends or no longer
 * answers. Resolves when the child answers for the first time; rejects when it does not after a few starts.
 */
export async function openSupervision(
  child: SupervisedChild,
  options: SupervisionOptions,
): Promise<Supervision> {
  const { awaited = true } = options;
  const given = options.timing ?? defaultTiming;
  const timing = awaited ? given : { ...given, firstStartsMax: Number.POSITIVE_INFINITY };
  const schedule = options.schedule ?? createSchedule();
  const stopping = new AbortController();
  const backOff = createBackOff(timing.backOff, options.random ?? Math.random);
  const state: { running: ChildProcess | undefined; startsFailed: number; wasUp: boolean } = {
    running: undefined,
    startsFailed: 0,
    wasUp: false,
  };
  const context: RunContext = { child, timing, schedule, stopping: stopping.signal, log: options.log, state };
  const firstUp = Promise.withResolvers<void>();
  const finished = keepRunning(context, backOff, firstUp);
  if (awaited) await firstUp.promise;
  else firstUp.promise.catch(() => undefined);
  return {
    pid: () => state.running?.pid,
    async stop() {
      stopping.abort();
      await finished;
    },
  };
}

interface RunContext {
  child: SupervisedChild;
  timing: SupervisionTiming;
  schedule: Schedule;
  stopping: AbortSignal;
  log: Log;
  state: { running: ChildProcess | undefined; startsFailed: number; wasUp: boolean };
}

async function keepRunning(
  context: RunContext,
  backOff: { nextMs(ranMs: number): number },
  firstUp: PromiseWithResolvers<void>,
): Promise<void> {
  const { child, schedule, stopping, log, state, timing } = context;
  while (!stopping.aborted) {
    const startedMs = schedule.nowMs();
    const reason = await runOnce(context, firstUp).catch((error: unknown) => describe(error));
    state.running = undefined;
    if (stopping.aborted) break;
    if (state.wasUp) child.onDown?.(reason);
    else state.startsFailed += 1;
    if (!state.wasUp && state.startsFailed >= timing.firstStartsMax) {
      firstUp.reject(new Error(`${child.name} did not start: ${reason}`));
      return;
    }
    const pauseMs = backOff.nextMs(schedule.nowMs() - startedMs);
    log.warn({ child: child.name, reason, pauseMs }, 'child is down, starting it again');
    await schedule.sleep(pauseMs, stopping);
  }
  firstUp.reject(new Error(`${child.name} was stopped before it answered.`));
}

/** One life of the child; resolves with the reason of its end. */
async function runOnce(context: RunContext, firstUp: PromiseWithResolvers<void>): Promise<string> {
  const { child, stopping, state, log } = context;
  const running = await child.start();
  state.running = running;
  const ended = new AbortController();
  const exit = new Promise<string>((resolve) => {
    const end = (reason: string) => {
      ended.abort();
      resolve(reason);
    };
    running.once('exit', (code, signal) => end(`exited with ${signal ?? `code ${code}`}`));
    running.once('error', (error) => end(describe(error)));
  });
  // Without a pid there is no process; what went wrong comes as an event.
  if (running.pid === undefined) return exit;
  const over = AbortSignal.any([stopping, ended.signal]);
  const problem = await watch(context, over, () => {
    state.wasUp = true;
    log.info({ child: child.name, pid: running.pid }, 'child is up');
    child.onUp?.();
    firstUp.resolve();
  });
  if (ended.signal.aborted) return exit;
  if (stopping.aborted) await endGently(context, running, exit);
  else running.kill('SIGKILL');
  await exit;
  return problem ?? 'stopped';
}

/** Waits for the first answer, then probes until the child ends; resolves with what is wrong, if anything. */
async function watch(context: RunContext, over: AbortSignal, isUp: () => void): Promise<string | undefined> {
  const { schedule, timing } = context;
  const deadline = schedule.nowMs() + timing.startTimeoutMs;
  for (;;) {
    const problem = await probe(context, over);
    if (over.aborted) return undefined;
    if (problem === undefined) break;
    if (schedule.nowMs() > deadline) return `did not answer within ${timing.startTimeoutMs} ms: ${problem}`;
    await schedule.sleep(20, over);
  }
  isUp();
  let failures = 0;
  while (!over.aborted) {
    await schedule.sleep(timing.probeEveryMs, over);
    if (over.aborted) return undefined;
    const problem = await probe(context, over);
    failures = problem === undefined ? 0 : failures + 1;
    if (failures >= timing.probeFailuresMax) return `no longer answers: ${problem}`;
  }
  return undefined;
}

async function probe({ child, timing }: RunContext, over: AbortSignal): Promise<string | undefined> {
  const limit = AbortSignal.any([over, AbortSignal.timeout(timing.probeTimeoutMs)]);
  return child.probe(limit).then(
    () => undefined,
    (error: unknown) => describe(error),
  );
}

async function endGently(context: RunContext, running: ChildProcess, exit: Promise<string>): Promise<void> {
  context.child.requestStop(running);
  const kill = setTimeout(() => {
    context.log.warn({ child: context.child.name }, 'child did not stop in time and is killed');
    running.kill('SIGKILL');
  }, context.timing.stopGraceMs);
  await exit;
  clearTimeout(kill);
}

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));

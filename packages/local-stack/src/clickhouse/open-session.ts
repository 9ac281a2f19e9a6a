import { Worker } from 'node:worker_threads';
import { readEngineError } from './engine-error.ts';
import type { FromSession, JobSummary, SessionJob, SessionSettings, ToSession } from './session-job.ts';

export interface EngineSession {
  /**
   * Runs one query; `write` gets its output and holds the engine back until it resolves. Resolves or rejects (with an
   * EngineError) only when the session is clean again, so that the caller may use it at once for another query.
   */
  run(job: SessionJob, write: (bytes: Uint8Array) => Promise<void>): Promise<JobSummary>;
  /** Ends the running query between two chunks of its output. */
  cancel(): void;
  close(): Promise<void>;
}

/** Opens a session of the engine in its own thread. `onBroken` is told when it can no longer be trusted. */
export async function openSession(
  settings: SessionSettings,
  onBroken: (message: string) => void,
): Promise<EngineSession> {
  const worker = new Worker(new URL('./session-thread.ts', import.meta.url), {
    workerData: settings,
    // Rows stay outside of the JavaScript heap; a thread needs little of its own.
    resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128 },
  });
  const post = (message: ToSession, transfer: ArrayBuffer[] = []) => worker.postMessage(message, transfer);
  const ready = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const state: { running: RunningJob | undefined } = { running: undefined };
  const fail = (message: string) => {
    ready.reject(new Error(message));
    onBroken(message);
  };
  worker.on('error', (error) => fail(error instanceof Error ? error.message : String(error)));
  worker.on('messageerror', (error) => fail(error.message));
  worker.on('message', (message: FromSession) => {
    if (message.kind === 'ready') ready.resolve();
    else if (message.kind === 'closed') closed.resolve();
    else if (message.kind === 'broken') fail(message.message);
    else if (message.kind === 'free') settle(state);
    else state.running?.receive(message);
  });
  await ready.promise;
  return {
    run(job, write) {
      const running = createRunningJob(write, () => post({ kind: 'credit' }));
      state.running = running;
      post({ kind: 'run', job }, job.kind === 'insert' ? [job.values.buffer] : []);
      return running.promise;
    },
    cancel: () => post({ kind: 'cancel' }),
    async close() {
      post({ kind: 'close' });
      await closed.promise;
    },
  };
}

type Progress = Extract<FromSession, { kind: 'chunk' | 'end' | 'failed' }>;

interface RunningJob {
  promise: Promise<JobSummary>;
  receive(message: Progress): void;
  settle(): void;
}

function settle(state: { running: RunningJob | undefined }): void {
  const { running } = state;
  state.running = undefined;
  running?.settle();
}

function createRunningJob(write: (bytes: Uint8Array) => Promise<void>, addCredit: () => void): RunningJob {
  const { promise, resolve, reject } = Promise.withResolvers<JobSummary>();
  let writes = Promise.resolve();
  let outcome: Extract<Progress, { kind: 'end' | 'failed' }> | undefined;
  return {
    promise,
    receive(message) {
      if (message.kind !== 'chunk') outcome = message;
      else writes = writes.then(() => write(message.bytes)).then(addCredit, addCredit);
    },
    settle() {
      void writes.then(() => {
        if (outcome?.kind === 'end') resolve(outcome.summary);
        else reject(readEngineError(outcome?.message ?? 'The engine gave no answer.'));
      });
    },
  };
}

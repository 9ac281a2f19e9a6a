import { Worker } from 'node:worker_threads';
import type { Schedule } from '@app/gateway';
import { type ErrorCode, GatewayError } from '@app/protocol';
import { threadEnvironment } from '@app/tracing';
import type { FromIngestWorker, IngestWorkerData } from './ingest-messages.ts';
import type { BatchTask, UnderstoodBatch } from './understand-batch.ts';

/** The thread that understands batches, one after the other in the order they came. Started with the first, and again after it died. */
export type IngestThread = {
  /** Rejects with a `GatewayError` that is fit for the sender. The task's bytes stay as they are: the thread has its own. */
  understand(task: BatchTask): Promise<UnderstoodBatch>;
  close(): Promise<void>;
};

export type IngestThreadOptions = {
  given: IngestWorkerData;
  /** A batch that takes longer ends the thread. */
  batchMsMax: number;
  schedule: Schedule;
  onDeath: (error: unknown) => void;
  /** For tests: what the thread runs. */
  entry?: URL;
};

type Waiting = {
  task: BatchTask;
  resolve: (batch: UnderstoodBatch) => void;
  reject: (error: GatewayError) => void;
};

export function openIngestThread(options: IngestThreadOptions): IngestThread {
  const { batchMsMax, schedule, onDeath } = options;
  const queue: Waiting[] = [];
  let worker: Worker | undefined;
  let current: Waiting | undefined;
  let cancelTimeout = () => {};
  let isClosed = false;

  function next(): void {
    if (current !== undefined || isClosed) return;
    current = queue.shift();
    if (current === undefined) {
      worker?.unref();
      return;
    }
    worker ??= startWorker(options, { heard, died });
    worker.ref();
    cancelTimeout = schedule(batchMsMax, () => void worker?.terminate());
    worker.postMessage(current.task);
  }

  function finish(settle: (waiting: Waiting) => void): void {
    cancelTimeout();
    const done = current;
    current = undefined;
    if (done !== undefined) settle(done);
    next();
  }

  function heard(message: FromIngestWorker): void {
    if (message.kind === 'failed') onDeath(new Error(message.error));
    finish(({ resolve, reject }) => {
      if (message.kind === 'understood') resolve(message.batch);
      else reject(message.kind === 'refused' ? refusedAs(message) : unreadable());
    });
  }

  function died(of: Worker, error: unknown): void {
    if (worker !== of || isClosed) return;
    worker = undefined;
    onDeath(error);
    // Only the batch over which it died is to blame; those that wait are for the next one.
    finish(({ reject }) => reject(unreadable()));
  }

  return {
    understand: (task) =>
      new Promise((resolve, reject) => {
        if (isClosed) {
          reject(stopping());
          return;
        }
        queue.push({ task, resolve, reject });
        next();
      }),
    async close() {
      isClosed = true;
      cancelTimeout();
      for (const waiting of [current, ...queue.splice(0)]) waiting?.reject(stopping());
      current = undefined;
      await worker?.terminate();
    },
  };
}

type Listening = {
  heard: (message: FromIngestWorker) => void;
  died: (worker: Worker, error: unknown) => void;
};

function startWorker({ given, entry }: IngestThreadOptions, { heard, died }: Listening): Worker {
  const worker = new Worker(entry ?? new URL('./ingest-worker.ts', import.meta.url), {
    workerData: given,
    // No memory limit of its own: V8 answers one that is met inside a long operation by ending the whole process.
    env: threadEnvironment(),
    execArgv: [],
  });
  worker.on('message', heard);
  worker.on('error', (error) => died(worker, error));
  worker.on('exit', () => died(worker, new Error('The ingest thread ended.')));
  return worker;
}

function refusedAs({ code, message }: { code: ErrorCode; message: string }): GatewayError {
  return new GatewayError(code, message, { retryable: false });
}

/** Not to be sent again: the same bytes would end the next thread too. */
function unreadable(): GatewayError {
  return new GatewayError('internal_error', 'The batch could not be processed.', { retryable: false });
}

function stopping(): GatewayError {
  return new GatewayError('overloaded', 'The server is stopping. Try again soon.', { retryAfterS: 2 });
}

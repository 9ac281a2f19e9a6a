import { Worker } from 'node:worker_threads';
import { GatewayError } from '@app/protocol';

export type TokenCounter = {
  /** The number of tokens (o200k_base) of each text. Rejects with a `GatewayError` when too many wait or the worker died. */
  count(texts: string[]): Promise<number[]>;
  /** Ends the worker; counts still waiting are rejected. */
  close(): Promise<void>;
};

/**
 * Counts tokens in a worker thread, which starts with the first count (about 0.3 s and 60 MB) and is started again
 * after it died. At most `waitingMax` counts wait.
 */
export function createTokenCounter({ waitingMax = 1_000, entry = WORKER } = {}): TokenCounter {
  let current: Counting | undefined;
  let isClosed = false;

  return {
    count(texts) {
      if (isClosed) return Promise.reject(failure('The token counter is closed.'));
      if (texts.length === 0) return Promise.resolve([]);
      if (current === undefined || current.isDead()) current = openCounting(entry);
      if (current.waiting.size >= waitingMax) return Promise.reject(failure('Too many token counts wait.'));
      return current.count(texts);
    },
    async close() {
      isClosed = true;
      await current?.close();
    },
  };
}

const WORKER = new URL('./token-worker.ts', import.meta.url);

type Waiter = { resolve(counts: number[]): void; reject(error: GatewayError): void };
type Counting = {
  waiting: Map<number, Waiter>;
  count(texts: string[]): Promise<number[]>;
  isDead(): boolean;
  close(): Promise<void>;
};

function openCounting(entry: URL): Counting {
  const worker = new Worker(entry, {
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
  const waiting = new Map<number, Waiter>();
  let nextId = 1;
  let dead = false;

  const fail = (cause: unknown): void => {
    dead = true;
    const waiters = [...waiting.values()];
    waiting.clear();
    for (const waiter of waiters) waiter.reject(failure('The token counter stopped.', cause));
  };
  worker.on('message', ({ id, counts }: { id: number; counts: number[] }) => {
    waiting.get(id)?.resolve(counts);
    waiting.delete(id);
    // An idle worker must not keep the process alive.
    if (waiting.size === 0) worker.unref();
  });
  worker.on('error', fail);
  worker.on('exit', fail);

  return {
    waiting,
    isDead: () => dead,
    count: (texts) =>
      new Promise((resolve, reject) => {
        const id = nextId++;
        waiting.set(id, { resolve, reject });
        worker.ref();
        worker.postMessage({ id, texts });
      }),
    close: async () => {
      await worker.terminate();
    },
  };
}

function failure(message: string, cause?: unknown): GatewayError {
  return new GatewayError('overloaded', message, { retryAfterS: 1, cause });
}

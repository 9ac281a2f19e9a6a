import { Worker } from 'node:worker_threads';
import { faultFields } from './fault-fields.ts';
import type { FromLoaderWorker, LoaderWorkerData, SegmentPlace, ToLoaderWorker } from './loader-messages.ts';
import type { SegmentLoad, SegmentSummary } from './segment-loads.ts';
import { threadEnvironment } from './thread-environment.ts';

/** The thread that turns segments into rows. It is started with the first segment, and again after it died. */
export type RowThread = {
  /**
   * Reads one segment and gives its loads to `store`, one after the other. Rejects with what `store` rejected with, or when
   * the thread could not even start, of which no segment is to blame.
   * One segment at a time; the one that is named `ahead` is made ready meanwhile.
   */
  read(
    segment: SegmentPlace & { ahead?: SegmentPlace | undefined },
    store: (load: SegmentLoad) => Promise<void>,
  ): Promise<SegmentReading>;
  /** Begins anew with the next segment: what the thread remembers is forgotten. Not while it reads one. */
  restart(): Promise<void>;
  close(): Promise<void>;
};

/** `unreadable`: the thread died over the segment or could not read it; the trace store was not at fault. */
type SegmentReading =
  | { kind: 'read'; summary: SegmentSummary }
  | { kind: 'unreadable'; error: string; code?: string };

/** `entry` is for tests: what the thread runs. */
export function openRowThread(
  given: LoaderWorkerData,
  entry = new URL('./loader-worker.ts', import.meta.url),
): RowThread {
  let worker: Worker | undefined;
  let isReady = false;

  function start(): Worker {
    isReady = false;
    const started = new Worker(entry, {
      workerData: given,
      // Nothing else of the process's environment or flags concerns the thread. It has no memory limit of its own either:
      // V8 answers one that is met inside a long operation by ending the whole process.
      env: threadEnvironment(),
      execArgv: [],
    });
    started.unref();
    // Who waits for the thread hears of its end as well; nobody may be waiting.
    const ended = () => {
      if (worker === started) worker = undefined;
    };
    started.once('message', () => {
      isReady = true;
    });
    started.on('error', ended);
    started.on('exit', ended);
    return started;
  }

  return {
    read(segment, store) {
      worker ??= start();
      return converse({ worker, isReady: () => isReady, segment, store });
    },
    async restart() {
      await worker?.terminate();
      worker = undefined;
    },
    async close() {
      await worker?.terminate();
    },
  };
}

function converse(talk: {
  worker: Worker;
  isReady: () => boolean;
  segment: SegmentPlace & { ahead?: SegmentPlace | undefined };
  store: (load: SegmentLoad) => Promise<void>;
}): Promise<SegmentReading> {
  const { worker, isReady, segment, store } = talk;
  const say = (message: ToLoaderWorker) => worker.postMessage(message);
  return new Promise<SegmentReading>((resolve, reject) => {
    const failed = (fault: { error: string; code?: string }) =>
      finish(() => resolve({ ...fault, kind: 'unreadable' }));
    const erred = (error: Error) => (isReady() ? failed(faultFields(error)) : finish(() => reject(error)));
    const exited = () => erred(new Error('The thread that makes rows ended.'));
    function finish(settle: () => void): void {
      worker.off('message', heard);
      worker.off('error', erred);
      worker.off('exit', exited);
      worker.unref();
      settle();
    }
    function heard(message: FromLoaderWorker): void {
      if (message.kind === 'ready') return;
      if (message.kind === 'failed') failed(message);
      else if (message.kind === 'done') finish(() => resolve({ kind: 'read', summary: message.summary }));
      else storeAndGoOn(message.load);
    }
    function storeAndGoOn(load: FromLoad): void {
      store({ token: load.token, counts: load.counts, ...buffersOf(load) }).then(
        () => say({ kind: 'next' }),
        (error) => {
          say({ kind: 'leave' });
          finish(() => reject(error));
        },
      );
    }
    worker.on('message', heard);
    worker.once('error', erred);
    worker.once('exit', exited);
    worker.ref();
    const { id, path, ahead } = segment;
    say({ kind: 'read', id, path, ahead });
  });
}

type FromLoad = Extract<FromLoaderWorker, { kind: 'load' }>['load'];

function buffersOf({ spans, contents, traceIndex, received }: FromLoad) {
  const tables = Object.entries(received ?? {}).map(([table, rows]) => [table, bufferOf(rows)]);
  return {
    spans: bufferOf(spans),
    contents: bufferOf(contents),
    traceIndex: bufferOf(traceIndex),
    ...(tables.length === 0 ? {} : { received: Object.fromEntries(tables) }),
  };
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

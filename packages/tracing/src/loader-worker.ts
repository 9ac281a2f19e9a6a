import { createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { faultFields } from './fault-fields.ts';
import type { FromLoaderWorker, LoaderWorkerData, ToLoaderWorker } from './loader-messages.ts';
import { createRecentDigests } from './recent-digests.ts';
import { buildSegmentLoads, type SegmentLoad, type SegmentSummary } from './segment-loads.ts';

/** Reads, decrypts and parses segments away from the event loop that serves calls. Started by `row-thread.ts`. */
const given: LoaderWorkerData = workerData;
const options = {
  key: Buffer.from(given.key),
  contentKey: createSecretKey(given.contentKey),
  loadBytesMax: given.loadBytesMax,
  recent: createRecentDigests({ entriesMax: given.recentEntriesMax, ageMsMax: given.recentAgeMsMax }),
};
let loads: Generator<SegmentLoad, SegmentSummary, undefined> | undefined;

parentPort?.on('message', (message: ToLoaderWorker) => {
  try {
    if (message.kind === 'read')
      loads = buildSegmentLoads({ id: message.id, bytes: readFileSync(message.path) }, options);
    if (message.kind === 'leave') loads = undefined;
    else step();
  } catch (error) {
    loads = undefined;
    send({ kind: 'failed', ...faultFields(error) });
  }
});

function step(): void {
  const next = loads?.next();
  if (next === undefined) return;
  if (next.done) {
    loads = undefined;
    send({ kind: 'done', summary: next.value });
    return;
  }
  const load = { ...next.value, ...moved(next.value) };
  send({ kind: 'load', load }, [load.spans.buffer, load.contents.buffer, load.traceIndex.buffer]);
}

/** Small buffers share one block of memory, which cannot be given away. */
function moved({ spans, contents, traceIndex }: SegmentLoad) {
  return {
    spans: new Uint8Array(spans),
    contents: new Uint8Array(contents),
    traceIndex: new Uint8Array(traceIndex),
  };
}

function send(message: FromLoaderWorker, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

import { parentPort, workerData } from 'node:worker_threads';
import { createRedactSpans } from './create-redact-spans.ts';
import type { FromIngestWorker, IngestWorkerData, ToIngestWorker } from './ingest-messages.ts';
import { Refused } from './refused.ts';
import { understandBatch } from './understand-batch.ts';

/** Understands batches away from the event loop that serves calls. Started by `open-ingest-thread.ts`. */
const given: IngestWorkerData = workerData;
const deps = { limits: given.limits, redact: createRedactSpans(Buffer.from(given.nameKey)) };

parentPort?.on('message', (task: ToIngestWorker) => {
  try {
    const batch = understandBatch(task, deps);
    const bytes = batch.bytes && movable(batch.bytes);
    send({ kind: 'understood', batch: { ...batch, bytes } }, bytes && [bytes.buffer]);
  } catch (error) {
    if (error instanceof Refused) send({ kind: 'refused', code: error.code, message: error.message });
    // A parser's own message may quote what it parsed.
    else send({ kind: 'failed', error: error instanceof Error ? error.name : typeof error });
  }
});

/** What shares its memory with something else cannot change hands. */
function movable(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  const isAlone = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  return isAlone ? new Uint8Array(buffer) : new Uint8Array(bytes);
}

function send(message: FromIngestWorker, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

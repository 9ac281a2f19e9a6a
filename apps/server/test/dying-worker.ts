import { parentPort } from 'node:worker_threads';
import type { FromIngestWorker, ToIngestWorker } from '../src/ingest/ingest-messages.ts';

/** In the place of the thread that understands batches: one that ends when it is told to. */
parentPort?.on('message', ({ bytes, wire }: ToIngestWorker) => {
  if (Buffer.from(bytes).toString() === '"die"') process.exit(1);
  const batch = { source: 'otlp-json', bytes: new Uint8Array(), bytesRead: 0, spans: 0, scores: 0 } as const;
  const answer: FromIngestWorker = {
    kind: 'understood',
    batch: { ...batch, rejected: [], dropped: {}, eventIds: wire === 'langfuse' ? ['e'] : [] },
  };
  parentPort?.postMessage(answer);
});

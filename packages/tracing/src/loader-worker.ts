import { createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { createProjectRedactors } from './create-project-redactors.ts';
import { faultFields } from './fault-fields.ts';
import { createLoadMemory } from './load-memory.ts';
import type { FromLoaderWorker, LoaderWorkerData, SegmentPlace, ToLoaderWorker } from './loader-messages.ts';
import { createPriceOf } from './price-of.ts';
import { createRecentDigests } from './recent-digests.ts';
import { buildSegmentLoads, PREPARED } from './segment-loads.ts';

/** Reads, decrypts and parses segments away from the event loop that serves calls. Started by `row-thread.ts`. */
const given: LoaderWorkerData = workerData;
const memory = createLoadMemory();
const options = {
  key: Buffer.from(given.key),
  contentKey: createSecretKey(given.contentKey),
  redactorsOf: createProjectRedactors(Buffer.from(given.nameKey)),
  priceOf: createPriceOf(given.prices),
  loadBytesMax: given.loadBytesMax,
  memory,
  recent: createRecentDigests({ entriesMax: given.recentEntriesMax, ageMsMax: given.recentAgeMsMax }),
};
type Loads = ReturnType<typeof buildSegmentLoads>;
let loads: Loads | undefined;
let ahead: SegmentPlace | undefined;
let ready: { id: string; loads: Loads } | undefined;

parentPort?.on('message', (message: ToLoaderWorker) => {
  try {
    if (message.kind === 'read') {
      loads = ready?.id === message.id ? ready.loads : open(message);
      ({ ahead } = message);
      ready = undefined;
    }
    if (message.kind === 'leave') leave();
    else step();
  } catch (error) {
    loads = undefined;
    send({ kind: 'failed', ...faultFields(error) });
  }
});

send({ kind: 'ready' });

function open({ id, path }: SegmentPlace): Loads {
  return buildSegmentLoads({ id, bytes: readFileSync(path) }, options);
}

/** Does the work of the next segment while the store is busy with this one; what is wrong with it is told when it is asked for. */
function prepare(): void {
  if (ahead === undefined || ready !== undefined) return;
  try {
    const opened = open(ahead);
    if (opened.next().value === PREPARED) ready = { id: ahead.id, loads: opened };
  } catch {
    ready = undefined;
  }
}

function step(): void {
  let next = loads?.next();
  if (next?.value === PREPARED) next = loads?.next();
  if (next === undefined || next.value === PREPARED) return;
  if (next.done) {
    loads = undefined;
    send({ kind: 'done', summary: next.value });
    return;
  }
  send({ kind: 'load', load: next.value });
  prepare();
}

/** Whoever stored the load may not be done with its memory. */
function leave(): void {
  loads = undefined;
  memory.leave();
}

function send(message: FromLoaderWorker): void {
  parentPort?.postMessage(message);
}

import type { SealedBatch } from './encode-batch.ts';
import type { OutgoingGate, Sealed } from './outgoing-gate.ts';
import type { Recorded, RecordQueue } from './record-queue.ts';

/** A batch that was taken from the queue and is not delivered yet. */
export type Pending = { batch: SealedBatch; bytes: number; attempts: number };

export type OutboxDeps = {
  queue: RecordQueue;
  gate: OutgoingGate;
  /** Lets the app's own work run between two pieces of ours. */
  pause(): Promise<void>;
  batchBytes: number;
};

export type Outbox = {
  /** The batch whose turn it is, sealed now when none is ready. Undefined when nothing waits. */
  next(): Promise<Pending | undefined>;
  /** The batch whose turn it was is done with. */
  shift(): void;
  /** It is sent in two halves instead. False when it cannot be halved. */
  halve(): boolean;
  /** All that is ready or waits. Synchronous, for the moment of exit; without `isKept` it is only counted, not sealed. */
  takeAll(isKept: boolean): { batches: Pending[]; unsealed: number };
  bytes(): number;
  count(): number;
};

const RECORDS_MAX = 2_000;
/** How many records and bytes of memory are redacted and written in one go: about 2 ms of work. */
const SLICE_RECORDS = 64;
const SLICE_BYTES = 128 * 1024;

/** Batches between the queue and the wire: sealed, and with nothing left in them that must not leave. */
export function createOutbox({ queue, gate, pause, batchBytes }: OutboxDeps): Outbox {
  const ready: Pending[] = [];
  /** What is being sealed: it is in the queue no more and in no batch yet. */
  let inHand: readonly Recorded[] = [];

  async function sealNext(): Promise<void> {
    const pending = emptyPending();
    ready.push(pending);
    while (pending.bytes < batchBytes && countOf(pending) < RECORDS_MAX) {
      const taken = queue.take(Math.min(SLICE_BYTES, batchBytes - pending.bytes), SLICE_RECORDS);
      if (taken.records.length === 0) return;
      inHand = taken.records;
      pending.bytes += taken.bytes;
      const sealing = taken.records.map((record) => gate.seal(record));
      const sealed = areSealed(sealing) ? sealing : await Promise.all(sealing);
      // At exit they were taken out of our hands.
      if (inHand !== taken.records) return;
      inHand = [];
      putAll(pending.batch, taken.records, sealed);
      await pause();
    }
  }

  function takeAll(isKept: boolean): { batches: Pending[]; unsealed: number } {
    const batches = ready.splice(0);
    let unsealed = 0;
    for (let records = inHand; ; ) {
      if (isKept && records.length > 0) batches.push(sealNow(gate, records));
      else unsealed += records.length;
      records = queue.take(batchBytes, RECORDS_MAX).records;
      if (records.length === 0) break;
    }
    inHand = [];
    return { batches, unsealed };
  }

  return {
    async next() {
      while (ready[0] === undefined && queue.length() > 0) {
        await sealNext();
        if (ready[0] !== undefined && countOf(ready[0]) === 0) ready.shift();
      }
      return ready[0];
    },
    shift: () => void ready.shift(),
    halve() {
      const [pending] = ready;
      if (pending === undefined || countOf(pending) <= 1) return false;
      ready.splice(0, 1, ...halvesOf(pending));
      return true;
    },
    takeAll,
    bytes: () => ready.reduce((sum, { bytes }) => sum + bytes, 0),
    count: () => ready.reduce((sum, pending) => sum + countOf(pending), inHand.length),
  };
}

export function countOf({ batch }: Pending): number {
  return batch.spans.length + batch.scores.length;
}

export function emptyPending(): Pending {
  return { batch: { spans: [], scores: [] }, bytes: 0, attempts: 0 };
}

function sealNow(gate: OutgoingGate, records: readonly Recorded[]): Pending {
  const pending = emptyPending();
  putAll(
    pending.batch,
    records,
    records.map((record) => gate.sealNow(record)),
  );
  return pending;
}

function putAll(batch: SealedBatch, records: readonly Recorded[], sealed: readonly Sealed[]): void {
  records.forEach((record, at) => {
    const text = sealed[at];
    if (typeof text === 'string') (record.kind === 'span' ? batch.spans : batch.scores).push(text);
  });
}

/** A promise per record is dear, and only an app's own `redact` needs one. */
function areSealed(sealing: readonly (Sealed | Promise<Sealed>)[]): sealing is readonly Sealed[] {
  return sealing.every((each) => each === null || typeof each === 'string');
}

function halvesOf({ batch, bytes }: Pending): Pending[] {
  const { spans, scores } = batch;
  const [spanHalf, scoreHalf] = [Math.ceil(spans.length / 2), Math.floor(scores.length / 2)];
  const halves = [
    { spans: spans.slice(0, spanHalf), scores: scores.slice(0, scoreHalf) },
    { spans: spans.slice(spanHalf), scores: scores.slice(scoreHalf) },
  ];
  return halves.map((half) => ({ batch: half, bytes: bytes / 2, attempts: 0 }));
}

import { type Principal, tightestCapture } from '@app/gateway';
import { GatewayError } from '@app/protocol';
import type { Batch, BatchHead } from '@app/tracing';
import type { IngestCounts } from './create-ingest-counts.ts';
import type { IngestRates } from './create-ingest-rates.ts';
import type { Encoding } from './inflate-body.ts';
import type { IngestThread } from './open-ingest-thread.ts';
import type { Wire } from './understand-batch.ts';

/** A body that was read, and under which key. */
type GivenBatch = {
  principal: Principal;
  wire: Wire;
  encoding: Encoding;
  bytes: Uint8Array;
  /** What `x-tokenrouter-capture` says. */
  captureWish: string | undefined;
};

/** What became of a batch: what was taken is on the disk. */
export type TakenBatch = {
  spans: number;
  scores: number;
  rejected: Batch['rejected'];
  eventIds: string[];
};

export type TakeBatchDeps = {
  thread: Pick<IngestThread, 'understand'>;
  /** Keeps a batch whole; false when there is no room for it. */
  append: (head: BatchHead, bytes: Buffer) => boolean;
  /** Resolves when all that was appended survives a loss of power. */
  flush: () => Promise<void>;
  rates: Pick<IngestRates, 'charge'>;
  counts: Pick<IngestCounts, 'note'>;
  nowMs: () => number;
};

/** Takes one batch: understood, without what must not be kept, and on the disk before it says so. Throws a `GatewayError`. */
export type TakeBatch = (given: GivenBatch) => Promise<TakenBatch>;

export function createTakeBatch(deps: TakeBatchDeps): TakeBatch {
  const { thread, append, flush, rates, counts, nowMs } = deps;
  return async ({ principal, wire, encoding, bytes, captureWish }) => {
    const { projectId, keyId, mode } = principal;
    const receivedAtMs = nowMs();
    const capture = tightestCapture(principal.capture, captureWish);
    const mustRedact = principal.capture === 'redacted';
    const task = { wire, encoding, bytes, receivedAtMs, mode, capture, mustRedact, projectId };
    const batch = await thread.understand(task);
    const { spans, scores, rejected, dropped, eventIds } = batch;
    rates.charge(keyId, { spans: spans + rejected.length, bytes: batch.bytesRead });
    // What was refused is noted among the losses, so it goes the same way as what was taken.
    if (spans + scores + rejected.length > 0 || Object.keys(dropped).length > 0) {
      const head = headOf(principal, { batchSource: batch.source, receivedAtMs, capture });
      const { buffer, byteOffset, byteLength } = batch.bytes ?? bytes;
      if (!append(head, Buffer.from(buffer, byteOffset, byteLength))) throw noSpace();
      await flush().catch((cause) => {
        throw notWritten(cause);
      });
    }
    counts.note(projectId, { spans, rejected: rejected.length, dropped });
    return { spans, scores, rejected, eventIds };
  };
}

type Arrival = Pick<BatchHead, 'batchSource' | 'receivedAtMs' | 'capture'>;

function headOf(principal: Principal, arrival: Arrival): BatchHead {
  const { organizationId, projectId, keyId, mode, environment } = principal;
  return { kind: 'batch', organizationId, projectId, keyId, mode, environment, ...arrival };
}

function noSpace(): GatewayError {
  const message =
    'There is no room for more spans on the disk now. Nothing of this batch was kept; try again soon.';
  return new GatewayError('store_unavailable', message, { retryAfterS: 10 });
}

function notWritten(cause: unknown): GatewayError {
  const message = 'The disk did not take the batch. Try again soon; what is sent twice is stored once.';
  return new GatewayError('store_unavailable', message, { retryAfterS: 10, cause });
}

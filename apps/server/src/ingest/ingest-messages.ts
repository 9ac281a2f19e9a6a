import type { ErrorCode } from '@app/protocol';
import type { BatchTask, UnderstoodBatch } from './understand-batch.ts';

/** What the thread is given when it starts. */
export type IngestWorkerData = {
  limits: { batchBytesMax: number; valueCharsMax: number };
  /** Names what stands for a private value; 32 bytes. */
  nameKey: Uint8Array;
};

export type ToIngestWorker = BatchTask;

/** `failed`: nobody foresaw it, and it says nothing of the batch's content. */
export type FromIngestWorker =
  | { kind: 'understood'; batch: UnderstoodBatch }
  | { kind: 'refused'; code: ErrorCode; message: string }
  | { kind: 'failed'; error: string };

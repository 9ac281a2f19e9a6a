import type { Capture } from '@app/gateway';
import { type Batch, type BatchSource, readBatch, writeReceived } from '@app/tracing';
import { cutLongValues } from './cut-long-values.ts';
import { type Encoding, inflateBody } from './inflate-body.ts';
import { keepMetadata } from './keep-metadata.ts';
import { listEventIds } from './list-event-ids.ts';
import { Refused } from './refused.ts';
import { wrapScore } from './wrap-score.ts';

/** In which format a body comes; `own` is either of the two that our own SDKs send. */
export type Wire = 'otlp-json' | 'otlp-protobuf' | 'own' | 'langfuse' | 'langfuse-score';

/** A batch as it came, and what is to become of it. */
export type BatchTask = {
  wire: Wire;
  encoding: Encoding;
  bytes: Uint8Array;
  receivedAtMs: number;
  mode: 'live' | 'test';
  capture: Capture;
  /** Who asks to keep less shall not have an address kept that is taken out of all other batches of the project. */
  mustRedact?: boolean;
  /** Whose it is: names that stand for private values differ between projects. */
  projectId: string;
};

/** A batch that was understood, with bytes that may be kept. */
export type UnderstoodBatch = {
  source: BatchSource;
  /** Decompressed, and without what had to be taken out; none where they are kept as they came. */
  bytes: Uint8Array | undefined;
  /** Bytes that came, decompressed. */
  bytesRead: number;
  spans: number;
  scores: number;
  rejected: Batch['rejected'];
  dropped: Batch['dropped'];
  /** Of a batch of events, the id of each. */
  eventIds: string[];
};

export type UnderstandDeps = {
  limits: { batchBytesMax: number; valueCharsMax: number };
  /** Takes private values out. */
  redact: (batch: Batch, projectId: string) => Batch;
};

/** Decompresses, reads and checks a batch, and takes out what must not be kept. Throws `Refused` when nothing of it can be taken. */
export function understandBatch(task: BatchTask, { limits, redact }: UnderstandDeps): UnderstoodBatch {
  const { wire, capture, receivedAtMs, mode } = task;
  const inflated = inflateBody(task.bytes, task.encoding, limits.batchBytesMax);
  const source = sourceOf(wire, inflated);
  const body = wire === 'langfuse-score' ? wrapScore(inflated, receivedAtMs) : inflated;
  const batch = read(source, body, { receivedAtMs, mode });
  const cut = body.length > limits.valueCharsMax ? cutLongValues(batch, limits.valueCharsMax) : batch;
  const kept = keep(cut, task, redact);
  // Of a batch of which nothing is taken only that is kept, not its bytes.
  const isAsItCame = kept === batch && capture === 'full' && batch.spans.length + batch.scores.length > 0;
  return {
    source: isAsItCame ? source : 'received',
    bytes: !isAsItCame ? writeReceived(kept) : body === task.bytes ? undefined : body,
    bytesRead: inflated.length,
    spans: batch.spans.length,
    scores: batch.scores.length,
    rejected: batch.rejected,
    dropped: batch.dropped,
    eventIds: source === 'langfuse' ? listEventIds(body) : [],
  };
}

function keep(
  batch: Batch,
  { capture, mustRedact = false, projectId }: BatchTask,
  redact: (batch: Batch, projectId: string) => Batch,
): Batch {
  if (capture === 'full') return batch;
  if (capture === 'redacted') return redact(batch, projectId);
  const kept = keepMetadata(batch);
  return mustRedact ? redact(kept, projectId) : kept;
}

function read(source: BatchSource, bytes: Uint8Array, at: { receivedAtMs: number; mode: 'live' | 'test' }) {
  try {
    return readBatch(source, bytes, at);
  } catch (error) {
    if (error instanceof Error && error.name === 'BatchError')
      throw new Refused('invalid_parameter', error.message);
    throw error;
  }
}

function sourceOf(wire: Wire, bytes: Uint8Array): BatchSource {
  if (wire === 'langfuse-score') return 'langfuse';
  if (wire !== 'own') return wire;
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 64)).toString('latin1');
  return EVENTS.test(start) ? 'events' : 'sdk';
}

/** How the tracer's SDKs of version 1 begin; they send nothing else. */
const EVENTS = /^\s*\{\s*"events"\s*:/;

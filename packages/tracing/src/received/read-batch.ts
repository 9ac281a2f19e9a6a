import { readEventsBatch } from './events-batch.ts';
import { readLangfuseBatch } from './langfuse-batch.ts';
import { readOtlpJson } from './otlp-json.ts';
import { readOtlpProtobuf } from './otlp-protobuf.ts';
import { readReceived } from './read-received.ts';
import type { Batch, BatchArrival, BatchSource } from './received-span.ts';
import { readSdkBatch } from './sdk-batch.ts';

/**
 * Understands the bytes of a batch, already decompressed. The same bytes that arrived at the same time always give the same
 * batch. Throws a `BatchError`, whose message is fit for the sender, when the whole is unreadable; one span that is not
 * is named in `rejected` and costs no other.
 */
export function readBatch(source: BatchSource, bytes: Uint8Array, arrival: BatchArrival): Batch {
  return READERS[source](bytes, arrival);
}

const READERS: { [source in BatchSource]: (bytes: Uint8Array, arrival: BatchArrival) => Batch } = {
  'otlp-json': readOtlpJson,
  'otlp-protobuf': readOtlpProtobuf,
  sdk: readSdkBatch,
  events: readEventsBatch,
  langfuse: readLangfuseBatch,
  received: readReceived,
};

import type { Batch } from './received-span.ts';

/** A batch that was understood before and written with `writeReceived`; it was checked then. */
export function readReceived(bytes: Uint8Array): Batch {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
}

/** A batch as bytes that `readReceived` understands. Of what was rejected only how many there were is kept: its sender was told why. */
export function writeReceived(batch: Batch): Buffer {
  const rejected = batch.rejected.map(({ index }) => ({ index, id: undefined, reason: '' }));
  return Buffer.from(JSON.stringify({ ...batch, rejected } satisfies Batch));
}

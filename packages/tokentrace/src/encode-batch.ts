import type { WireBatch } from './wire-span.ts';

/** A batch whose spans and scores are JSON already. */
export type SealedBatch = { spans: string[]; scores: string[] };

export type BatchHead = Omit<WireBatch, 'spans' | 'scores' | 'dropped'>;

export type EncodedBody = { bytes: Uint8Array<ArrayBuffer>; isGzip: boolean };

/** Below this a compressed body saves no packet. */
const GZIP_BYTES_MIN = 1_024;

export function writeBatch(head: BatchHead, batch: SealedBatch, dropped: WireBatch['dropped']): string {
  const start = JSON.stringify({ ...head, ...(dropped && { dropped }) }).slice(0, -1);
  return `${start},"spans":[${batch.spans.join(',')}],"scores":[${batch.scores.join(',')}]}`;
}

/** The bytes of a body, compressed where that pays and the runtime can; it compresses off the event loop. */
export async function encodeBody(text: string): Promise<EncodedBody> {
  const bytes = new TextEncoder().encode(text);
  if (bytes.byteLength < GZIP_BYTES_MIN || typeof CompressionStream === 'undefined')
    return { bytes, isGzip: false };
  try {
    const packed = await new Response(
      new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip')),
    ).arrayBuffer();
    return { bytes: new Uint8Array(packed), isGzip: true };
  } catch {
    return { bytes, isGzip: false };
  }
}

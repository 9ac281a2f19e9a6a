import { findBuiltin } from './host-runtime.ts';
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
  if (bytes.byteLength < GZIP_BYTES_MIN) return { bytes, isGzip: false };
  try {
    return { bytes: await gzip(bytes), isGzip: true };
  } catch {
    return { bytes, isGzip: false };
  }
}

type NodeZlib = {
  gzip(bytes: Uint8Array, done: (error: Error | null, packed: Uint8Array<ArrayBuffer>) => void): void;
};

/** Node's own costs our thread a tenth of what the web's stream costs it. */
async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const zlib = findBuiltin<NodeZlib>('node:zlib');
  if (typeof zlib?.gzip === 'function')
    return new Promise((resolve, reject) => {
      zlib.gzip(bytes, (error, packed) => (error ? reject(error) : resolve(packed)));
    });
  const packing = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packing).arrayBuffer());
}

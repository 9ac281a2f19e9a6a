import { findBuiltin } from './host-runtime.ts';
import type { WireBatch } from './wire-span.ts';

/** A batch whose spans and scores are JSON already. */
export type SealedBatch = { spans: string[]; scores: string[] };

export type BatchHead = Omit<WireBatch, 'spans' | 'scores' | 'dropped'>;

export type Bytes = Uint8Array<ArrayBuffer>;

export type EncodedBody = { bytes: Bytes; isGzip: boolean };

/** Below this a compressed body saves no packet. */
const GZIP_BYTES_MIN = 1_024;

export function writeBatch(head: BatchHead, batch: SealedBatch, dropped: WireBatch['dropped']): string {
  return piecesOf(head, batch, dropped).join('');
}

/** The pieces of the same, in order. */
function piecesOf(head: BatchHead, batch: SealedBatch, dropped: WireBatch['dropped']): string[] {
  const pieces = [JSON.stringify({ ...head, ...(dropped && { dropped }) }).slice(0, -1), ',"spans":['];
  for (const span of batch.spans) pieces.push(span, ',');
  if (batch.spans.length > 0) pieces.pop();
  pieces.push('],"scores":[', batch.scores.join(','), ']}');
  return pieces;
}

/** The bytes of a batch as `writeBatch` writes it, without the text of the whole in between. */
export function encodeBatch(head: BatchHead, batch: SealedBatch, dropped: WireBatch['dropped']): Bytes {
  const pieces = piecesOf(head, batch, dropped);
  const encoder = new TextEncoder();
  const chars = pieces.reduce((sum, piece) => sum + piece.length, 0);
  let bytes: Bytes = new Uint8Array(chars + 64);
  let at = 0;
  for (const piece of pieces) {
    const placed = encoder.encodeInto(piece, bytes.subarray(at));
    let { written } = placed;
    if (placed.read < piece.length) {
      // Letters beyond ASCII take more than one byte, three at most for each that is left.
      bytes = grow(bytes, at + piece.length * 3 + chars);
      ({ written } = encoder.encodeInto(piece, bytes.subarray(at)));
    }
    at += written;
  }
  return bytes.subarray(0, at);
}

function grow(bytes: Bytes, length: number): Bytes {
  const grown = new Uint8Array(length);
  grown.set(bytes);
  return grown;
}

/** A body, compressed where that pays and the runtime can; it compresses off the event loop. */
export async function encodeBody(content: string | Bytes): Promise<EncodedBody> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
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

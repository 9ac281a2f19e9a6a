import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { EngineError } from './engine-error.ts';

/** The body as it was before compression; `deflate` and the rest are not spoken here. */
export function openBody(request: IncomingMessage): Readable {
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return request;
  if (encoding !== 'gzip')
    throw new EngineError(48, 'NOT_IMPLEMENTED', 'Only gzip bodies are supported here.');
  const gunzip = createGunzip();
  request.on('error', (error) => gunzip.destroy(error));
  return request.pipe(gunzip);
}

/** Reads a whole body of SQL. Rejects with an EngineError beyond `bytesMax`. */
export async function readText(body: Readable, bytesMax: number): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of readParts(body)) {
    bytes += part.length;
    if (bytes > bytesMax) throw tooLarge(bytesMax);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/**
 * Cuts a body of rows, one per line, into pieces of at most `pieceBytesMax`, each ending with a whole row. The cuts
 * depend on the bytes alone, not on how they arrived, so that a repeated insert is cut in the same places.
 */
export async function* readRowPieces(
  body: Readable,
  { pieceBytesMax, bytesMax, isCut }: { pieceBytesMax: number; bytesMax: number; isCut: boolean },
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let parts: Buffer[] = [];
  let bytes = 0;
  let total = 0;
  for await (const part of readParts(body)) {
    parts.push(part);
    bytes += part.length;
    total += part.length;
    if (total > bytesMax) throw tooLarge(bytesMax);
    while (bytes > pieceBytesMax) {
      const whole = Buffer.concat(parts);
      const end = isCut ? whole.lastIndexOf(0x0a, pieceBytesMax - 1) + 1 : 0;
      if (end === 0) throw tooLarge(pieceBytesMax);
      yield copy(whole.subarray(0, end));
      parts = [whole.subarray(end)];
      bytes = whole.length - end;
    }
  }
  if (bytes > 0) yield copy(Buffer.concat(parts));
}

/** A copy with memory of its own, which can be handed to another thread. */
function copy(bytes: Buffer): Uint8Array<ArrayBuffer> {
  const own = new Uint8Array(bytes.length);
  own.set(bytes);
  return own;
}

async function* readParts(body: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const part of body) {
      if (Buffer.isBuffer(part)) yield part;
    }
  } catch {
    throw new EngineError(
      354,
      'ZLIB_INFLATE_FAILED',
      'The body cannot be read: it is cut short or not gzip.',
    );
  }
}

const tooLarge = (bytesMax: number) =>
  new EngineError(161, 'TOO_LARGE_BODY', `The body, or a row in it, is larger than ${bytesMax} bytes.`);

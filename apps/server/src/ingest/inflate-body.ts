import { constants, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { Refused } from './refused.ts';

export const ENCODINGS = ['identity', 'gzip', 'deflate', 'zstd'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** A good compressor makes JSON a tenth, and repetition a hundredth; what promises more is meant to fill memory. */
const RATIO_MAX = 200;
/** Up to here any ratio is fine. */
const SMALL_BYTES = 4 * 2 ** 20;
/** 2^25 bytes: what the strongest usual level of zstd asks for. */
const ZSTD_WINDOW_LOG_MAX = 25;

/**
 * The bytes of a body without their compression. Stops as soon as there are more than `bytesMax` of them, or more than
 * a real batch of this size could become. Blocks: for a thread that has nothing else to do.
 */
export function inflateBody(bytes: Uint8Array, encoding: Encoding, bytesMax: number): Uint8Array {
  if (encoding === 'identity') {
    if (bytes.length > bytesMax) throw tooLarge(bytesMax);
    return bytes;
  }
  const byRatio = Math.max(SMALL_BYTES, bytes.length * RATIO_MAX);
  const maxOutputLength = Math.min(bytesMax, byRatio);
  try {
    if (encoding === 'gzip') return gunzipSync(bytes, { maxOutputLength });
    if (encoding === 'deflate') return inflateSync(bytes, { maxOutputLength });
    const params = { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_MAX };
    return zstdDecompressSync(bytes, { maxOutputLength, params });
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxOutputLength);
    throw new Refused('invalid_parameter', `The body is not ${encoding}, or was cut off.`);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function tooLarge(bytesMax: number): Refused {
  return new Refused('body_too_large', `The batch is larger than ${bytesMax} bytes. Send smaller batches.`);
}

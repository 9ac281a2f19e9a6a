import { FRAME_HEAD_BYTES, readFrameHead } from './frame-head.ts';
import {
  HEADER_BYTES,
  isHeaderOf,
  type OpenSegmentCipher,
  openSegmentCipher,
  TAG_BYTES,
} from './segment-cipher.ts';

/** A frame in order. Without `plain` its bytes are not what was written, and only they are lost. */
export type ReadFrame = { index: number; plain: Buffer | undefined };

/**
 * How a segment ended: `whole`; `torn` when the last write did not finish (its record was never acknowledged, so
 * nothing is lost); `damaged` when what follows cannot be told apart any more; `foreign` when another key wrote it.
 */
export type SegmentEnd = 'whole' | 'torn' | 'damaged' | 'foreign';

/** Reads a segment's frames from the bytes of its file. Never throws, whatever the bytes are. */
export function* readSegment(segment: {
  bytes: Buffer;
  id: string;
  key: Buffer;
  openCipher?: OpenSegmentCipher;
}): Generator<ReadFrame, SegmentEnd, undefined> {
  const { bytes, id, key, openCipher = openSegmentCipher } = segment;
  if (bytes.length < HEADER_BYTES) return 'torn';
  const header = bytes.subarray(0, HEADER_BYTES);
  if (!isHeaderOf(key, header)) return isZero(header) ? 'torn' : 'foreign';
  const cipher = openCipher({ key, header, id });
  let offset = HEADER_BYTES;
  for (let index = 0; offset < bytes.length; index += 1) {
    const head = bytes.subarray(offset, offset + FRAME_HEAD_BYTES);
    // A file system that lost power may have grown the file and written nothing into it.
    if (head.length < FRAME_HEAD_BYTES || isZero(head)) return 'torn';
    const length = readFrameHead(head, index);
    if (length === undefined || length < TAG_BYTES) return 'damaged';
    const start = offset + FRAME_HEAD_BYTES;
    offset = start + length;
    if (offset > bytes.length) return 'torn';
    const frame = {
      body: bytes.subarray(start, offset - TAG_BYTES),
      tag: bytes.subarray(offset - TAG_BYTES, offset),
    };
    yield { index, plain: cipher.open(frame, index, head) };
  }
  return 'whole';
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}

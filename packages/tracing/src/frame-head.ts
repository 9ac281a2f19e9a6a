import { crc32 } from 'node:zlib';

export const FRAME_HEAD_BYTES = 8;

/** The head of a frame: length of what follows, and a checksum over that length and the frame's position. */
export function writeFrameHead(length: number, index: number): Buffer {
  const head = Buffer.allocUnsafe(FRAME_HEAD_BYTES);
  head.writeUInt32LE(length, 0);
  head.writeUInt32LE(checksumOf(length, index), 4);
  return head;
}

/** The length of what follows, or nothing when these bytes are not the head of the frame at this position. */
export function readFrameHead(head: Buffer, index: number): number | undefined {
  const length = head.readUInt32LE(0);
  return head.readUInt32LE(4) === checksumOf(length, index) ? length : undefined;
}

function checksumOf(length: number, index: number): number {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeUInt32LE(length, 0);
  bytes.writeUInt32LE(index >>> 0, 4);
  return crc32(bytes);
}

import { closeSync, constants, fsync, openSync, writevSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeFrameHead } from './frame-head.ts';
import { createSegmentHeader, type OpenSegmentCipher, TAG_BYTES } from './segment-cipher.ts';

const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL;

const sync = promisify(fsync);

/** A segment that is being written. */
export type SegmentWriter = {
  id: string;
  createdAtMs: number;
  bytes(): number;
  /** Hands one frame to the kernel in one write. Throws when it did not go in whole; then nothing more may be appended. */
  append(plain: Buffer): void;
  /** Resolves when all that was appended before the call is on the disk. */
  sync(): Promise<void>;
  close(): void;
};

/** Opens a new segment file, readable by its owner alone. */
export function openSegmentWriter(segment: {
  dir: string;
  id: string;
  createdAtMs: number;
  key: Buffer;
  openCipher: OpenSegmentCipher;
}): SegmentWriter {
  const { id, createdAtMs, key } = segment;
  const header = createSegmentHeader(key);
  const cipher = segment.openCipher({ key, header, id });
  const fd = openSync(join(segment.dir, segmentFileOf(id)), FLAGS, 0o600);
  let bytes = 0;
  let records = 0;
  return {
    id,
    createdAtMs,
    bytes: () => bytes,
    append(plain) {
      const head = writeFrameHead(plain.length + TAG_BYTES, records);
      const { body, tag } = cipher.seal(plain, records, head);
      // The header goes with the first frame, so that a segment without a record never exists.
      const chunks = records === 0 ? [header, head, body, tag] : [head, body, tag];
      records += 1;
      bytes += writeWhole(fd, chunks);
    },
    sync: () => sync(fd),
    close: () => closeSync(fd),
  };
}

/** The file of a segment. */
export function segmentFileOf(id: string): string {
  return `${id}.segment`;
}

function writeWhole(fd: number, chunks: Buffer[]): number {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  let written = writevSync(fd, chunks);
  // The kernel writes less only when the disk is full or a limit is met; the second try then says which.
  while (written < length) {
    written += writevSync(fd, [Buffer.concat(chunks).subarray(written)]);
  }
  return length;
}

import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
} from 'node:crypto';

/** Bytes of a segment's header: magic and version (8), id of the key (8), random salt (32). */
export const HEADER_BYTES = 48;
export const TAG_BYTES = 16;

const MAGIC = Buffer.from('TRSPOOL\x01', 'latin1');

/** Encrypts and opens the frames of one segment. `index` is the frame's position and `head` its length and checksum. */
type SegmentCipher = {
  seal(plain: Buffer, index: number, head: Buffer): { body: Buffer; tag: Buffer };
  /** Nothing when the frame is not what was sealed at this position of this segment. */
  open(frame: { body: Buffer; tag: Buffer }, index: number, head: Buffer): Buffer | undefined;
};

export type OpenSegmentCipher = (segment: { key: Buffer; header: Buffer; id: string }) => SegmentCipher;

/**
 * AES-256-GCM under a key of this segment alone.
 *
 * The key is derived (HKDF-SHA-256) from the spool's key, the whole header and the segment's id, so a changed
 * header or a frame of another segment fails to open. The nonce is the frame's position: it is never
 * stored, so frames cannot be swapped, and never repeats under one key, because every segment has a salt of its own.
 */
export const openSegmentCipher: OpenSegmentCipher = ({ key, header, id }) => {
  const info = Buffer.concat([header, Buffer.from(id)]);
  const derived = Buffer.from(hkdfSync('sha256', key, header.subarray(16), info, 36));
  const segmentKey = createSecretKey(derived.subarray(0, 32));
  const nonce = Buffer.alloc(12);
  derived.copy(nonce, 0, 32, 36);
  const nonceOf = (index: number) => {
    nonce.writeUInt32BE(Math.floor(index / 2 ** 32), 4);
    nonce.writeUInt32BE(index >>> 0, 8);
    return nonce;
  };
  return {
    seal(plain, index, head) {
      const cipher = createCipheriv('aes-256-gcm', segmentKey, nonceOf(index));
      cipher.setAAD(head);
      const body = cipher.update(plain);
      cipher.final();
      return { body, tag: cipher.getAuthTag() };
    },
    open({ body, tag }, index, head) {
      const decipher = createDecipheriv('aes-256-gcm', segmentKey, nonceOf(index), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(head);
      decipher.setAuthTag(tag);
      const plain = decipher.update(body);
      try {
        decipher.final();
        return plain;
      } catch {
        return undefined;
      }
    },
  };
};

/** The header of a new segment, with a salt that no other segment has. */
export function createSegmentHeader(key: Buffer): Buffer {
  return Buffer.concat([MAGIC, keyIdOf(key), randomBytes(32)]);
}

/** Says whether this is a header of our format under this key. */
export function isHeaderOf(key: Buffer, header: Buffer): boolean {
  return header.subarray(0, 8).equals(MAGIC) && header.subarray(8, 16).equals(keyIdOf(key));
}

function keyIdOf(key: Buffer): Buffer {
  return createHmac('sha256', key).update('spool key id').digest().subarray(0, 8);
}

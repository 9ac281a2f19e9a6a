export type ByteStore = {
  /** False when `bytes` would exceed the bound; they are then not kept. */
  add(bytes: Uint8Array): boolean;
  whole(): Buffer;
};

/** Bytes of a body until it is complete, at most `bytesMax` of them. */
export function openByteStore(bytesMax: number): ByteStore {
  const pieces: Uint8Array[] = [];
  let length = 0;
  return {
    add(bytes) {
      if (length + bytes.length > bytesMax) return false;
      length += bytes.length;
      pieces.push(bytes);
      return true;
    },
    whole() {
      const [first] = pieces;
      if (first === undefined || pieces.length > 1) return Buffer.concat(pieces, length);
      return Buffer.from(first.buffer, first.byteOffset, first.length);
    },
  };
}

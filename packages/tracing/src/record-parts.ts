/** A record is a small head and the contents it speaks of, which may be large and are kept as they came. */
export type Part = string | Buffer;

/** Bytes that `writeParts` would make of these parts. */
export function measureParts(parts: readonly Part[]): number {
  let bytes = 1 + 4 * parts.length;
  for (const part of parts) bytes += Buffer.byteLength(part);
  return bytes;
}

/** One buffer: how many parts (1 byte), the length of each (4 bytes), then their bytes. At most 255 parts. */
export function writeParts(parts: readonly Part[], bytes = measureParts(parts)): Buffer {
  const record = Buffer.allocUnsafe(bytes);
  record.writeUInt8(parts.length, 0);
  let offset = 1 + 4 * parts.length;
  parts.forEach((part, place) => {
    const length = typeof part === 'string' ? record.write(part, offset, 'utf8') : part.copy(record, offset);
    record.writeUInt32LE(length, 1 + 4 * place);
    offset += length;
  });
  return record;
}

/** The parts as text. Throws when the lengths do not add up to the record. */
export function readParts(record: Buffer): string[] {
  const count = record.readUInt8(0);
  const parts: string[] = [];
  let offset = 1 + 4 * count;
  for (let place = 0; place < count; place += 1) {
    const end = offset + record.readUInt32LE(1 + 4 * place);
    if (end > record.length) throw new Error('A record ends before its parts do.');
    parts.push(record.toString('utf8', offset, end));
    offset = end;
  }
  if (offset !== record.length) throw new Error('A record is longer than its parts.');
  return parts;
}

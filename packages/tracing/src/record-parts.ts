/** A record is a small head and the contents it speaks of, which may be large and are kept as they came. */
export type Part = string | Buffer;

/** Bytes that `writeParts` would make of these parts. */
export function measureParts(parts: readonly Part[]): number {
  let bytes = 1 + 4 * parts.length;
  for (const part of parts) bytes += Buffer.byteLength(part);
  return bytes;
}

/** How many parts (1 byte), the length of each (4 bytes), then their bytes. At most 255 parts. */
export function writeParts(
  parts: readonly Part[],
  bytes = measureParts(parts),
  record: Buffer = Buffer.allocUnsafe(bytes),
): Buffer {
  writeInto(record, 0, parts);
  return record;
}

/** Several records, one behind the other. `bytes` is what all of them measure. */
export function writeRecords(
  records: readonly (readonly Part[])[],
  bytes: number,
  frame: Buffer = Buffer.allocUnsafe(bytes),
): Buffer {
  let offset = 0;
  for (const parts of records) offset = writeInto(frame, offset, parts);
  return frame;
}

/** The parts of each record as text. Throws when the lengths do not add up to the frame. */
export function readRecords(frame: Buffer): string[][] {
  return readRecordBytes(frame).map((parts) => parts.map((part) => part.toString('utf8')));
}

/** The parts of each record as they are: stretches of the frame. Throws as `readRecords` does. */
export function readRecordBytes(frame: Buffer): Buffer[][] {
  const records: Buffer[][] = [];
  let offset = 0;
  do {
    const { parts, end } = readParts(frame, offset);
    records.push(parts);
    offset = end;
  } while (offset < frame.length);
  return records;
}

function writeInto(frame: Buffer, start: number, parts: readonly Part[]): number {
  frame.writeUInt8(parts.length, start);
  let offset = start + 1 + 4 * parts.length;
  parts.forEach((part, place) => {
    const length = typeof part === 'string' ? frame.write(part, offset, 'utf8') : part.copy(frame, offset);
    frame.writeUInt32LE(length, start + 1 + 4 * place);
    offset += length;
  });
  return offset;
}

function readParts(frame: Buffer, start: number): { parts: Buffer[]; end: number } {
  const count = frame.readUInt8(start);
  const parts: Buffer[] = [];
  let offset = start + 1 + 4 * count;
  for (let place = 0; place < count; place += 1) {
    const end = offset + frame.readUInt32LE(start + 1 + 4 * place);
    if (end > frame.length) throw new Error('A record ends before its parts do.');
    parts.push(frame.subarray(offset, end));
    offset = end;
  }
  return { parts, end: offset };
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BatchHead, readSegment } from '@app/tracing';

/** The batches in a spool folder, oldest first, byte for byte. */
export function readBatchRecords(dir: string, key: Buffer): { head: BatchHead; bytes: Buffer }[] {
  const names = readdirSync(dir).filter((name) => name.endsWith('.segment'));
  return names.toSorted().flatMap((name) => {
    const bytes = readFileSync(join(dir, name));
    const frames = [...readSegment({ bytes, id: name.replace('.segment', ''), key })];
    return frames.flatMap(({ plain }) => (plain === undefined ? [] : recordsOf(plain)));
  });
}

/** How many parts, the length of each, then the parts; and so on to the end of the frame. */
function recordsOf(frame: Buffer): { head: BatchHead; bytes: Buffer }[] {
  const records: { head: BatchHead; bytes: Buffer }[] = [];
  for (let at = 0; at < frame.length; ) {
    const count = frame.readUInt8(at);
    const parts: Buffer[] = [];
    let start = at + 1 + 4 * count;
    for (let place = 0; place < count; place += 1) {
      const end = start + frame.readUInt32LE(at + 1 + 4 * place);
      parts.push(frame.subarray(start, end));
      start = end;
    }
    at = start;
    const [head, bytes] = parts;
    if (head && bytes) records.push({ head: JSON.parse(head.toString()), bytes });
  }
  return records;
}

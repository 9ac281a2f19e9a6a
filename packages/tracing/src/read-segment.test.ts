import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFolder, KEY } from '../test/spool-folder.ts';
import { readSegment } from './read-segment.ts';
import { openSegmentCipher } from './segment-cipher.ts';
import { openSegmentWriter, segmentFileOf } from './segment-writer.ts';

const ID = '1760000000000-0000000000000000';

test('a segment cut at any byte reads back as the records before the cut, and nothing else', () => {
  fc.assert(
    fc.property(records(), fc.nat(), (written, place) => {
      const { bytes, ends } = writeSegment(written);
      const cut = place % (bytes.length + 1);
      const { read, end } = readAll(bytes.subarray(0, cut));
      const whole = ends.filter((recordEnd) => recordEnd <= cut).length;
      expect(read).toEqual(written.slice(0, whole));
      expect(end).toBe(ends.includes(cut) ? 'whole' : 'torn');
    }),
    { seed: 1, numRuns: 150 },
  );
});

test('no flipped bit anywhere in a segment ever gives a record that was not written at that place', () => {
  fc.assert(
    fc.property(records(), fc.nat(), fc.integer({ min: 0, max: 7 }), (written, place, bit) => {
      const { bytes } = writeSegment(written);
      const flipped = place % bytes.length;
      bytes.writeUInt8(bytes.readUInt8(flipped) ^ (1 << bit), flipped);
      const { frames, end } = readAll(bytes);
      for (const { index, plain } of frames) {
        if (plain !== undefined) expect(plain.equals(written[index] ?? Buffer.from('none'))).toBe(true);
      }
      expect(frames.some((frame) => frame.plain === undefined) || end !== 'whole').toBe(true);
    }),
    { seed: 2, numRuns: 300 },
  );
});

test('a flipped bit inside a record costs that record and no other', () => {
  const written = [Buffer.from('first'), Buffer.from('second'), Buffer.from('third')];
  const { bytes, ends } = writeSegment(written);
  const inSecond = (ends[0] ?? 0) + 10;
  bytes.writeUInt8(bytes.readUInt8(inSecond) ^ 1, inSecond);
  const { frames, end } = readAll(bytes);
  expect(frames.map(({ plain }) => plain?.toString())).toEqual(['first', undefined, 'third']);
  expect(end).toBe('whole');
});

test('records of equal length cannot change places, nor move to another segment or another name', () => {
  const written = [Buffer.from('aaaa'), Buffer.from('bbbb')];
  const one = writeSegment(written);
  const [first = 0, second = 0] = one.ends;
  const swapped = Buffer.concat([
    one.bytes.subarray(0, 48),
    one.bytes.subarray(first, second),
    one.bytes.subarray(48, first),
  ]);
  expect(readAll(swapped).read).toEqual([]);
  const other = writeSegment(written);
  const spliced = Buffer.concat([one.bytes.subarray(0, first), other.bytes.subarray(first)]);
  expect(readAll(spliced).read).toEqual([Buffer.from('aaaa')]);
  const renamed = [...readSegment({ bytes: one.bytes, id: ID.replace('-0', '-1'), key: KEY })];
  expect(renamed.map(({ plain }) => plain)).toEqual([undefined, undefined]);
});

test('an end that a loss of power filled with zeros is a torn end, not damage', () => {
  const { bytes } = writeSegment([Buffer.from('kept')]);
  const { read, end } = readAll(Buffer.concat([bytes, Buffer.alloc(4096)]));
  expect(read).toEqual([Buffer.from('kept')]);
  expect(end).toBe('torn');
});

test('a segment of another key is told apart from a damaged one', () => {
  const { bytes } = writeSegment([Buffer.from('theirs')]);
  const frames = readSegment({ bytes, id: ID, key: Buffer.alloc(32, 7) });
  expect(frames.next()).toEqual({ done: true, value: 'foreign' });
});

test('the same record written twice looks different on the disk each time', () => {
  const record = Buffer.from('the same words again and again');
  const { bytes, ends } = writeSegment([record, record]);
  const [first = 0, second = 0] = ends;
  expect(bytes.subarray(56, first).equals(bytes.subarray(first + 8, second))).toBe(false);
  expect(writeSegment([record]).bytes.subarray(56).equals(bytes.subarray(56, first))).toBe(false);
});

function records() {
  return fc.array(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    { minLength: 1, maxLength: 8 },
  );
}

/** A segment's bytes and the offset at which each record ends. */
function writeSegment(written: Buffer[]) {
  const dir = createFolder();
  const writer = openSegmentWriter({ dir, id: ID, createdAtMs: 0, key: KEY, openCipher: openSegmentCipher });
  const ends = written.map((record) => {
    writer.append(record);
    return writer.bytes();
  });
  writer.close();
  return { bytes: readFileSync(join(dir, segmentFileOf(ID))), ends };
}

function readAll(bytes: Buffer) {
  const reader = readSegment({ bytes, id: ID, key: KEY });
  const frames = [];
  let step = reader.next();
  for (; !step.done; step = reader.next()) frames.push(step.value);
  return { frames, read: frames.flatMap(({ plain }) => plain ?? []), end: step.value };
}

import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createFolder, createSpool, KEY, listSegmentFiles, readFolder } from '../test/spool-folder.ts';
import type { OpenSegmentCipher } from './segment-cipher.ts';

const CANARY = 'canary-4f7d-never-in-the-clear';

test('an acknowledged record is in the file before append returns', () => {
  const { dir, spool } = createSpool();
  for (const record of ['one', 'two', 'three']) {
    expect(spool.append(record)).toBe(true);
    expect(readFolder(dir).at(-1)).toBe(record);
  }
  expect(readFolder(dir)).toEqual(['one', 'two', 'three']);
});

test('a segment ends when it is full or old, never while it is empty', () => {
  const { dir, spool, time } = createSpool({ limits: { segmentBytesMax: 1000, segmentAgeMsMax: 400 } });
  time.pass(10_000);
  expect(listSegmentFiles(dir)).toEqual([]);
  spool.append('young');
  time.pass(399);
  expect(spool.listSealed()).toHaveLength(0);
  time.pass(1);
  expect(spool.listSealed()).toHaveLength(1);
  spool.append('x'.repeat(1000));
  expect(spool.listSealed()).toHaveLength(2);
});

test('age ends no segment while the loader is far behind, and does again when it has caught up', async () => {
  const { spool, time } = createSpool({ limits: { backlogSegmentsMax: 2 } });
  for (const record of ['a', 'b', 'c', 'd']) {
    spool.append(record);
    time.pass(400);
  }
  expect(spool.listSealed()).toHaveLength(2);
  for (const segment of spool.listSealed()) await spool.remove(segment.id);
  time.pass(400);
  expect(spool.listSealed()).toHaveLength(1);
});

test('a new process picks up what an earlier one left and writes to a segment of its own', async () => {
  const first = createSpool();
  first.spool.append('left behind');
  await first.spool.close();
  const { dir, spool } = createSpool({ dir: first.dir });
  spool.append('new');
  expect(spool.listSealed()).toHaveLength(1);
  expect(spool.stats().segments).toBe(2);
  expect(readFolder(dir).sort()).toEqual(['left behind', 'new']);
});

test('when space is short contents go first, then records, and each drop is counted and told', () => {
  const dropped: string[] = [];
  const { dir, spool } = createSpool({
    limits: { bytesMax: 20_000, segmentBytesMax: 5_000 },
    onDrop: (kind) => dropped.push(kind),
  });
  const kept: boolean[] = [];
  for (let call = 0; call < 300; call += 1)
    kept.push(spool.append(`{"call":${call}}`.padEnd(100), ['c'.repeat(900)]));
  const { droppedContents, droppedRecords, appendedRecords, bytes } = spool.stats();
  expect(bytes).toBeLessThanOrEqual(20_000);
  expect(droppedContents).toBeGreaterThan(5);
  expect(droppedRecords).toBe(300 - appendedRecords);
  expect(kept.filter((isKept) => !isKept)).toHaveLength(droppedRecords);
  expect(dropped.filter((kind) => kind === 'content')).toHaveLength(droppedContents);
  expect(dropped.lastIndexOf('content')).toBeLessThan(dropped.indexOf('record'));
  expect(readFolder(dir)).toHaveLength(appendedRecords);
  expect(statBytes(dir)).toBe(bytes);
});

test('space that the loader gave back is used again at once', async () => {
  const { spool } = createSpool({ limits: { bytesMax: 4_000, segmentBytesMax: 1_000 } });
  while (spool.append('r'.repeat(300)));
  for (const segment of spool.listSealed()) await spool.remove(segment.id);
  expect(spool.append('r'.repeat(300))).toBe(true);
});

test('a record too large for the spool does not stop the next one', () => {
  const { dir, spool } = createSpool({ limits: { recordBytesMax: 1_000 } });
  expect(spool.append('head', ['x'.repeat(2_000)])).toBe(true);
  expect(spool.append('x'.repeat(2_000))).toBe(false);
  expect(spool.append('next')).toBe(true);
  expect(readFolder(dir)).toEqual(['head', 'next']);
  expect(spool.stats()).toMatchObject({ droppedContents: 1, droppedRecords: 1 });
});

test('a disk that refuses costs records, which are counted, and is tried again a second later', () => {
  const { dir, spool, time, log } = createSpool();
  rmSync(dir, { recursive: true });
  expect(spool.append('refused')).toBe(false);
  expect(spool.append('not tried')).toBe(false);
  expect(log.lines).toHaveLength(1);
  mkdirSync(dir);
  time.pass(1_000);
  expect(spool.append('taken')).toBe(true);
  expect(readFolder(dir)).toEqual(['taken']);
  expect(spool.stats().droppedRecords).toBe(2);
});

test('files and folders of the spool are for their owner alone', () => {
  const dir = join(createFolder(), 'spool');
  const { spool } = createSpool({ dir });
  spool.append('private');
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  for (const name of listSegmentFiles(dir)) expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
  expect(statSync(join(dir, 'quarantine')).mode & 0o777).toBe(0o700);
});

test('a folder that others could read is closed to them when the spool opens', () => {
  const dir = createFolder();
  chmodSync(dir, 0o755);
  createSpool({ dir });
  expect(statSync(dir).mode & 0o777).toBe(0o700);
});

test('nothing of a record can be found in the spool folder, and without encryption the same search finds it', () => {
  const encrypted = createSpool();
  encrypted.spool.append(`{"user":"${CANARY}"}`, [CANARY]);
  expect(search(encrypted.dir, CANARY)).toBe(0);
  const clear = createSpool({ openCipher: withoutEncryption });
  clear.spool.append(`{"user":"${CANARY}"}`, [CANARY]);
  expect(search(clear.dir, CANARY)).toBe(2);
});

test('what cannot be loaded is set aside still encrypted, and the oldest goes when the quarantine is full', () => {
  const { dir, spool } = createSpool({ limits: { segmentBytesMax: 500, quarantineBytesMax: 1_500 } });
  for (let record = 0; record < 5; record += 1) spool.append('p'.repeat(600));
  for (const segment of spool.listSealed()) spool.setAside(segment.id);
  expect(spool.listSealed()).toHaveLength(0);
  expect(readdirSync(join(dir, 'quarantine'))).toHaveLength(2);
  expect(spool.stats().bytes).toBe(0);
});

test('the age of the oldest record tells how far the loader is behind', () => {
  const { spool, time } = createSpool();
  expect(spool.stats().oldestAgeMs).toBe(0);
  spool.append('waiting');
  time.pass(1_234);
  expect(spool.stats().oldestAgeMs).toBe(1_234);
});

test('flushing is for all at once, and a sealed segment is closed when it is on the disk', async () => {
  const { dir, spool } = createSpool({ limits: { segmentBytesMax: 1_000 } });
  for (let record = 0; record < 20; record += 1) spool.append('f'.repeat(400));
  expect(listOpenFiles(dir).length).toBeGreaterThan(5);
  await Promise.all(Array.from({ length: 50 }, () => spool.flush()));
  spool.seal();
  expect(listOpenFiles(dir)).toEqual([]);
  await spool.flush();
});

test('what was appended is brought to the disk within the time set, though nobody asks', async () => {
  const { dir, spool, time } = createSpool({ limits: { syncEveryMs: 100 } });
  spool.append('quiet');
  spool.seal();
  expect(listOpenFiles(dir)).toHaveLength(1);
  time.pass(100);
  await vi.waitFor(() => expect(listOpenFiles(dir)).toEqual([]), { timeout: 15_000 });
});

test('files of others in the folder are left alone', () => {
  const dir = createFolder();
  writeFileSync(join(dir, 'notes.txt'), 'mine');
  createSpool({ dir });
  expect(readFileSync(join(dir, 'notes.txt'), 'utf8')).toBe('mine');
});

test('a key of the wrong length is refused at the start', () => {
  expect(() => createSpool({ key: KEY.subarray(1) })).toThrow('32 bytes');
});

const withoutEncryption: OpenSegmentCipher = () => ({
  seal: (plain) => ({ body: plain, tag: Buffer.alloc(16) }),
  open: ({ body }) => body,
});

/** The segment files of this folder that this process holds open. */
function listOpenFiles(dir: string): string[] {
  const links = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  });
  return links.filter((link) => link.startsWith(dir) && link.endsWith('.segment'));
}

function search(dir: string, text: string): number {
  const found = listSegmentFiles(dir).map(
    (name) => readFileSync(join(dir, name), 'latin1').split(text).length - 1,
  );
  return found.reduce((sum, count) => sum + count, 0);
}

function statBytes(dir: string): number {
  return listSegmentFiles(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
}

test('a record that must be kept whole is kept whole or not at all, and is not counted as lost', () => {
  const { dir, spool } = createSpool({ limits: { bytesMax: 5_000 } });
  const answers: boolean[] = [];
  for (let batch = 0; batch < 8; batch += 1) answers.push(spool.appendWhole('{}', ['c'.repeat(900)]));
  const kept = answers.filter((isKept) => isKept).length;
  expect(kept).toBe(4);
  expect(answers.lastIndexOf(true)).toBeLessThan(answers.indexOf(false));
  expect(readFolder(dir)).toEqual(Array(kept).fill('{}'));
  expect(spool.stats()).toMatchObject({ appendedRecords: kept, droppedRecords: 0, droppedContents: 0 });
  // What is left of the space is for calls.
  expect(spool.append('{"call":1}')).toBe(true);
});

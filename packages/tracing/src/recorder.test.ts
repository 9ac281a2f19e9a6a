import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeCall } from '../test/make-call.ts';
import { createSpool, listSegmentFiles, readFolder } from '../test/spool-folder.ts';
import { createRecorder } from './recorder.ts';
import type { SpoolOptions } from './spool.ts';

test('calls of one turn wait for its end, and each hears of it after all of them are written', () => {
  const { dir, recorder, told, endTurn } = createTurns();
  for (const number of [1, 2, 3])
    recorder.recordSoon(makeCall(number), () => told.push([number, readFolder(dir).length]));
  expect(told).toEqual([]);
  expect(listSegmentFiles(dir)).toEqual([]);
  endTurn();
  expect(told).toEqual([
    [1, 3],
    [2, 3],
    [3, 3],
  ]);
  expect(requestIdsIn(dir)).toEqual(['req_1', 'req_2', 'req_3']);
});

test('a turn without end is written as soon as many calls wait', () => {
  const { recorder, told } = createTurns();
  for (let number = 1; number <= 64; number += 1)
    recorder.recordSoon(makeCall(number), () => told.push([number, 0]));
  expect(told).toHaveLength(64);
});

test('one whose answer fails keeps no other call of its turn from its own', () => {
  const { recorder, log, told, endTurn } = createTurns();
  recorder.recordSoon(makeCall(1), () => {
    throw new Error('The caller is gone.');
  });
  recorder.recordSoon(makeCall(2), () => told.push([2, 0]));
  endTurn();
  expect(told).toEqual([[2, 0]]);
  expect(recorder.failedCalls()).toBe(1);
  expect(log.lines).toHaveLength(1);
});

test('a disk that refuses a whole turn costs each of its calls, and all of them are answered', () => {
  const { dir, spool, recorder, told, endTurn } = createTurns();
  rmSync(dir, { recursive: true });
  for (const number of [1, 2, 3]) recorder.recordSoon(makeCall(number), () => told.push([number, 0]));
  endTurn();
  expect(told).toHaveLength(3);
  expect(spool.stats()).toMatchObject({ appendedRecords: 0, droppedRecords: 3 });
});

test('when a whole turn does not fit, contents go first, and every call is kept or counted', () => {
  const { dir, spool, recorder, endTurn } = createTurns({ limits: { bytesMax: 12_000 } });
  const request = JSON.stringify({ messages: ['x'.repeat(3_000)] });
  for (const number of [1, 2, 3, 4, 5]) recorder.recordSoon(makeCall(number, { request }), () => {});
  endTurn();
  const { appendedRecords, droppedRecords, droppedContents, bytes } = spool.stats();
  expect(bytes).toBeLessThanOrEqual(12_000);
  expect(appendedRecords + droppedRecords).toBe(5);
  expect(droppedContents).toBeGreaterThan(0);
  expect(readFolder(dir)).toHaveLength(appendedRecords);
});

test('what waits when the server stops is written by a flush, once', () => {
  const { dir, recorder, endTurn } = createTurns();
  recorder.recordSoon(makeCall(1), () => {});
  recorder.flush();
  endTurn();
  expect(requestIdsIn(dir)).toEqual(['req_1']);
});

/** A recorder whose turns end when they are told to. */
function createTurns(options: Partial<SpoolOptions> = {}) {
  const opened = createSpool(options);
  let endTurn = () => {};
  const recorder = createRecorder({
    ...opened,
    atTurnEnd: (run) => {
      endTurn = run;
    },
  });
  const told: [number: number, written: number][] = [];
  return { ...opened, recorder, told, endTurn: () => endTurn() };
}

function requestIdsIn(dir: string): unknown[] {
  return readFolder(dir).map((head) => JSON.parse(head).requestId);
}
